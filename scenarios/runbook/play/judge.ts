import { outageMs } from "../../../model/promises/index.js";
import type { VerdictKind } from "../../../model/verdict/types.js";
import { assumptionsOf } from "../../runner/assumptions.js";
import type { SettledTwin } from "../../runner/prepare.js";
import type { Runbook } from "../page/runbook.js";
import { promiseResults } from "./promise-results.js";
import type { PlayedStep, Problem, RunbookResult } from "./result.js";
import type { Session } from "./session.js";

export interface Played {
  readonly runbook: Runbook;
  readonly settled: SettledTwin;
  readonly session: Session;
  readonly steps: readonly PlayedStep[];
  readonly end: readonly Problem[];
  readonly durationMs: number;
  readonly differences: readonly string[];
}

/**
 * pass, fail or unknown. Harm and broken promises fail whatever else is not known. A step that failed behind one that is
 * not modelled may fail for that alone: unknown. A pass needs every step played, nothing left out and the end as promised.
 */
export function judged(played: Played): RunbookResult {
  const { runbook, settled, session, steps, end, durationMs, differences } = played;
  const { handle, seed } = session;
  const { twin, run } = handle;
  const unknowns = [
    ...settled.problems.map((text) => `before the first step: ${text}`),
    ...steps.flatMap(({ line, notModelled }) => notModelled.map((text) => `line ${line}: not modelled: ${text}`)),
    ...(handle.bound === undefined ? [] : [`a bound was reached: ${handle.bound}`]),
    ...(steps.length === 0 ? ["there is no step to be played"] : []),
  ];
  const firstUnknown = steps.findIndex(({ notModelled }) => notModelled.length > 0);
  const isCertain = (step: PlayedStep, i: number) =>
    step.problems.some(({ kind }) => kind === "harm" || kind === "promise") ||
    (step.problems.length > 0 && (firstUnknown < 0 || i < firstUnknown));
  const failed =
    steps.find(isCertain) ?? (unknowns.length === 0 ? steps.find(({ problems }) => problems.length > 0) : undefined);
  const verdict: VerdictKind =
    failed || (end.length > 0 && unknowns.length === 0) ? "fail" : unknowns.length > 0 ? "unknown" : "pass";
  const outagesMs: Record<string, number> = {};
  for (const [name, cell] of twin.promises.outages) {
    const ms = outageMs(run.get(cell), run.nowMs);
    if (ms > 0) outagesMs[name] = ms;
  }
  return {
    version: 1,
    name: runbook.name,
    title: runbook.title,
    file: runbook.file,
    topology: twin.topology.name,
    seed,
    verdict,
    because: reason(verdict, failed, end, unknowns, steps),
    steps,
    end,
    outagesMs: Object.fromEntries(Object.entries(outagesMs).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
    durationMs,
    settleMs: run.nowMs - session.firstMs - durationMs,
    beforeMs: session.firstMs - handle.startMs,
    promises: promiseResults(session, settled.problems, end),
    interfaces: Object.fromEntries(
      [...handle.interfaces].sort().map(([name, commands]) => [name, [...commands].sort()]),
    ),
    differences,
    unknowns,
    assumptions: assumptionsOf(twin, run, { settings: runbook.front.settings }),
  };
}

function reason(
  verdict: VerdictKind,
  failed: PlayedStep | undefined,
  end: readonly Problem[],
  unknowns: readonly string[],
  steps: readonly PlayedStep[],
): string {
  if (verdict === "unknown") return unknowns[0]!;
  if (failed) {
    const worst = failed.problems.find(({ kind }) => kind === "harm" || kind === "promise") ?? failed.problems[0]!;
    return `step ${steps.indexOf(failed) + 1} (line ${worst.line}): ${worst.text}`;
  }
  if (end[0]) return `line ${end[0].line}: ${end[0].text}`;
  return `${steps.length} steps were possible when they came and did what the page says`;
}
