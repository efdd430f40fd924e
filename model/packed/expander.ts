import { FIRST_WORD_KEY, LEVEL_SHIFT, WRITTEN } from "./layout.js";
import { homeSlot, insert, type StateTable } from "./state-table.js";
import { Stepper } from "./stepper.js";
import type { Tables } from "./tables.js";

/** What the workers of a search share. States lie one after the other, `words` integers each. */
export interface Shared {
  readonly table: StateTable;
  /** The states of the level that is being expanded. */
  readonly current: Int32Array;
  /** The states first met while expanding it. */
  readonly next: Int32Array;
  /** `CURSOR` and `NEXT_COUNT`. */
  readonly control: Int32Array;
}

/** The next state of `current` (or slot of an old table) that nobody has taken. */
export const CURSOR = 0;
/** States in `next`. */
export const NEXT_COUNT = 1;
export const CONTROL_INTS = 2;

/** What a worker is to do: expand what is left of a level, or move the states of a smaller table to the shared one. */
export type Round =
  | {
      readonly kind: "expand";
      readonly currentCount: number;
      /** Workers stop taking states once `next` holds this many. */
      readonly nextLimit: number;
      /** The mark of the states that are met: 1, 2 or 3. */
      readonly level: number;
    }
  | { readonly kind: "rehash"; readonly old: StateTable };

/** What one worker saw in a round. */
export interface Report {
  /** `next` is full up to its limit and states of the level are left. */
  readonly stopped: boolean;
  readonly transitions: number;
  /** Rules that were possible somewhere, as bits. */
  readonly fired: Int32Array;
  /** By check, then deadlock: the least state that showed it, if any. */
  readonly shown: readonly (Int32Array | undefined)[];
  /** A rule that gave a value a variable cannot have: the number of its refusal, and the state. */
  readonly refused: { readonly refusal: number; readonly state: Int32Array } | undefined;
}

/** States taken at a time from the level. */
const CHUNK = 64;
/** Successors generated before their slots are looked at together: enough that memory is waited for once. */
const BATCH = 512;
const SLOTS_CHUNK = 65_536;

/** The most states that one worker may still put into `next` after it has seen that there is room. */
export function overshoot(rules: number): number {
  return CHUNK * rules;
}

