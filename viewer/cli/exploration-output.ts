import type { ExplorationReport } from "../../scenarios/explore/report.js";
import { explorationText } from "../reporters/exploration.js";
import { wantsColor } from "./color.js";
import { EXIT } from "./exit.js";

/** How a report is wanted, and what `replay` must be told to play its tokens. */
export interface ExplorationFlags {
  readonly topology?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** Prints what was found; returns the verdict's exit code. */
export function printExploration(report: ExplorationReport, flags: ExplorationFlags): number {
  const { json, quiet = false, verbose = false } = flags;
  const code = { pass: EXIT.pass, fail: EXIT.broken, unknown: EXIT.unknown }[report.verdict];
  // Set before anything is written: a reader that closes the pipe early still leaves the verdict's exit code.
  process.exitCode = code;
  const color = wantsColor(process.stdout, flags.color !== false);
  process.stdout.write(
    json
      ? `${JSON.stringify(report, null, 2)}\n`
      : explorationText(report, { color, verbose, quiet, replayOptions: replayOptions(flags) }),
  );
  return code;
}

/** A token is refused on another topology: what `replay` must be told besides, ready for a shell. */
function replayOptions({ topology, set }: ExplorationFlags): string {
  const words = [...(topology === undefined ? [] : ["-t", topology]), ...set.flatMap((edit) => ["--set", edit])];
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .map((word) => ` ${word}`)
    .join("");
}
