import type { Footprint } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";

/** The parts of a footprint as plain bits: they cross threads. */
export type Bits = Uint32Array;

export interface Trail {
  readonly reads: Bits;
  readonly writes: Bits;
  readonly counts: Bits;
  readonly endReads: Bits;
}

/** What a single fault's run touched, and what it left changed. */
export interface Touched extends Trail {
  /** Cells that still differ from the settled world when the patience ends, before anything is healed. */
  readonly left: Bits;
}

export function trailOf({ reads, writes, counts, endReads }: Footprint): Trail {
  return { reads: reads.slice(), writes: writes.slice(), counts: counts.slice(), endReads: endReads.slice() };
}

/**
 * Whether two runs meet: one changes what the other reads or changes. Counters that both add to are no meeting, and
 * neither are the accounts of promises that `apart` leaves out: marking one as put to the test is the same from both.
 */
export function meet(a: Trail, b: Trail, apart: Bits): boolean {
  for (let i = 0; i < apart.length; i++) {
    const [ar, aw, br, bw] = [a.reads[i]!, a.writes[i]!, b.reads[i]!, b.writes[i]!];
    if (((aw & (br | bw)) | (bw & ar) | (a.counts[i]! & br) | (b.counts[i]! & ar)) & ~apart[i]!) return true;
  }
  return false;
}

/** Two runs that do not meet left things changed that one derived fact for users may rest on together. */
export function meetAtEnds(a: Touched, b: Touched): boolean {
  return overlaps(a.left, b.endReads) && overlaps(b.left, a.endReads);
}

/** What users get along the way may rest on both: how long they are out in all then does, too. */
export function meetForUsers(a: Trail, b: Trail): boolean {
  return overlaps(a.writes, b.endReads) && overlaps(b.writes, a.endReads);
}

function overlaps(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.length; i++) if (a[i]! & b[i]!) return true;
  return false;
}

export function union(trails: readonly Trail[]): Trail {
  const [first] = trails;
  const all = (pick: (trail: Trail) => Bits): Bits => {
    const bits = new Uint32Array(pick(first!).length);
    for (const trail of trails) for (let i = 0; i < bits.length; i++) bits[i]! |= pick(trail)[i]!;
    return bits;
  };
  return {
    reads: all(({ reads }) => reads),
    writes: all(({ writes }) => writes),
    counts: all(({ counts }) => counts),
    endReads: all(({ endReads }) => endReads),
  };
}

/** The cells that say how the promises about decisions stand: both runs may set the same marks. */
export function promiseCells({ blueprint, promises }: Twin): Bits {
  const bits = new Uint32Array((blueprint.cells.length + 31) >> 5);
  for (const { cell } of promises.promises) bits[cell.index >> 5]! |= 1 << (cell.index & 31);
  return bits;
}
