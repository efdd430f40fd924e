import { describe, expect, test } from "vitest";
import { doubled, growingInts } from "../../../model/packed/growing-ints.js";
import { LEVEL_SHIFT } from "../../../model/packed/layout.js";
import { hashOf, insert, type StateTable, sharesOf, spread } from "../../../model/packed/state-table.js";

const FULL = 0.9;
const SLOTS = 1 << 10;
/** Enough for several shares. */
const SLOTS_MOST = 1 << 18;

/** The state with this number: every state is another one, in its last word at the latest. */
function stateOf(number: number, words: number): Int32Array {
  const state = new Int32Array(words);
  for (let word = 0; word < words; word++) state[word] = Math.imul(number >> word, 0x9e3779b1) >>> 4;
  state[words - 1] = number;
  return state;
}

function put({ slots, slotMask }: StateTable, state: Int32Array, level: number): boolean {
  const home = hashOf(state, 0, state.length) & slotMask;
  return insert(slots, slotMask, state.length, state, 0, home, level);
}

function levelsIn({ slots }: StateTable, words: number): number[] {
  const levels = [0, 0, 0, 0];
  for (let at = 0; at < slots.length; at += words) levels[slots[at]! >>> LEVEL_SHIFT]!++;
  return levels;
}

describe("a table that grows where it is", () => {
  test.each([2, 3, 5])("keeps each state of %i words once, with its level, wherever shares are taken up", (words) => {
    let table: StateTable = { slots: growingInts(SLOTS * words, SLOTS_MOST * words), slotMask: SLOTS - 1 };
    let states = 0;
    const levels = [0, 0, 0, 0];
    for (;;) {
      for (; states < (table.slotMask + 1) * FULL; states++) {
        const level = (states % 3) + 1;
        if (!put(table, stateOf(states, words), level)) expect.fail(`state ${states} is there already`);
        levels[level]!++;
      }
      const shares = sharesOf(table, words);
      expect(shares[shares.length - 1]! - shares[0]!).toBe(table.slotMask + 1);
      const slots = doubled(table.slots);
      if (slots === undefined) break;
      table = { slots, slotMask: slots.length / words - 1 };
      for (let share = shares.length - 2; share >= 0; share--) spread(table, words, shares[share]!, shares[share + 1]!);
      for (let state = 0; state < states; state++)
        if (put(table, stateOf(state, words), 1)) expect.fail(`state ${state} of ${states} is not found any more`);
      expect(levelsIn(table, words).slice(1)).toEqual(levels.slice(1));
    }
    expect(table.slotMask + 1).toBe(SLOTS_MOST);
  });
});
