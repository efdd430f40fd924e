import type { Blueprint, Cell, Instant, Pending, Reader } from "../kernel/index.js";

/**
 * One deadline a thing: setting it again forgets the earlier one. Its cell keeps the pending event, so that it can be
 * cancelled; the world's key sees the event itself on the agenda.
 */
export interface Timer {
  set(instant: Instant, delayMs: number): void;
  clear(instant: Instant): void;
  isSet(read: Reader): boolean;
  /** Milliseconds until it fires; undefined where it is not set. */
  remainingMs(read: Reader): number | undefined;
}

/** Timers of one kind: `of(id)` declares one (while building), `handler` runs when one is due. */
export function timers(blueprint: Blueprint, kind: string, handler: (instant: Instant, id: string) => void) {
  const cells = new Map<string, Cell<Pending<string> | undefined>>();
  const due = blueprint.event<string>(kind, (instant, id) => {
    instant.set(cells.get(id)!, undefined);
    handler(instant, id);
  });
  return {
    of(id: string): Timer {
      const cell = blueprint.cell<Pending<string> | undefined>(
        `timer/${kind}/${id}`,
        undefined,
        (pending) => !!pending,
      );
      cells.set(id, cell);
      return {
        set(instant, delayMs) {
          instant.cancel(instant.get(cell) as Pending | undefined);
          instant.set(cell, instant.after(delayMs, due, id));
        },
        clear(instant) {
          const pending = instant.get(cell);
          if (pending === undefined) return;
          instant.cancel(pending as Pending);
          instant.set(cell, undefined);
        },
        isSet: (read) => read.get(cell) !== undefined,
        remainingMs(read) {
          const pending = read.get(cell);
          return pending && pending.atMs - read.nowMs;
        },
      };
    },
  };
}
