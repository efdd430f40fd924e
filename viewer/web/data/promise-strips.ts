import type { PromiseData } from "../../page/page-data.js";
import type { RunView } from "./run-view.js";

export type Standing = "kept" | "broken" | "at-risk" | "idle";

export interface Strip {
  readonly promise: PromiseData;
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number; readonly standing: Standing }[];
}

/**
 * Each promise along the run: kept, broken from the moment it broke, or at risk. A deadline is at risk from the first
 * fault until it is met or passes; an outage's budget while its service is out; the steady state while something is out.
 */
export function promiseStrips(view: RunView): readonly Strip[] {
  const { run } = view;
  const firstFaultMs = view.faults[0]?.atMs ?? 0;
  return run.promises.map((promise): Strip => {
    const { kind, status, name } = promise;
    const marks: [number, Standing][] = [[0, status === "not-exercised" ? "idle" : "kept"]];
    if (kind === "within" && status !== "not-exercised") {
      marks.push([firstFaultMs, "at-risk"]);
      if (promise.atMs !== undefined) marks.push([promise.atMs, status === "broken" ? "broken" : "kept"]);
    } else if (kind === "served" || name === "steady/after") {
      const subject = name.replace(/^served\//, "");
      const outages = view.outages.filter((outage) => kind !== "served" || outage.subject === subject);
      for (const { fromMs, toMs, open } of outages) {
        marks.push([fromMs, "at-risk"]);
        if (!open) marks.push([toMs, "kept"]);
      }
      if (status === "broken") marks.push([brokenAt(promise, outages, run.endMs), "broken"]);
    } else if (status === "broken") marks.push([promise.atMs ?? 0, "broken"]);
    return { promise, spans: spansOf(marks, run.endMs) };
  });
}

/** A budget breaks when the outages together have used it up; where it is not known, with the end of the last. */
function brokenAt(
  { kind, budgetMs, atMs }: PromiseData,
  outages: readonly { readonly fromMs: number; readonly toMs: number }[],
  endMs: number,
): number {
  if (kind !== "served") return atMs ?? endMs;
  let leftMs = budgetMs ?? Number.POSITIVE_INFINITY;
  for (const { fromMs, toMs } of outages) {
    if (toMs - fromMs > leftMs) return fromMs + leftMs;
    leftMs -= toMs - fromMs;
  }
  return outages.at(-1)?.toMs ?? endMs;
}

function spansOf(marks: [number, Standing][], endMs: number): Strip["spans"] {
  const sorted = marks.map(([atMs, standing], order) => ({ atMs, standing, order }));
  sorted.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
  const spans: { fromMs: number; toMs: number; standing: Standing }[] = [];
  let isBroken = false;
  for (const [i, { atMs, standing }] of sorted.entries()) {
    isBroken ||= standing === "broken";
    const toMs = sorted[i + 1]?.atMs ?? endMs;
    if (toMs <= atMs) continue;
    const shown = isBroken ? "broken" : standing;
    const last = spans.at(-1);
    if (last && last.standing === shown) spans[spans.length - 1] = { ...last, toMs };
    else spans.push({ fromMs: atMs, toMs, standing: shown });
  }
  return spans;
}
