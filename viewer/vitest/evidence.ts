import type { TraceEntry } from "../../model/kernel/index.js";
import type { Played } from "../../scenarios/library/run.js";
import { replayCommand } from "../text/replay-command.js";
import { entryLine } from "../why/tell.js";

const LINES_MAX = 40;

/** What a person wants to read of a run that is not as expected: its timeline, why, and how to play it again. */
export function evidenceOf({ trace, verdict, topology, scenario }: Played): string {
  const told = trace.filter(isTold);
  const shown = told.slice(0, LINES_MAX).map(entryLine);
  if (told.length > shown.length) shown.push(`… ${told.length - shown.length} more entries`);
  return [
    "timeline",
    ...shown.map((line) => `  ${line}`),
    "",
    `verdict  ${verdict.verdict}: ${verdict.because}`,
    `replay   ${replayCommand(verdict.replay, { file: topology.file, set: scenario.set })}`,
  ].join("\n");
}

/** Steps and what came of them; the states in between are many, and `replay --trace` prints them all. */
const TOLD: ReadonlySet<TraceEntry["kind"]> = new Set([
  "fault",
  "heal",
  "operator",
  "decision",
  "action",
  "fence",
  "service",
  "promise",
]);

function isTold({ kind }: TraceEntry): boolean {
  return TOLD.has(kind);
}
