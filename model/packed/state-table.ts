import { FIRST_WORD_KEY, LEVEL_SHIFT, WRITTEN } from "./layout.js";

/**
 * The set of states met: open addressing in one typed array with the whole state in its slot, so that nothing is
 * taken for something else. Any number of threads may insert at once: a slot is claimed by compare-and-swap on its
 * first word, and its last word tells when the rest is written. A slot never changes again.
 */
export interface StateTable {
  readonly slots: Int32Array;
  /** The number of slots, a power of two, less one. */
  readonly slotMask: number;
}

/** Probing for a state starts at its hash's lower bits. */
export function hashOf(states: Int32Array, at: number, words: number): number {
  let hash = Math.imul(states[at]!, 0x9e3779b1) ^ Math.imul(states[at + 1]!, 0x85ebca77);
  for (let word = 2; word < words; word++)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) ^ Math.imul(states[at + word]!, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

/** Inserts the state at `states[at]`; false where it is there already. Its level is 1, 2 or 3. */
export function insert(
  slots: Int32Array,
  slotMask: number,
  words: number,
  states: Int32Array,
  at: number,
  home: number,
  level: number,
): boolean {
  const first = states[at]! & FIRST_WORD_KEY;
  const last = states[at + words - 1]! | WRITTEN;
  const claimed = first | (level << LEVEL_SHIFT);
  for (let slot = home; ; slot = (slot + 1) & slotMask) {
    const here = slot * words;
    let found = slots[here]!;
    if (found === 0) {
      found = Atomics.compareExchange(slots, here, 0, claimed);
      if (found === 0) {
        for (let word = 1; word < words - 1; word++) slots[here + word] = states[at + word]!;
        Atomics.store(slots, here + words - 1, last);
        return true;
      }
    }
    if ((found & FIRST_WORD_KEY) !== first) continue;
    let written = 0;
    while (written >= 0) written = Atomics.load(slots, here + words - 1);
    if (written !== last) continue;
    let word = 1;
    while (word < words - 1 && slots[here + word] === states[at + word]) word++;
    if (word === words - 1) return false;
  }
}

const SHARE = 65_536;

/**
 * Slots at which shares of a table begin, and where the last one ends, for threads to spread apart: each is empty, so
 * that no run of taken slots belongs to two. The last share may go past the end, where the first slots follow.
 */
export function sharesOf({ slots, slotMask }: StateTable, words: number): number[] {
  const starts: number[] = [];
  for (let from = 0; from <= slotMask; from += SHARE) {
    let start = from;
    while (slots[(start & slotMask) * words] !== 0) start++;
    starts.push(start);
  }
  return [...starts, starts[0]! + slotMask + 1];
}

/**
 * After a table has been given twice the slots: puts the states of one share where they belong now, their old home or
 * as far behind it as the table was long. In order, so that each finds an empty slot at the latest where it was, and
 * none is in the way of one that is still to come.
 */
export function spread({ slots, slotMask }: StateTable, words: number, from: number, to: number): void {
  const before = slotMask >> 1;
  const state = new Int32Array(words);
  for (let taken = from; taken < to; taken++) {
    const there = (taken & before) * words;
    if (slots[there] === 0) continue;
    for (let word = 0; word < words; word++) {
      state[word] = slots[there + word]!;
      slots[there + word] = 0;
    }
    const level = state[0]! & ~FIRST_WORD_KEY;
    state[0]! &= FIRST_WORD_KEY;
    state[words - 1]! &= ~WRITTEN;
    let slot = hashOf(state, 0, words) & slotMask;
    while (slots[slot * words] !== 0) slot = (slot + 1) & slotMask;
    state[0]! |= level;
    state[words - 1]! |= WRITTEN;
    for (let word = 0; word < words; word++) slots[slot * words + word] = state[word]!;
  }
}
