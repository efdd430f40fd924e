import type { Gather } from "./layout.js";

/**
 * A compiled model as plain typed arrays, so that it can be handed to another thread. Rules have the first bits of a
 * mask, checks the following ones.
 */
export interface Tables extends Pieces {
  /** 32-bit words of a state. */
  readonly words: number;
  readonly rules: number;
  readonly checks: number;
  /** The check that says where ending is fine; -1 where none does. */
  readonly mayEnd: number;
  readonly initial: Int32Array;
  /** 32-bit words of a mask of rules and checks. */
  readonly maskWords: number;
  /** Every rule and check. */
  readonly full: Int32Array;
  /** Rules alone. */
  readonly ruleMask: Int32Array;
  /** Checks that something is made of where they hold. */
  readonly watched: Int32Array;
  /** Of these, those that it is enough to see once. */
  readonly once: Int32Array;
  readonly groups: number;
  /** Pieces of group g: from `groupPieces[g]` up to `groupPieces[g + 1]`. */
  readonly groupPieces: Int32Array;
  /** Columns of group g, one for each word of the mask that its conditions have a say in. */
  readonly groupColumns: Int32Array;
  readonly columnWord: Int32Array;
  /** A column's masks begin at `masks[columnBase[c]]`, one for each index. */
  readonly columnBase: Int32Array;
  readonly masks: Int32Array;
  readonly effectPieces: Int32Array;
  /** Rule r's leaves begin at `effectLeaf[effectBase[r]]`; a negative leaf is a refusal. */
  readonly effectBase: Int32Array;
  readonly effectLeaf: Int32Array;
  /** A leaf's change: `state[w] = (state[w] & keep[leaf * words + w]) | set[leaf * words + w]`. */
  readonly keep: Int32Array;
  readonly set: Int32Array;
}

interface Pieces {
  readonly pieceWord: Int32Array;
  readonly pieceShift: Int32Array;
  readonly pieceMask: Int32Array;
  readonly pieceLeft: Int32Array;
}

/** The pieces of all gathers, one after the other. */
export class PieceList {
  readonly #gathers: Gather[] = [];
  #pieces = 0;

  /** Where each gather's pieces begin, and where the last one's end. */
  add(gathers: readonly Gather[]): Int32Array {
    const starts = [this.#pieces];
    for (const gather of gathers) {
      this.#gathers.push(gather);
      this.#pieces += gather.pieces.length;
      starts.push(this.#pieces);
    }
    return Int32Array.from(starts);
  }

  arrays(): Pieces {
    const pieces = this.#gathers.flatMap((gather) => gather.pieces);
    return {
      pieceWord: Int32Array.from(pieces, ({ word }) => word),
      pieceShift: Int32Array.from(pieces, ({ shift }) => shift),
      pieceMask: Int32Array.from(pieces, ({ mask }) => mask),
      pieceLeft: Int32Array.from(pieces, ({ left }) => left),
    };
  }
}
