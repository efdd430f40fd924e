import type { Tables } from "./tables.js";

/** Steps of a compiled model from one packed state: which rules are possible there, and what each makes of it. */
export class Stepper {
  /** After `look`: the rules that are possible and the checks that hold, as bits. */
  readonly mask: Int32Array;
  readonly #tables: Tables;
  readonly #indices: Int32Array;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.mask = new Int32Array(tables.maskWords);
    this.#indices = new Int32Array(tables.groups);
  }

  /** Looks at the state that begins at `states[at]`. */
  look(states: Int32Array, at: number): void {
    const { groups, groupPieces, groupBase, masks, maskWords, full, pieceWord, pieceShift, pieceMask, pieceLeft } =
      this.#tables;
    const indices = this.#indices;
    let piece = 0;
    for (let group = 0; group < groups; group++) {
      const end = groupPieces[group + 1]!;
      let index = 0;
      for (; piece < end; piece++)
        index |= ((states[at + pieceWord[piece]!]! >>> pieceShift[piece]!) & pieceMask[piece]!) << pieceLeft[piece]!;
      indices[group] = groupBase[group]! + index * maskWords;
    }
    for (let word = 0; word < maskWords; word++) {
      let bits = full[word]!;
      for (let group = 0; group < groups; group++) bits &= masks[indices[group]! + word]!;
      this.mask[word] = bits;
    }
  }

  /** The leaf that says what a possible rule changes in that state; negative where it would refuse. */
  leaf(rule: number, states: Int32Array, at: number): number {
    const { effectPieces, effectBase, effectLeaf, pieceWord, pieceShift, pieceMask, pieceLeft } = this.#tables;
    const end = effectPieces[rule + 1]!;
    let index = effectBase[rule]!;
    for (let piece = effectPieces[rule]!; piece < end; piece++)
      index += ((states[at + pieceWord[piece]!]! >>> pieceShift[piece]!) & pieceMask[piece]!) << pieceLeft[piece]!;
    return effectLeaf[index]!;
  }
}
