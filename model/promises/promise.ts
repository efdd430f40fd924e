import type { Cell, Instant } from "../kernel/index.js";

/** How one promise stands. `atMs`, `entry` and `evidence` tell of its first breach. */
export interface PromiseStatus {
  readonly broken: boolean;
  /** Something happened that could have broken it. */
  readonly exercised: boolean;
  readonly atMs?: number;
  readonly entry?: number;
  readonly evidence?: string;
}

/** A promise about decisions and harm that must hold at every instant. */
export interface AlwaysPromise {
  readonly name: string;
  /** One sentence. */
  readonly text: string;
  readonly cell: Cell<PromiseStatus>;
}

export const unbroken: PromiseStatus = Object.freeze({ broken: false, exercised: false });

/** When it broke is history; whether it did is part of the situation. */
export function statusNow(status: PromiseStatus): unknown {
  return [status.broken, status.exercised];
}

/** Marks that a promise was put to the test. */
export function exercise(instant: Instant, promise: AlwaysPromise): void {
  const status = instant.get(promise.cell);
  if (!status.exercised) instant.set(promise.cell, Object.freeze({ ...status, exercised: true }));
}

/** Breaks a promise; the first breach is kept, later ones are told in the trace alone. */
export function breakPromise(instant: Instant, promise: AlwaysPromise, evidence: string): void {
  const status = instant.get(promise.cell);
  const entry = instant.note({
    kind: "promise",
    subject: `promise/${promise.name}`,
    what: status.broken ? "broken again" : "broken",
    text: evidence,
  });
  if (status.broken) return;
  instant.set(
    promise.cell,
    Object.freeze({ broken: true, exercised: true, atMs: instant.nowMs, entry: instant.cause || entry, evidence }),
  );
}
