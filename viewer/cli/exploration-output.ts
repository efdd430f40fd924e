import type { ExplorationReport } from "../../scenarios/explore/report.js";
import { explorationText } from "../reporters/exploration.js";
import { wantsColor } from "./color.js";
import { EXIT } from "./exit.js";

/** How a report is wanted, and what besides the topology `replay` must be told to play its tokens. */
export interface ExplorationFlags {
  readonly topology?: string;
  readonly set: readonly string[];
  readonly engine: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** Prints what was found; returns the verdict's exit code. */
export function printExploration(report: ExplorationReport, flags: ExplorationFlags): number {
  const { json, quiet = false, verbose = false, set, engine } = flags;
  const ground = { file: report.topology.file, set, engine };
  const code = { pass: EXIT.pass, fail: EXIT.broken, unknown: EXIT.unknown }[report.verdict];
  // Set before anything is written: a reader that closes the pipe early still leaves the verdict's exit code.
  process.exitCode = code;
  const color = wantsColor(process.stdout, flags.color !== false);
  process.stdout.write(
    json ? `${JSON.stringify(report, null, 2)}\n` : explorationText(report, { color, verbose, quiet, ground }),
  );
  return code;
}
