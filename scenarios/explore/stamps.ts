import { Footprint } from "../../model/kernel/index.js";
import type { Bits } from "./meeting.js";

type Times = ReadonlyMap<number, readonly number[]>;

/** By cell, when a timeline touched it, ascending, in milliseconds since its first fault. What ends alone read is left out. */
export interface Stamps {
  readonly reads: Times;
  readonly writes: Times;
  readonly counts: Times;
}

/** A footprint that keeps the times, but of the cells that `apart` leaves out. */
export class StampedFootprint extends Footprint {
  readonly #apart: Bits;
  readonly #startMs: number;
  readonly #stamps = {
    reads: new Map<number, number[]>(),
    writes: new Map<number, number[]>(),
    counts: new Map<number, number[]>(),
  };

  constructor(cells: number, ends: ReadonlySet<number>, apart: Bits, startMs: number) {
    super(cells, ends);
    this.#apart = apart;
    this.#startMs = startMs;
  }

  override read(cell: number): void {
    super.read(cell);
    if (!this.atEnd) this.#stamp(this.#stamps.reads, cell);
  }

  override wrote(cell: number): void {
    super.wrote(cell);
    if (!this.atEnd) this.#stamp(this.#stamps.writes, cell);
  }

  override counted(cell: number): void {
    super.counted(cell);
    this.#stamp(this.#stamps.counts, cell);
  }

  get stamps(): Stamps {
    return this.#stamps;
  }

  #stamp(times: Map<number, number[]>, cell: number): void {
    if (!this.on || ((this.#apart[cell >> 5]! >> (cell & 31)) & 1) === 1) return;
    const atMs = this.nowMs - this.#startMs;
    const known = times.get(cell);
    if (!known) times.set(cell, [atMs]);
    else if (known[known.length - 1] !== atMs) known.push(atMs);
  }
}

/**
 * At which of a timeline's moments another fault meets another situation than at the moment before. Struck later, each
 * step of the other's run comes later beside the first's: it is another situation where that changes the order of two
 * steps of which one changes what the other reads or changes.
 */
export function situationsApart(first: Stamps, other: Stamps, momentsMs: readonly number[]): readonly boolean[] {
  const apart = new Array<boolean>(momentsMs.length).fill(false);
  const lastMs = momentsMs[momentsMs.length - 1]!;
  let left = momentsMs.length - 1;
  const split = (at: number) => {
    if (at >= momentsMs.length || apart[at]) return;
    apart[at] = true;
    left--;
  };
  const compare = (ours: Times, theirs: Times) => {
    for (const [cell, times] of theirs) {
      const own = ours.get(cell);
      if (!own) continue;
      for (const sinceMs of times)
        for (let i = firstFrom(own, sinceMs + momentsMs[0]!); i < own.length; i++) {
          // Struck at this moment, the two steps would fall together; struck before it, the other's comes first.
          const togetherMs = own[i]! - sinceMs;
          if (togetherMs > lastMs) break;
          const at = firstFrom(momentsMs, togetherMs);
          if (at > 0) split(at);
          // A strike itself comes after what happens at its moment.
          if (sinceMs > 0 && momentsMs[at] === togetherMs) split(at + 1);
          if (left === 0) return;
        }
    }
  };
  compare(first.writes, other.writes);
  compare(first.writes, other.reads);
  compare(first.reads, other.writes);
  compare(first.counts, other.reads);
  compare(first.reads, other.counts);
  return apart;
}

/** The place of the first time at or after `fromMs` in an ascending list. */
function firstFrom(times: readonly number[], fromMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
