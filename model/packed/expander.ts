import { Batch } from "./batch.js";
import { type StateTable, spread } from "./state-table.js";
import { CHUNK, Stepper } from "./stepper.js";
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

/** The next state of `current`, or share of the table, that nobody has taken. */
export const CURSOR = 0;
/** States in `next`. */
export const NEXT_COUNT = 1;
export const CONTROL_INTS = 2;

/** What a worker is to do: expand what is left of a level, or spread the states of a table that has grown. */
export type Round =
  | {
      readonly kind: "expand";
      readonly currentCount: number;
      /** Workers stop taking states once `next` holds this many. */
      readonly nextLimit: number;
      /** The mark of the states that are met: 1, 2 or 3. */
      readonly level: number;
    }
  | { readonly kind: "spread"; readonly shares: readonly number[] };

/** What one worker saw in a round. */
export interface Report {
  /** `next` is full up to its limit and states of the level are left. */
  readonly stopped: boolean;
  readonly transitions: number;
  /** Rules that were possible somewhere, as bits. */
  readonly fired: Int32Array;
  /** By check, then deadlock: the least state that showed it, if any. */
  readonly shown: readonly (Int32Array | undefined)[];
  /** A rule that gave a variable a value that it cannot have, and the number of what there is to say about it. */
  readonly refused: { readonly rule: number; readonly refusal: number } | undefined;
}

/** The most states that one worker may still put into `next` after it has seen that there is room. */
export function overshoot(rules: number): number {
  return CHUNK * rules;
}

/** One worker of a search. */
export class Expander {
  readonly #tables: Tables;
  readonly #stepper: Stepper;
  readonly #batch: Batch;
  readonly #any = new Int32Array(CHUNK);
  readonly #fired: Int32Array;
  readonly #shown: (Int32Array | undefined)[];
  /** Checks to look at where they hold: broken promises always, others until they were seen once. */
  readonly #watched: Int32Array;
  #refused: Report["refused"];

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#stepper = new Stepper(tables);
    this.#batch = new Batch(tables.words, CHUNK * tables.rules);
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
    if (round.kind === "spread") this.#spread(shared, round.shares);
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
    const { words, rules } = this.#tables;
    const { possibleCount } = stepper;
    const batch = this.#batch;
    stepper.look(current, from * words, to - from);
    this.#check(current, from, to - from);
    let count = 0;
    for (let rule = 0; rule < rules; rule++) {
      if (possibleCount[rule] === 0) continue;
      const made = stepper.apply(rule, current, batch.states, count);
      if (made < 0) this.#refuse(rule, -made - 1);
      else count += made;
    }
    const found = batch.insert(count, table, level);
    const start = Atomics.add(control, NEXT_COUNT, found) * words;
    for (let i = 0; i < found * words; i++) next[start + i] = batch.states[i]!;
    return count;
  }

  /** Which checks hold in the states of a chunk, which rules are possible, and where none is. */
  #check(states: Int32Array, from: number, count: number): void {
    const { words, maskWords, ruleMask } = this.#tables;
    const { masks } = this.#stepper;
    const any = this.#any;
    any.fill(0, 0, count);
    for (let word = 0; word < maskWords; word++) {
      const rules = ruleMask[word]!;
      const watched = this.#watched[word]!;
      let fired = 0;
      for (let i = 0; i < count; i++) {
        const bits = masks[word * CHUNK + i]!;
        any[i]! |= bits & rules;
        fired |= bits;
        if ((bits & watched) !== 0) this.#note(states, (from + i) * words, word, bits & watched);
      }
      this.#fired[word]! |= fired & rules;
    }
    for (let i = 0; i < count; i++) if (any[i] === 0) this.#noteEnd(states, (from + i) * words, i);
  }

  #spread({ table, control }: Shared, shares: readonly number[]): void {
    for (;;) {
      const share = Atomics.add(control, CURSOR, 1);
      if (share >= shares.length - 1) return;
      spread(table, this.#tables.words, shares[share]!, shares[share + 1]!);
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

  #noteEnd(states: Int32Array, at: number, index: number): void {
    const { rules, checks, mayEnd } = this.#tables;
    if (mayEnd >= 0) {
      const bit = rules + mayEnd;
      if ((this.#stepper.masks[(bit >> 5) * CHUNK + index]! >>> (bit & 31)) & 1) return;
    }
    this.#show(checks, states, at);
  }

  /** Of the states that show a check the least is kept, so that it is the same one whatever the order. */
  #show(check: number, states: Int32Array, at: number): void {
    const state = states.slice(at, at + this.#tables.words);
    const before = this.#shown[check];
    if (before === undefined || isLess(state, before)) this.#shown[check] = state;
  }

  #refuse(rule: number, refusal: number): void {
    if (this.#refused === undefined || refusal < this.#refused.refusal) this.#refused = { rule, refusal };
  }
}

/** A total order on packed states. */
export function isLess(a: Int32Array, b: Int32Array): boolean {
  for (let word = 0; word < a.length; word++) if (a[word] !== b[word]) return a[word]! < b[word]!;
  return false;
}
