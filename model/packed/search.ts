import type { CompiledModel } from "./compile.js";
import {
  CONTROL_INTS,
  CURSOR,
  isLess,
  NEXT_COUNT,
  overshoot,
  type Report,
  type Round,
  type Shared,
} from "./expander.js";
import { doubled, growingInts } from "./growing-ints.js";
import { hashOf, insert, type StateTable, sharesOf } from "./state-table.js";

export interface SearchOptions {
  /** The search stops soon after it has met this many states; the verdict is then `unknown`. Default 100 million. */
  readonly statesMax?: number;
  /** Room for this many states from the start saves moving them as they grow. */
  readonly statesExpected?: number;
}

export const STATES_MAX = 100_000_000;
/** A table is given twice the slots when it would be fuller than this. */
const FULLEST = 0.85;
const SLOTS_MIN = 1 << 14;
/** Integers in one array. */
const INTS_MAX = 2 ** 30;
const FRONTIER_MIN = 1 << 12;

/** Why a search ended. */
export type End = "complete" | "broken" | "states" | "memory";

/**
 * Breadth-first search of a compiled model, a level at a time, in rounds that any number of workers share. It holds
 * the arrays; who runs the rounds is the caller's choice. What it finds does not depend on the number of workers.
 */
export class Search {
  states = 1;
  /** States generated, the initial one included: as Spin and TLC count transitions. */
  transitions = 1;
  /** The number of the deepest level with states; the initial state is level 0. */
  depth = 0;
  /** The level that was expanded last. */
  expandedLevel = 0;
  /** States whose successors were all generated, and in which every check was looked at. */
  expanded = 0;
  end: End | undefined;
  readonly fired: Int32Array;
  /** By check, then deadlock: the state of the first level that showed it and is least there. */
  readonly shown: (Int32Array | undefined)[];
  refused: Report["refused"];
  readonly #words: number;
  readonly #statesMax: number;
  readonly #overshoot: number;
  readonly #compiled: CompiledModel;
  #shared: Shared;
  #round: Round;
  #currentCount = 1;
  #resumeAt = 0;

