/**
 * Which cells a run read and which it changed, a bit each. Two runs from one world of which neither changes what the
 * other reads or changes do not meet: played together, in whatever order, each goes as it went alone.
 *
 * What end observers read (derived facts that nothing else rests on: is this journey served?) is kept apart: where two
 * runs meet there alone, each goes its way, and only the derived fact must be derived again from both.
 */
export class Footprint {
  readonly reads: Uint32Array;
  readonly writes: Uint32Array;
  readonly endReads: Uint32Array;
  /** Counters that were added to; two runs may both do that without meeting. */
  readonly counts: Uint32Array;
  /** While false nothing is remembered: somebody outside of the model looks. */
  on = true;
  /** The run's time; kept by the run. */
  nowMs = 0;
  readonly #ends: ReadonlySet<number>;
  protected atEnd = false;

  /** `ends` are the indices of watchers whose results nothing but other ends read. */
  constructor(cells: number, ends: ReadonlySet<number> = new Set()) {
    this.reads = new Uint32Array((cells + 31) >> 5);
    this.writes = new Uint32Array((cells + 31) >> 5);
    this.endReads = new Uint32Array((cells + 31) >> 5);
    this.counts = new Uint32Array((cells + 31) >> 5);
    this.#ends = ends;
  }

  read(cell: number): void {
    if (!this.on) return;
    if (this.atEnd) this.endReads[cell >> 5]! |= 1 << (cell & 31);
    else this.reads[cell >> 5]! |= 1 << (cell & 31);
  }

  wrote(cell: number): void {
    if (this.on && !this.atEnd) this.writes[cell >> 5]! |= 1 << (cell & 31);
  }

  counted(cell: number): void {
    if (this.on) this.counts[cell >> 5]! |= 1 << (cell & 31);
  }

  /** What follows is a watcher's check, up to `left` with what this returns: a check may queue another one. */
  entered(watcher: number): boolean {
    const before = this.atEnd;
    this.atEnd = this.#ends.has(watcher);
    return before;
  }

  left(before: boolean): void {
    this.atEnd = before;
  }
}
