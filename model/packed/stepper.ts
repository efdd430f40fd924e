import type { Tables } from "./tables.js";

/** States looked at together: the loops over them are long, and what is the same for all stays in registers. */
export const CHUNK = 128;

/**
 * Steps of a compiled model from some packed states at once: which rules are possible in each, and what each rule
 * makes of those where it is. No object is made for a state.
 */
export class Stepper {
  /** After `look`: bits of the rules possible and checks that hold, `CHUNK` states for each word of the mask. */
  readonly masks: Int32Array;
  /** After `look`: by rule, `CHUNK` places for the positions in `states` of those where it is possible. */
  readonly possible: Int32Array;
  /** After `look`: by rule, how many states it is possible in. */
  readonly possibleCount: Int32Array;
  readonly #tables: Tables;
  readonly #positions = new Int32Array(CHUNK);
  readonly #indices = new Int32Array(CHUNK);

  constructor(tables: Tables) {
    this.#tables = tables;
    this.masks = new Int32Array(tables.maskWords * CHUNK);
    this.possible = new Int32Array(tables.rules * CHUNK);
    this.possibleCount = new Int32Array(tables.rules);
  }

  /** Looks at `count` states, at most `CHUNK`, that begin at `states[first]`. */
  look(states: Int32Array, first: number, count: number): void {
    const {
      words,
      groups,
      groupPieces,
      groupColumns,
      columnWord,
      columnBase,
      masks: tables,
      maskWords,
      full,
    } = this.#tables;
    const masks = this.masks;
    const indices = this.#indices;
    for (let i = 0; i < count; i++) this.#positions[i] = first + i * words;
    for (let word = 0; word < maskWords; word++) masks.fill(full[word]!, word * CHUNK, word * CHUNK + count);
    for (let group = 0; group < groups; group++) {
      this.#gather(states, this.#positions, 0, count, groupPieces[group]!, groupPieces[group + 1]!);
      const end = groupColumns[group + 1]!;
      for (let column = groupColumns[group]!; column < end; column++) {
        const base = columnBase[column]!;
        const to = columnWord[column]! * CHUNK;
        for (let i = 0; i < count; i++) masks[to + i]! &= tables[base + indices[i]!]!;
      }
    }
    this.#sortByRule(first, count);
  }

  #sortByRule(first: number, count: number): void {
    const { words, maskWords, ruleMask } = this.#tables;
    const { masks, possible, possibleCount } = this;
    possibleCount.fill(0);
    for (let word = 0; word < maskWords; word++) {
      const rules = ruleMask[word]!;
      for (let i = 0; i < count; i++) {
        let bits = masks[word * CHUNK + i]! & rules;
        while (bits !== 0) {
          const rule = (word << 5) + 31 - Math.clz32(bits & -bits);
          bits &= bits - 1;
          possible[rule * CHUNK + possibleCount[rule]!] = first + i * words;
          possibleCount[rule]!++;
        }
      }
    }
  }

  /**
   * Writes what a rule makes of each state where it is possible to `into`, from state `at` on. Returns how many; where
   * the rule refuses, less one and the number of the refusal (`-1` is refusal 0), and nothing of use was written.
   */
  apply(rule: number, states: Int32Array, into: Int32Array, at: number): number {
    const { words, effectPieces, effectBase, effectLeaf, keep, set } = this.#tables;
    const { possible } = this;
    const indices = this.#indices;
    const count = this.possibleCount[rule]!;
    const from = rule * CHUNK;
    const base = effectBase[rule]!;
    this.#gather(states, possible, from, count, effectPieces[rule]!, effectPieces[rule + 1]!);
    let out = at * words;
    for (let i = 0; i < count; i++) {
      const position = possible[from + i]!;
      const leaf = effectLeaf[base + indices[i]!]!;
      if (leaf < 0) return leaf;
      const change = leaf * words;
      into[out] = (states[position]! & keep[change]!) | set[change]!;
      into[out + 1] = (states[position + 1]! & keep[change + 1]!) | set[change + 1]!;
      for (let w = 2; w < words; w++) into[out + w] = (states[position + w]! & keep[change + w]!) | set[change + w]!;
      out += words;
    }
    return count;
  }

  /** Gathers, for states at some positions, the bits that pieces name. */
  #gather(states: Int32Array, positions: Int32Array, from: number, count: number, piece: number, end: number): void {
    const { pieceWord, pieceShift, pieceMask, pieceLeft } = this.#tables;
    const indices = this.#indices;
    if (piece === end) indices.fill(0, 0, count);
    for (let p = piece; p < end; p++) {
      const word = pieceWord[p]!;
      const shift = pieceShift[p]!;
      const mask = pieceMask[p]!;
      const left = pieceLeft[p]!;
      if (p === piece)
        for (let i = 0; i < count; i++) indices[i] = (states[positions[from + i]! + word]! >>> shift) & mask;
      else
        for (let i = 0; i < count; i++)
          indices[i]! |= ((states[positions[from + i]! + word]! >>> shift) & mask) << left;
    }
  }
}