  constructor(compiled: CompiledModel, options: SearchOptions, workers: number) {
    const { tables } = compiled;
    this.#compiled = compiled;
    this.#words = tables.words;
    this.#statesMax = options.statesMax ?? STATES_MAX;
    this.#overshoot = workers * overshoot(tables.rules);
    this.fired = new Int32Array(tables.maskWords);
    this.shown = Array.from({ length: tables.checks + 1 }, () => undefined);
    const most = this.#statesMax + this.#overshoot;
    const slots = slotsFor(Math.min(options.statesExpected ?? 0, most) + this.#overshoot, this.#words);
    const slotsMost = slotsFor(most + this.#overshoot, this.#words);
    const frontier = (FRONTIER_MIN + this.#overshoot) * this.#words;
    const frontierMost = Math.max(frontier, Math.min(most * this.#words, INTS_MAX));
    this.#shared = {
      table: { slots: growingInts(slots * this.#words, slotsMost * this.#words), slotMask: slots - 1 },
      current: growingInts(frontier, frontierMost),
      next: growingInts(frontier, frontierMost),
      control: growingInts(CONTROL_INTS, CONTROL_INTS),
    };
    const { table, current } = this.#shared;
    current.set(tables.initial);
    insert(table.slots, table.slotMask, this.#words, current, 0, hashOf(current, 0, this.#words) & table.slotMask, 1);
    this.#round = this.#expandRound();
  }

  get shared(): Shared {
    return this.#shared;
  }

  get round(): Round {
    return this.#round;
  }

  /** Bytes of the table and both levels. */
  get bytes(): number {
    const { table, current, next } = this.#shared;
    return table.slots.byteLength + current.byteLength + next.byteLength;
  }

  /** Takes in what every worker saw in the round and prepares the next one; false when the search has ended. */
  absorb(reports: readonly Report[]): boolean {
    if (this.#round.kind === "spread") this.#shared.control[CURSOR] = this.#resumeAt;
    else {
      for (const report of reports) this.#note(report);
      if (reports.some(({ stopped }) => stopped)) {
        const room = this.#makeRoom();
        if (room !== "made") return room === "spreading";
      } else if (!this.#nextLevel()) return false;
    }
    this.#round = this.#expandRound();
    return true;
  }

  #note({ transitions, fired, shown, refused }: Report): void {
    this.transitions += transitions;
    fired.forEach((bits, word) => {
      this.fired[word]! |= bits;
    });
    shown.forEach((state, check) => {
      const before = this.shown[check];
      if (state !== undefined && (before === undefined || isLess(state, before))) this.shown[check] = state;
    });
    const before = this.refused;
    if (refused !== undefined && (before === undefined || refused.refusal < before.refusal)) this.refused = refused;
  }

  /** The level is done: the states met in it are the next level. */
  #nextLevel(): boolean {
    const { table, current, next, control } = this.#shared;
    const found = control[NEXT_COUNT]!;
    this.states += found;
    this.expanded += this.#currentCount;
    const broken = this.shown.some((state, check) => state !== undefined && this.#isFailure(check));
    if (broken || this.refused !== undefined) this.end = "broken";
    else if (found === 0) this.end = "complete";
    this.expandedLevel = this.depth;
    if (found > 0) this.depth++;
    this.#currentCount = found;
    control[CURSOR] = 0;
    control[NEXT_COUNT] = 0;
    this.#shared = { table, current: next, next: current, control };
    return this.end === undefined;
  }

  /** Workers stopped because the table or the next level is nearly full, or because there are states enough. */
  #makeRoom(): "made" | "spreading" | "none" {
    const { control, table, next } = this.#shared;
    const found = control[NEXT_COUNT]!;
    const states = this.states + found;
    if (states >= this.#statesMax) return this.#giveUp("states", found);
    if (found >= this.#frontierLimit(next)) {
      const larger = doubled(next);
      if (larger === undefined) return this.#giveUp("memory", found);
      this.#shared = { ...this.#shared, next: larger };
    }
    if (states >= this.#tableLimit(table)) {
      const shares = sharesOf(table, this.#words);
      const slots = doubled(table.slots);
      if (slots === undefined) return this.#giveUp("memory", found);
      this.#shared = { ...this.#shared, table: { slots, slotMask: 2 * table.slotMask + 1 } };
      this.#resumeAt = Math.min(control[CURSOR]!, this.#currentCount);
      control[CURSOR] = 0;
      this.#round = { kind: "spread", shares };
      return "spreading";
    }
    return "made";
  }

  #giveUp(end: End, found: number): "none" {
    this.states += found;
    this.end = end;
    return "none";
  }

  #expandRound(): Round {
    const { table, next } = this.#shared;
    const nextLimit = Math.min(
      this.#frontierLimit(next),
      this.#tableLimit(table) - this.states,
      this.#statesMax - this.states,
    );
    return { kind: "expand", currentCount: this.#currentCount, nextLimit, level: levelMark(this.depth + 1) };
  }

  #frontierLimit(next: Int32Array): number {
    return next.length / this.#words - this.#overshoot;
  }

  #tableLimit({ slotMask }: StateTable): number {
    return Math.floor((slotMask + 1) * FULLEST) - this.#overshoot;
  }

  /** Broken promises and deadlocks end a search; a promise that is met does not. */
  #isFailure(check: number): boolean {
    return this.#compiled.checks[check]?.kind !== "sometimes";
  }
}

/** The mark in the table of the states of a level: 1, 2 or 3, which tells a level from its neighbours. */
export function levelMark(level: number): number {
  return (level % 3) + 1;
}

/** Slots, a power of two, of a table for that many states, as far as one array can have them. */
function slotsFor(states: number, words: number): number {
  let slots = SLOTS_MIN;
  while (slots * FULLEST < states && slots * 2 * words <= INTS_MAX) slots *= 2;
  return slots;
}
