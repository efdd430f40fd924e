import { canonical } from "../../model/kernel/canonical.js";
import type { Cell, PhaseLog } from "../../model/kernel/index.js";

/** Stands for a phase that began anew: what it was before makes no difference. */
const ANEW = Symbol("anew");

/**
 * The phases that a timeline looked at on its way, in order; of a cell between two marks the first look alone. Another
 * timeline that differs from it in phases alone goes the same way if it would have found the same.
 */
export class PhasesUsed implements PhaseLog {
  /** While false nothing is remembered. */
  on = true;
  readonly #cells: Cell<unknown>[] = [];
  readonly #phases: unknown[] = [];
  readonly #sinceMark = new Set<number>();

  /** Where the looks that follow begin. */
  mark(): number {
    this.#sinceMark.clear();
    return this.#cells.length;
  }

  used(cell: Cell<unknown>, value: unknown): void {
    if (this.#isFirst(cell)) this.#add(cell, cell.phased!.phase!(value));
  }

  begunAnew(cell: Cell<unknown>): void {
    if (this.#isFirst(cell)) this.#add(cell, ANEW);
  }

  /** Adds what another timeline looked at between two of its marks. */
  append(other: PhasesUsed, from: number, until: number): void {
    for (let i = from; i < until; i++) this.#add(other.#cells[i]!, other.#phases[i]);
  }

  /** Whether one whose cells hold at a mark what `valueIn` gives would find the same from there to the mark `until`. */
  wouldBeFoundBy(valueIn: (cell: Cell<unknown>) => unknown, from: number, until: number): boolean {
    const looked = new Set<number>();
    for (let i = from; i < until; i++) {
      const cell = this.#cells[i]!;
      if (looked.has(cell.index)) continue;
      looked.add(cell.index);
      const phase = this.#phases[i];
      if (phase !== ANEW && !isSame(phase, cell.phased!.phase!(valueIn(cell)))) return false;
    }
    return true;
  }

  #isFirst({ index }: Cell<unknown>): boolean {
    if (!this.on || this.#sinceMark.has(index)) return false;
    this.#sinceMark.add(index);
    return true;
  }

  #add(cell: Cell<unknown>, phase: unknown): void {
    this.#cells.push(cell);
    this.#phases.push(phase);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === "object" && canonical(a) === canonical(b));
}
