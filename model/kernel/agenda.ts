/**
 * What is going to happen: pending events in their total order, (time, rank, sequence). Kept as an array sorted
 * latest first: the next event is popped from the end, an insertion moves few entries because most are soon due,
 * a cancellation finds its entry by binary search, and a fork is a copy of the array.
 */
export interface Pending<P = unknown> {
  readonly atMs: number;
  /** 0 for ordinary events; watchers' checks come after them at the same millisecond, observers last. */
  readonly rank: number;
  readonly sequence: number;
  readonly type: EventType<P>;
  readonly payload: P;
  /** The trace entry that caused it; 0 for none. */
  readonly cause: number;
}

/** A kind of event. Its handler belongs to the blueprint that made it. */
export interface EventType<P> {
  readonly name: string;
  readonly handler: number;
  /** It comes once in each period and finds the same until something changes: when in the period is a phase. */
  readonly repeats: boolean;
  readonly _type?: P;
}

export class Agenda {
  #pending: Pending[];
  #shared: boolean;

  constructor(pending: Pending[] = [], shared = false) {
    this.#pending = pending;
    this.#shared = shared;
  }

  get size(): number {
    return this.#pending.length;
  }

  peek(): Pending | undefined {
    return this.#pending[this.#pending.length - 1];
  }

  pop(): Pending | undefined {
    this.#own();
    return this.#pending.pop();
  }

  add(event: Pending): void {
    this.#own();
    const at = this.#find(event);
    if (at === this.#pending.length) this.#pending.push(event);
    else this.#pending.splice(at, 0, event);
  }

  /** Removes a pending event; false where it is not pending any more. */
  remove(event: Pending): boolean {
    const at = this.#find(event);
    if (this.#pending[at] !== event) return false;
    this.#own();
    this.#pending.splice(at, 1);
    return true;
  }

  /** The same agenda for another timeline; either copies before its next change. */
  fork(): Agenda {
    this.#shared = true;
    return new Agenda(this.#pending, true);
  }

  /** Pending events, soonest first. */
  *inOrder(): Generator<Pending> {
    for (let i = this.#pending.length - 1; i >= 0; i--) yield this.#pending[i]!;
  }

  /** The position of `event`, or where it belongs. */
  #find(event: Pending): number {
    const list = this.#pending;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isAfter(list[middle]!, event)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #own(): void {
    if (!this.#shared) return;
    this.#pending = this.#pending.slice();
    this.#shared = false;
  }
}

function isAfter(a: Pending, b: Pending): boolean {
  if (a.atMs !== b.atMs) return a.atMs > b.atMs;
  if (a.rank !== b.rank) return a.rank > b.rank;
  return a.sequence > b.sequence;
}
