import type { Cell, Reader, Run, TraceEntry } from "../../model/kernel/index.js";

/** Somebody who looks on while a scenario is played, and changes nothing. Times count from the start of the timeline. */
export interface Onlooker {
  /** Each trace entry, as it is told. */
  entry(entry: TraceEntry): void;
  /** Each instant in which something happened, once everything due then was handled. */
  instant(read: Reader & { causeOf(cell: Cell<unknown>): number }, atMs: number): void;
}

/** As `run.advanceTo`, instant by instant; `look` is called after each. */
export function advanceByInstants(run: Run, untilMs: number, eventsMax: number, look: () => void): number {
  let count = 0;
  while (count < eventsMax && run.nextMs !== undefined && run.nextMs <= untilMs) {
    count += run.advanceTo(run.nextMs, eventsMax - count);
    look();
  }
  if (count < eventsMax) run.advanceTo(untilMs);
  return count;
}
