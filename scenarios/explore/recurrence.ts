import type { Pending } from "../../model/kernel/index.js";

/** Where a timeline stood, in milliseconds since the first fault, with how much its course had seen by then. */
export interface Stand {
  readonly atMs: number;
  readonly decisions: number;
  readonly changes: number;
}

/** Where a timeline stood when something was decided, and what was waited for. */
export interface Situation extends Stand {
  readonly checksDue: readonly Pending[];
}

/**
 * The round that ends at `to`, where a timeline stands as it did in earlier situations, the latest last; undefined where
 * a check that was due at each of those has not been made since: what it finds is still to come.
 */
export function roundFrom(earlier: readonly Situation[], to: Situation): Recurrence | undefined {
  const due = new Set(to.checksDue);
  const from = earlier.findLast(({ checksDue }) => !checksDue.some((check) => due.has(check)));
  return from && { from, to };
}

/** A timeline that goes round: at `to` it stands, but for phases, as it stood at `from`. */
export interface Recurrence {
  readonly from: Stand;
  readonly to: Stand;
}

export function roundMs({ from, to }: Recurrence): number {
  return to.atMs - from.atMs;
}

/** How many whole rounds follow until a moment. */
export function roundsUntil(recurrence: Recurrence, untilMs: number): number {
  return Math.max(0, Math.floor((untilMs - recurrence.to.atMs) / roundMs(recurrence)));
}
