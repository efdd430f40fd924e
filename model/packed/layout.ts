import { bitsOf, type Field } from "./fields.js";

/** Where a field's bits are in a packed state. */
export interface Place {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}

/**
 * The upper two bits of a state's first word hold its level in the table (1, 2 or 3; 0 where a slot is empty), and the
 * top bit of its last word says there that the state is written in full. Fields stay clear of them.
 */
export const LEVEL_SHIFT = 30;
export const FIRST_WORD_KEY = (1 << LEVEL_SHIFT) - 1;
export const WRITTEN = 1 << 31;
const WORDS_MIN = 2;

export interface Layout {
  readonly words: number;
  /** By field. */
  readonly places: readonly Place[];
}

/** Packs fields in this order, none across two words: neighbours in the order are neighbours in a word where they fit. */
export function layOut(fields: readonly Field[], order: readonly number[]): Layout {
  const used: number[] = Array.from({ length: WORDS_MIN }, () => 0);
  const places: Place[] = [];
  for (const id of order) {
    const bits = bitsOf(fields[id]!);
    let word = used.findIndex((taken, at) => taken + bits <= capacity(at));
    if (word < 0) word = used.push(0) - 1;
    places[id] = { word, shift: used[word]!, bits };
    used[word]! += bits;
  }
  return { words: used.length, places };
}

function capacity(word: number): number {
  return word === 0 ? LEVEL_SHIFT : 31;
}

/** Bits gathered from a state to an index: `((state[word] >>> shift) & mask) << left`, or-ed together. */
export interface Piece {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
  readonly left: number;
}

/** An index made of some fields, in the order in which they lie, so that neighbours are gathered at once. */
export interface Gather {
  readonly pieces: readonly Piece[];
  readonly bits: number;
  /** Where in the index each field is. */
  readonly fields: readonly { readonly id: number; readonly at: number; readonly bits: number }[];
}

export function gatherOf(layout: Layout, reads: readonly number[]): Gather {
  const inOrder = reads
    .map((id) => ({ id, ...layout.places[id]! }))
    .filter(({ bits }) => bits > 0)
    .sort((a, b) => a.word - b.word || a.shift - b.shift);
  const pieces: Piece[] = [];
  const fields: { id: number; at: number; bits: number }[] = [];
  let index = 0;
  let last: { word: number; end: number } | undefined;
  for (const { id, word, shift, bits } of inOrder) {
    const mask = 2 ** bits - 1;
    const before = pieces[pieces.length - 1];
    if (before !== undefined && last?.word === word && last.end === shift)
      pieces[pieces.length - 1] = { ...before, mask: before.mask | (mask << (index - before.left)) };
    else pieces.push({ word, shift, mask, left: index });
    last = { word, end: shift + bits };
    fields.push({ id, at: index, bits });
    index += bits;
  }
  return { pieces, bits: index, fields };
}
