import { FIRST_WORD_KEY, WRITTEN } from "./layout.js";
import { hashOf, insert, type StateTable } from "./state-table.js";

const RECENT_BITS = 13;
/** No packed state has the bits of a level. */
const NO_STATE = -1;

/**
 * The successors of some states on their way into the table. Most of them were met before: two passes drop nearly all of
 * those, without branches that the processor would guess wrong, and what is left is inserted.
 */
export class Batch {
  /** One state after the other, `words` integers each. */
  readonly states: Int32Array;
  readonly #words: number;
  readonly #homes: Int32Array;
  readonly #recent: Int32Array;
  /** Kept so that touching slots is not taken for useless work. */
  #touched = 0;

  constructor(words: number, room: number) {
    this.#words = words;
    this.states = new Int32Array(room * words);
    this.#homes = new Int32Array(room);
    this.#recent = new Int32Array(words << RECENT_BITS).fill(NO_STATE);
  }

  /** Inserts the first `count` states. Those that were not in the table are the first of the batch then; returns how many. */
  insert(count: number, table: StateTable, level: number): number {
    return this.#inserted(this.#withoutMet(this.#withoutRepeats(count, table), table), table, level);
  }

  /**
   * Without those that were met a moment ago: steps that commute meet again soon, and a small table that stays in the
   * processor's cache knows them. Finds the home slots of the others.
   */
  #withoutRepeats(count: number, { slotMask }: StateTable): number {
    const { states } = this;
    const words = this.#words;
    const homes = this.#homes;
    const recent = this.#recent;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const from = i * words;
      const to = kept * words;
      const hash = hashOf(states, from, words);
      const at = (hash >>> (32 - RECENT_BITS)) * words;
      const first = states[from]!;
      const second = states[from + 1]!;
      let different = (recent[at]! ^ first) | (recent[at + 1]! ^ second);
      recent[at] = first;
      recent[at + 1] = second;
      states[to] = first;
      states[to + 1] = second;
      for (let word = 2; word < words; word++) {
        const bits = states[from + word]!;
        different |= recent[at + word]! ^ bits;
        recent[at + word] = bits;
        states[to + word] = bits;
      }
      homes[kept] = hash & slotMask;
      kept += oneUnlessZero(different);
    }
    return kept;
  }

  /**
   * Without those that are in their home slots. All of these are touched first: no touch waits for another one, so that
   * the processor waits for many at once.
   */
  #withoutMet(count: number, { slots }: StateTable): number {
    const { states } = this;
    const words = this.#words;
    const homes = this.#homes;
    const last = words - 1;
    let touched = 0;
    for (let i = 0; i < count; i++) touched ^= slots[homes[i]! * words]!;
    this.#touched ^= touched;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const from = i * words;
      const to = kept * words;
      const home = homes[i]!;
      const there = home * words;
      const first = states[from]!;
      const end = states[from + last]!;
      let different = ((slots[there]! ^ first) & FIRST_WORD_KEY) | (slots[there + last]! ^ (end | WRITTEN));
      states[to] = first;
      for (let word = 1; word < last; word++) {
        const bits = states[from + word]!;
        different |= slots[there + word]! ^ bits;
        states[to + word] = bits;
      }
      states[to + last] = end;
      homes[kept] = home;
      kept += oneUnlessZero(different);
    }
    return kept;
  }

  #inserted(count: number, { slots, slotMask }: StateTable, level: number): number {
    const { states } = this;
    const words = this.#words;
    const homes = this.#homes;
    let found = 0;
    for (let i = 0; i < count; i++) {
      const from = i * words;
      if (!insert(slots, slotMask, words, states, from, homes[i]!, level)) continue;
      const to = found * words;
      for (let word = 0; word < words; word++) states[to + word] = states[from + word]!;
      found++;
    }
    return found;
  }
}

function oneUnlessZero(bits: number): number {
  return (bits | -bits) >>> 31;
}
