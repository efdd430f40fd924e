import type { TraceEntry } from "../../../model/kernel/index.js";
import type { RunView } from "./run-view.js";

export interface Comparison {
  /** Where the two part: the entry of each, absent where one has ended; undefined where they are the same. */
  readonly first: { readonly a?: TraceEntry; readonly b?: TraceEntry } | undefined;
  /** Entries that both have before they part. */
  readonly same: number;
  /** Those that differ, the largest difference first; 0 where a run has none. */
  readonly outages: readonly { readonly subject: string; readonly aMs: number; readonly bMs: number }[];
  readonly recovery: { readonly aMs?: number; readonly bMs?: number };
  readonly promises: readonly { readonly name: string; readonly a: string; readonly b: string }[];
  /** Things whose states differ at some moment, the earliest first. */
  readonly subjects: readonly string[];
}

/** What differs between two runs of one topology, or of two that name things alike. */
export function compareRuns(a: RunView, b: RunView): Comparison {
  const [left, right] = [a.run.trace, b.run.trace];
  let same = 0;
  while (same < left.length && same < right.length && isSame(left[same]!, right[same]!)) same++;
  const isOver = same === left.length && same === right.length;
  const outMs = (view: RunView) => {
    const sums = new Map<string, number>();
    for (const { subject, fromMs, toMs } of view.outages) sums.set(subject, (sums.get(subject) ?? 0) + toMs - fromMs);
    return sums;
  };
  const [outA, outB] = [outMs(a), outMs(b)];
  const outages = [...new Set([...outA.keys(), ...outB.keys()])]
    .map((subject) => ({ subject, aMs: outA.get(subject) ?? 0, bMs: outB.get(subject) ?? 0 }))
    .filter(({ aMs, bMs }) => aMs !== bMs);
  outages.sort((x, y) => Math.abs(y.bMs - y.aMs) - Math.abs(x.bMs - x.aMs) || (x.subject < y.subject ? -1 : 1));
  const statusA = new Map(a.run.promises.map(({ name, status }) => [name, status]));
  const statusB = new Map(b.run.promises.map(({ name, status }) => [name, status]));
  const promises = [...new Set([...statusA.keys(), ...statusB.keys()])]
    .map((name) => ({ name, a: statusA.get(name) ?? "not promised", b: statusB.get(name) ?? "not promised" }))
    .filter((one) => one.a !== one.b);
  const [aMs, bMs] = [a.run.verdict?.recoveryMs, b.run.verdict?.recoveryMs];
  return {
    first: isOver ? undefined : { ...(left[same] && { a: left[same] }), ...(right[same] && { b: right[same] }) },
    same,
    outages,
    recovery: { ...(aMs !== undefined && { aMs }), ...(bMs !== undefined && { bMs }) },
    promises,
    subjects: differing(a, b),
  };
}

/** Ids and causes count along a timeline: two runs tell the same though they count otherwise. */
function isSame(a: TraceEntry, b: TraceEntry): boolean {
  return (
    a.atMs === b.atMs &&
    a.kind === b.kind &&
    a.subject === b.subject &&
    a.what === b.what &&
    a.from === b.from &&
    a.to === b.to &&
    a.text === b.text
  );
}

function differing(a: RunView, b: RunView): string[] {
  const found: { subject: string; atMs: number }[] = [];
  for (const subject of new Set([...a.subjects, ...b.subjects])) {
    const [left, right] = [a.statesOf(subject), b.statesOf(subject)];
    let i = 0;
    while (
      i < left.length &&
      i < right.length &&
      left[i]!.atMs === right[i]!.atMs &&
      left[i]!.state === right[i]!.state
    )
      i++;
    if (i === left.length && i === right.length) continue;
    found.push({ subject, atMs: Math.min(left[i]?.atMs ?? Infinity, right[i]?.atMs ?? Infinity) });
  }
  found.sort((x, y) => x.atMs - y.atMs || (x.subject < y.subject ? -1 : 1));
  return found.map(({ subject }) => subject);
}
