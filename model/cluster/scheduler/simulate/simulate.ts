import { parseDate, printDate } from "../../cib/dates.js";
import type { Cib } from "../../cib/types.js";
import type { Decision, Scheduler } from "../interface.js";
import { Lines, type TextStyle } from "../print/lines.js";
import { printScores } from "../print/scores.js";
import { printDisabled, printMaintenance, printStatus } from "../print/status.js";
import type { ClusterState } from "../state/state.js";
import { unpack } from "../unpack/unpack.js";
import { execute } from "./execute.js";
import { type Injections, inject } from "./inject.js";
import type { OperationSpec } from "./operation-spec.js";

export interface SimulateOptions {
  /** Seconds since the epoch, for a CIB that carries no date of its own. */
  readonly nowEpochSeconds: number;
  /** `--set-datetime` as written; goes before the CIB's own date. */
  readonly setDatetime?: string;
  readonly injections?: Injections;
  readonly fail?: readonly OperationSpec[];
  readonly showScores?: boolean;
  /** The decision's actions have all the attributes of a saved graph. */
  readonly wholeGraph?: boolean;
  /** Defaults to what the program does: headings and bullets, unless scores are shown. */
  readonly style?: TextStyle;
}

/** What a simulation shows: the text of `crm_simulate -S`, and what it was made from. */
export interface Simulation {
  readonly text: string;
  /** The CIB with the injections, that was decided upon. */
  readonly input: Cib;
  readonly before: ClusterState;
  readonly decision: Decision;
  readonly injected: readonly string[];
  readonly executed: readonly string[];
  readonly output: Cib;
  readonly after: ClusterState;
}

/** Decides on a CIB, executes the decision at once and prints both states around it. */
export function simulate(cib: Cib, scheduler: Scheduler, options: SimulateOptions): Simulation {
  const { now, line } = effectiveTime(cib, options);
  const shown = unpack(cib, now);
  const what = options.injections ?? {};
  const injected = inject(cib, shown, what, options.nowEpochSeconds);
  const input = injected.cib;
  const decision = scheduler.decide(input, {
    nowEpochSeconds: now,
    withScores: options.showScores === true,
    wholeGraph: options.wholeGraph === true,
  });
  const before = input === cib || injected.lines.length === 0 ? shown : unpack(input, now);
  const execution = execute(input, decision, before, {
    nowEpochSeconds: options.nowEpochSeconds,
    ...(options.fail ? { fail: options.fail } : {}),
  });
  const after = unpack(execution.cib, now);
  const style = options.style ?? (options.showScores ? "plain" : "fancy");
  const parts = [line, printMaintenance(shown), prefixed(printDisabled(shown))];
  parts.push(printStatus(shown, "Current cluster status:", { style }), "\n");
  // The date is told again wherever the CIB is read anew.
  const section = (heading: string, lines: readonly string[]) => sectionText(heading, lines, style);
  if (injected.lines.length > 0) parts.push(section("Performing Requested Modifications:", injected.lines), line, "\n");
  if (options.showScores) parts.push(printScores(decision, style), "\n");
  parts.push(section("Transition Summary:", decision.summary), "\n");
  parts.push(section("Executing Cluster Transition:", execution.lines), line, "\n");
  parts.push(printStatus(after, "Revised Cluster Status:", { pending: false, style }));
  return {
    text: parts.join(""),
    input,
    before,
    decision,
    injected: injected.lines,
    executed: execution.lines.map((l) => l.replace("\u0000", "")),
    output: execution.cib,
    after,
  };
}

function prefixed(header: string): string {
  return header === "" ? "" : `${header}\n`;
}

/** Lines under a heading; one that begins with NUL stands without bullet. */
function sectionText(heading: string, lines: readonly string[], style: TextStyle): string {
  const text = new Lines({ style });
  if (style === "fancy") text.raw(heading);
  for (const line of lines) {
    if (line.startsWith("\u0000")) text.raw(line.slice(1));
    else text.add(1, line);
  }
  return text.toString();
}

function effectiveTime(cib: Cib, options: SimulateOptions): { now: number; line: string } {
  if (options.setDatetime !== undefined) {
    const now = parseDate(options.setDatetime, options.nowEpochSeconds);
    if (now !== undefined) return { now, line: `Setting effective cluster time: ${options.setDatetime}\n` };
  }
  const written = cib.attrs["execution-date"];
  const original = written === undefined ? Number.NaN : Number.parseInt(written, 10);
  if (!Number.isNaN(original) && options.setDatetime === undefined) {
    return { now: original, line: `Using the original execution date of: ${printDate(original)}\n` };
  }
  return { now: options.nowEpochSeconds, line: "" };
}
