import type { PromiseResult, RunRecord, Verdict } from "../../model/verdict/types.js";
import type { PageRecorder } from "../page/recording.js";

/** How a run is told: a pure function from its record to the text of one output. */
export interface Reporter {
  readonly name: string;
  /** Where it is written when --output-file names nothing; undefined: standard output. */
  readonly defaultFile?: string;
  render(record: RunRecord, context: ReportContext): string;
}

export interface ReportContext {
  /** Colours, for the terminal reporter. */
  readonly color: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** Who looked on while the run was played, for the html reporter. */
  readonly recorder?: PageRecorder;
}

/** What a verdict counts as, waivers and findings included. */
export type Standing = "pass" | "finding" | "fail" | "unknown" | "waived";

export function standingOf(verdict: Pick<Verdict, "verdict" | "finding" | "waived">): Standing {
  if (verdict.waived && verdict.verdict !== "pass") return "waived";
  if (verdict.verdict === "pass") return verdict.finding ? "finding" : "pass";
  return verdict.verdict;
}

export function countStandings(record: RunRecord): Record<Standing, number> {
  const counts: Record<Standing, number> = { pass: 0, finding: 0, fail: 0, unknown: 0, waived: 0 };
  for (const { verdict } of record.scenarios) counts[standingOf(verdict)]++;
  return counts;
}

/** The exit code of a run: 1 where a promise was broken, else 3 where something is not known or nothing ran, else 0. */
export function exitCodeOf(record: RunRecord): 0 | 1 | 3 {
  const counts = countStandings(record);
  if (counts.fail > 0) return 1;
  if (counts.unknown > 0 || record.scenarios.length === 0) return 3;
  return 0;
}

/** Promises that did not hold, first broken first; a safety promise that was never at stake is no trouble. */
export function brokenPromises(verdict: Verdict): PromiseResult[] {
  return verdict.promises
    .filter(({ kind, status }) => status === "broken" || (status === "not-exercised" && kind !== "always"))
    .sort((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity));
}

/** Every promise: those in trouble first, then what was kept, then what was never at stake. */
export function promisesInOrder(verdict: Verdict): readonly PromiseResult[] {
  const broken = brokenPromises(verdict);
  const kept = verdict.promises.filter(({ status }) => status === "kept");
  const rest = verdict.promises.filter((promise) => promise.status !== "kept" && !broken.includes(promise));
  return [...broken, ...kept, ...rest];
}

export function statusText({ status }: PromiseResult): string {
  return status === "not-exercised" ? "not put to the test" : status;
}

/** The thing to ask `fencepost why` about a verdict, and when: what its first broken promise is about, else the longest outage. */
export function questionOf(verdict: Verdict): { readonly subject: string; readonly atMs?: number } | undefined {
  for (const { name, status, atMs } of brokenPromises(verdict)) {
    if (status !== "broken") continue;
    const served = /^served\/(.+)$/.exec(name)?.[1];
    if (served !== undefined) return { subject: served };
    const condition = /^within\/\d+ (\S+)/.exec(name)?.[1];
    const when = atMs === undefined ? {} : { atMs };
    if (condition?.includes("/")) return { subject: condition, ...when };
    const out = Object.keys(verdict.outagesMs)[0];
    if (out !== undefined) return { subject: out, ...when };
  }
  const out = Object.keys(verdict.outagesMs)[0];
  return out === undefined ? undefined : { subject: out };
}
