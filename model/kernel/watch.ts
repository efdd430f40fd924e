import type { Pending } from "./agenda.js";
import type { Cell, Reader } from "./cell.js";
import type { Instant } from "./instant.js";

/**
 * A watcher is a check that repeats: a monitor, a health check, an advert. Between two changes of what it reads it
 * sleeps, so a quiet hour costs nothing: it keeps its anchor, its period and its last result, and a change to a cell
 * that its last evaluation read queues its next check on the grid anchor + k × period.
 */
export interface WatcherSpec<R> {
  /** What the check finds. Pure; every cell it reads is remembered. Equal results must be identical (`Object.is`). */
  evaluate(read: Reader): R;
  /**
   * Acts on a result. Returns true where the check has settled: the same result again would change nothing.
   * Called at every check made, also when the result is the same as before.
   */
  deliver(instant: Instant, result: R, before: R | undefined): boolean;
}

export interface Watcher<R> {
  readonly index: number;
  readonly name: string;
  readonly spec: WatcherSpec<R>;
  readonly state: Cell<WatchState<R>>;
  /** Observers have no period: they look at the end of each instant that changed something they read. */
  readonly observer: boolean;
}

export interface WatchState<R> {
  readonly active: boolean;
  readonly anchorMs: number;
  readonly periodMs: number;
  readonly last: R | undefined;
  /** Cells that the last evaluation read, ascending. */
  readonly reads: readonly number[];
  /** The trace entry on whose account it was started. */
  readonly startedBy: number;
  /** The queued check; undefined while asleep. */
  readonly pending: Pending<number> | undefined;
}

const OBSERVER_RANK = 1 << 30;

export const restingWatch: WatchState<unknown> = Object.freeze({
  active: false,
  anchorMs: 0,
  periodMs: 0,
  last: undefined,
  reads: Object.freeze([]),
  startedBy: 0,
  pending: undefined,
});

/** The first time on the watcher's grid at or after `fromMs`. */
export function nextCheckMs(anchorMs: number, periodMs: number, fromMs: number): number {
  if (fromMs <= anchorMs) return anchorMs;
  return anchorMs + Math.ceil((fromMs - anchorMs) / periodMs) * periodMs;
}

// Written out field by field: these are the most frequent allocations of a run, and a spread is several times slower.

export function checked<R>(
  { active, anchorMs, periodMs, startedBy }: WatchState<R>,
  last: R,
  reads: readonly number[],
): WatchState<R> {
  return { active, anchorMs, periodMs, last, reads, startedBy, pending: undefined };
}

export function queued<R>(
  { active, anchorMs, periodMs, last, reads, startedBy }: WatchState<R>,
  pending: Pending<number>,
): WatchState<R> {
  return { active, anchorMs, periodMs, last, reads, startedBy, pending };
}

/** Watchers' checks come after ordinary events of their millisecond, observers last, each by its place. */
export function rankOf(watcher: Watcher<unknown>): number {
  return watcher.observer ? OBSERVER_RANK + watcher.index : 1 + watcher.index;
}
