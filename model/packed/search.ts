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
import { hashOf, insert, type StateTable } from "./state-table.js";

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
  #bytesMost = 0;
  readonly #words: number;
  readonly #statesMax: number;
  readonly #overshoot: number;
  readonly #compiled: CompiledModel;
  readonly #allocate: (ints: number) => Int32Array;
  #shared: Shared;
  #round: Round;
  #currentCount = 1;
  #resumeAt = 0;

  constructor(
    compiled: CompiledModel,
    options: SearchOptions,
    workers: number,
    allocate: (ints: number) => Int32Array,
  ) {
    const { tables } = compiled;
    this.#compiled = compiled;
    this.#allocate = allocate;
    this.#words = tables.words;
    this.#statesMax = options.statesMax ?? STATES_MAX;
    this.#overshoot = workers * overshoot(tables.rules);
    this.fired = new Int32Array(tables.maskWords);
    this.shown = Array.from({ length: tables.checks + 1 }, () => undefined);
    let slots = SLOTS_MIN;
    while (slots * FULLEST < (options.statesExpected ?? 0) + this.#overshoot) slots *= 2;
    const frontier = FRONTIER_MIN + this.#overshoot;
    this.#shared = {
      table: this.#table(slots),
      current: allocate(frontier * this.#words),
      next: allocate(frontier * this.#words),
      control: allocate(CONTROL_INTS),
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

  /** Bytes of the table and both levels now, and the most there ever were while a table was being moved. */
  get bytes(): { readonly now: number; readonly most: number } {
    const { table, current, next } = this.#shared;
    const now = 4 * (table.slots.length + current.length + next.length);
    return { now, most: Math.max(now, this.#bytesMost) };
  }

  /** Takes in what every worker saw in the round and prepares the next one; false when the search has ended. */
  absorb(reports: readonly Report[]): boolean {
    if (this.#round.kind === "rehash") this.#shared.control[CURSOR] = this.#resumeAt;
    else {
      for (const report of reports) this.#note(report);
      if (reports.some(({ stopped }) => stopped)) {
        const room = this.#makeRoom();
        if (room !== "made") return room === "moving";
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
  #makeRoom(): "made" | "moving" | "none" {
    const { control, table, next } = this.#shared;
    const found = control[NEXT_COUNT]!;
    const states = this.states + found;
    if (states >= this.#statesMax) return this.#giveUp("states", found);
    if (found >= this.#frontierLimit(next)) {
      if (next.length * 2 > INTS_MAX) return this.#giveUp("memory", found);
      const larger = this.#allocate(next.length * 2);
      larger.set(next);
      this.#shared = { ...this.#shared, next: larger };
    }
    if (states >= this.#tableLimit(table)) {
      if (table.slots.length * 2 > INTS_MAX) return this.#giveUp("memory", found);
      const larger = this.#table((table.slotMask + 1) * 2);
      this.#shared = { ...this.#shared, table: larger };
      this.#bytesMost = Math.max(this.#bytesMost, this.bytes.now + 4 * table.slots.length);
      this.#resumeAt = Math.min(control[CURSOR]!, this.#currentCount);
      control[CURSOR] = 0;
      this.#round = { kind: "rehash", old: table };
      return "moving";
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

  #table(slots: number): StateTable {
    return { slots: this.#allocate(slots * this.#words), slotMask: slots - 1 };
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
