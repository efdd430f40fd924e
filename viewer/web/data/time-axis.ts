/** How much room a stretch between two moments gets, in seconds' worth: never nothing, never much. */
const LEAST = 0.35;
const MOST = 6;

/**
 * A time axis that follows what happened: busy seconds get room, quiet minutes are folded. Positions run from 0 to 1
 * over the whole run; a window of them is what a brush chose.
 */
export class TimeAxis {
  readonly #moments: readonly number[];
  readonly #at: Float64Array;

  /** `moments`: ascending, without repeats. `folded` false gives a plain linear axis. */
  constructor(moments: readonly number[], folded = true) {
    const list = moments.length > 1 ? moments : [moments[0] ?? 0, (moments[0] ?? 0) + 1_000];
    const at = new Float64Array(list.length);
    for (let i = 1; i < list.length; i++) {
      const seconds = (list[i]! - list[i - 1]!) / 1_000;
      at[i] = at[i - 1]! + (folded ? Math.min(MOST, Math.max(LEAST, seconds)) : seconds);
    }
    const total = at[at.length - 1] || 1;
    for (let i = 0; i < at.length; i++) at[i] = at[i]! / total;
    this.#moments = list;
    this.#at = at;
  }

  /** From a moment to its position, 0 to 1. */
  position(atMs: number): number {
    const moments = this.#moments;
    const last = moments.length - 1;
    if (atMs <= moments[0]!) return 0;
    if (atMs >= moments[last]!) return 1;
    const i = floorIndex(moments, atMs);
    const share = (atMs - moments[i]!) / (moments[i + 1]! - moments[i]!);
    return this.#at[i]! + share * (this.#at[i + 1]! - this.#at[i]!);
  }

  /** The moment at a position, an integer. */
  moment(position: number): number {
    const moments = this.#moments;
    const last = moments.length - 1;
    if (position <= 0) return moments[0]!;
    if (position >= 1) return moments[last]!;
    const i = floorIndex(this.#at, position);
    const width = this.#at[i + 1]! - this.#at[i]! || 1;
    const share = (position - this.#at[i]!) / width;
    return Math.round(moments[i]! + share * (moments[i + 1]! - moments[i]!));
  }

  /** Moments to label so that labels stand at least `apart` from one another, within a window of positions. */
  ticks(from: number, to: number, apart: number): number[] {
    const found: number[] = [];
    let last = Number.NEGATIVE_INFINITY;
    for (let i = Math.max(0, floorIndex(this.#at, from)); i < this.#at.length && this.#at[i]! <= to; i++) {
      if (this.#at[i]! < from || this.#at[i]! - last < apart) continue;
      found.push(this.#moments[i]!);
      last = this.#at[i]!;
    }
    return found;
  }

  /** Stretches that are shorter on the axis than in time: where quiet was folded. */
  folds(): readonly { readonly fromMs: number; readonly toMs: number }[] {
    const found: { fromMs: number; toMs: number }[] = [];
    for (let i = 1; i < this.#moments.length; i++) {
      const [fromMs, toMs] = [this.#moments[i - 1]!, this.#moments[i]!];
      if (toMs - fromMs > MOST * 2_000) found.push({ fromMs, toMs });
    }
    return found;
  }
}

/** The last index whose value is at or below `value`, in an ascending list; at least 0. */
function floorIndex(values: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
