import type { EventObject } from "xstate";
import type { EventType, Pending } from "./agenda.js";
import type { Stream } from "./blueprint.js";
import type { Cell, MachineCell, Reader } from "./cell.js";
import type { MachineTransition } from "./machine.js";
import type { TraceNote } from "./trace.js";
import type { Watcher } from "./watch.js";

/** One instant of one timeline, as handlers see it: they read and write cells, plan events and tell the trace. */
export interface Instant extends Reader {
  /** The trace entry on whose account the present handler runs. */
  readonly cause: number;
  /** The trace entry that last changed a cell. */
  causeOf(cell: Cell<unknown>): number;

  /** Replaces a cell's value and wakes whoever watches it. */
  set<T>(cell: Cell<T>, value: T): void;
  /** Adds to a counter: whoever else adds to it in the same run does not matter to the result. */
  count(cell: Cell<number>, by: number): void;
  /**
   * Gives a machine an event. A change is told in the trace, and watchers are woken on its account.
   * `quiet` leaves the trace alone, for states nobody asks about.
   */
  send<C extends object>(
    cell: MachineCell<C>,
    event: EventObject,
    how?: { quiet?: boolean; text?: string },
  ): MachineTransition<C> & { entry: number };

  /** Plans an event `delayMs` from now (an integer, 0 or more). What it does later is caused by the present cause. */
  after<P>(delayMs: number, type: EventType<P>, payload: P): Pending<P>;
  /** Forgets a planned event; false where it has happened or was forgotten. */
  cancel(pending: Pending<never> | Pending | undefined): boolean;

  /** Writes to the trace; returns the entry's id, a cause for what follows. */
  note(entry: TraceNote): number;
  /** Runs `body` with another cause. */
  because<T>(entry: number, body: () => T): T;

  /** A number in [0, 1). */
  draw(stream: Stream): number;

  /** Starts (or restarts) a watcher: its first check is `firstMs` from now, then every `periodMs`. */
  watch(watcher: Watcher<never> | Watcher<unknown>, periodMs: number, firstMs?: number): void;
  /** Stops a watcher; its last result is forgotten. */
  unwatch(watcher: Watcher<never> | Watcher<unknown>): void;
  isWatching(watcher: Watcher<never> | Watcher<unknown>): boolean;
}