/** One worker of a search. */
export class Expander {
  readonly #tables: Tables;
  readonly #stepper: Stepper;
  readonly #batch: Int32Array;
  readonly #homes: Int32Array;
  readonly #fresh: Int32Array;
  readonly #fired: Int32Array;
  readonly #shown: (Int32Array | undefined)[];
  /** Checks to look at where they hold: broken promises always, others until they were seen once. */
  readonly #watched: Int32Array;
  #refused: Report["refused"];
  #count = 0;
  /** Kept so that looking at slots ahead of time is not taken for useless work. */
  #touched = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#stepper = new Stepper(tables);
    const room = BATCH + tables.rules;
    this.#batch = new Int32Array(room * tables.words);
    this.#homes = new Int32Array(room);
    this.#fresh = new Int32Array(room * tables.words);
    this.#fired = new Int32Array(tables.maskWords);
    this.#shown = Array.from({ length: tables.checks + 1 }, () => undefined);
    this.#watched = tables.watched.slice();
  }

  run(shared: Shared, round: Round): Report {
    this.#fired.fill(0);
    this.#shown.fill(undefined);
    this.#refused = undefined;
    let stopped = false;
    let transitions = 0;
    if (round.kind === "rehash") this.#rehash(shared, round.old);
    else {
      for (;;) {
        stopped = Atomics.load(shared.control, NEXT_COUNT) >= round.nextLimit;
        if (stopped) break;
        const from = Atomics.add(shared.control, CURSOR, CHUNK);
        if (from >= round.currentCount) break;
        transitions += this.#expand(shared, from, Math.min(from + CHUNK, round.currentCount), round.level);
      }
    }
    return { stopped, transitions, fired: this.#fired, shown: this.#shown, refused: this.#refused };
  }

  /** Generates the successors of some states of the level and inserts them. Returns how many there were. */
  #expand({ current, next, table, control }: Shared, from: number, to: number, level: number): number {
    const stepper = this.#stepper;
    const { words, maskWords, keep, set, ruleMask } = this.#tables;
    const { mask } = stepper;
    const batch = this.#batch;
    const homes = this.#homes;
    const fired = this.#fired;
    const watched = this.#watched;
    let transitions = 0;
    let count = 0;
    for (let state = from; state < to; state++) {
      const at = state * words;
      stepper.look(current, at);
      const before = count;
      for (let word = 0; word < maskWords; word++) {
        const all = mask[word]!;
        if ((all & watched[word]!) !== 0) this.#note(current, at, word, all & watched[word]!);
        let bits = all & ruleMask[word]!;
        fired[word]! |= bits;
        while (bits !== 0) {
          const rule = (word << 5) + 31 - Math.clz32(bits & -bits);
          bits &= bits - 1;
          const leaf = stepper.leaf(rule, current, at);
          if (leaf < 0) {
            this.#refuse(current, at, -leaf - 1);
            continue;
          }
          const change = leaf * words;
          const to = count * words;
          for (let w = 0; w < words; w++) batch[to + w] = (current[at + w]! & keep[change + w]!) | set[change + w]!;
          homes[count] = homeSlot(batch, to, words, table.slotMask);
          count++;
        }
      }
      if (count === before) this.#noteEnd(current, at);
      if (count >= BATCH || state === to - 1) {
        transitions += count;
        this.#count = count;
        this.#insertBatch(table, next, control, level);
        count = 0;
      }
    }
    return transitions;
  }

  /** Looks at every slot of the batch first, so that the processor waits for many of them at once, then inserts. */
  #insertBatch({ slots, slotMask }: StateTable, next: Int32Array, control: Int32Array, level: number): void {
    const { words } = this.#tables;
    const count = this.#count;
    const batch = this.#batch;
    const homes = this.#homes;
    const fresh = this.#fresh;
    let touched = 0;
    for (let i = 0; i < count; i++) touched ^= slots[homes[i]! * words]!;
    this.#touched ^= touched;
    let found = 0;
    for (let i = 0; i < count; i++) {
      const at = i * words;
      if (!insert(slots, slotMask, words, batch, at, homes[i]!, level)) continue;
      for (let w = 0; w < words; w++) fresh[found + w] = batch[at + w]!;
      found += words;
    }
    const start = Atomics.add(control, NEXT_COUNT, found / words) * words;
    for (let i = 0; i < found; i++) next[start + i] = fresh[i]!;
  }

  /** Moves the states of a smaller table, a share of its slots at a time. */
  #rehash({ table, control }: Shared, old: StateTable): void {
    const { words } = this.#tables;
    const state = new Int32Array(words);
    for (;;) {
      const from = Atomics.add(control, CURSOR, SLOTS_CHUNK);
      if (from > old.slotMask) return;
      const to = Math.min(from + SLOTS_CHUNK, old.slotMask + 1);
      for (let slot = from; slot < to; slot++) {
        const first = old.slots[slot * words]!;
        if (first === 0) continue;
        state[0] = first & FIRST_WORD_KEY;
        for (let w = 1; w < words; w++) state[w] = old.slots[slot * words + w]!;
        state[words - 1]! &= ~WRITTEN;
        insert(table.slots, table.slotMask, words, state, 0, homeSlot(state, 0, words, table.slotMask), first >>> LEVEL_SHIFT);
      }
    }
  }

  /** A check holds in a state: a promise is broken there, or is met for the first time. */
  #note(states: Int32Array, at: number, word: number, bits: number): void {
    const { rules, once } = this.#tables;
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const bit = (word << 5) + 31 - Math.clz32(rest & -rest);
      this.#show(bit - rules, states, at);
    }
    this.#watched[word]! &= ~(bits & once[word]!);
  }

  #noteEnd(states: Int32Array, at: number): void {
    const { rules, checks, mayEnd } = this.#tables;
    if (mayEnd >= 0) {
      const bit = rules + mayEnd;
      if ((this.#stepper.mask[bit >> 5]! >>> (bit & 31)) & 1) return;
    }
    this.#show(checks, states, at);
  }

  /** Of the states that show a check the least is kept, so that it is the same one whatever the order. */
  #show(check: number, states: Int32Array, at: number): void {
    const state = states.slice(at, at + this.#tables.words);
    const before = this.#shown[check];
    if (before === undefined || isLess(state, before)) this.#shown[check] = state;
  }

  #refuse(states: Int32Array, at: number, refusal: number): void {
    const state = states.slice(at, at + this.#tables.words);
    const before = this.#refused;
    if (before === undefined || isLess(state, before.state)) this.#refused = { refusal, state };
  }
}

/** A total order on packed states. */
export function isLess(a: Int32Array, b: Int32Array): boolean {
  for (let word = 0; word < a.length; word++) if (a[word] !== b[word]) return a[word]! < b[word]!;
  return false;
}
