import type { Cell, Reader } from "./cell.js";

/** Reads for an evaluation, remembering which cells. One a run: evaluations do not nest. */
export class Reads implements Reader {
  readonly #run: Reader;
  /** For each cell the evaluation that last read it. */
  readonly #readBy: Int32Array;
  #evaluation = 0;
  #cells: number[] = [];

  constructor(run: Reader, cells: number) {
    this.#run = run;
    this.#readBy = new Int32Array(cells);
  }

  get nowMs(): number {
    return this.#run.nowMs;
  }

  begin(): void {
    this.#evaluation++;
    this.#cells = [];
  }

  get<T>(cell: Cell<T>): T {
    const { index } = cell;
    if (this.#readBy[index] !== this.#evaluation) {
      this.#readBy[index] = this.#evaluation;
      this.#cells.push(index);
    }
    return this.#run.get(cell);
  }

  /** The cells read since `begin`; `before` itself where they are those. */
  ascending(before: readonly number[]): readonly number[] {
    const cells = this.#cells;
    if (cells.length === before.length && before.every((index) => this.#readBy[index] === this.#evaluation))
      return before;
    return cells.sort((x, y) => x - y);
  }
}
