import type { Agenda } from "./agenda.js";
import type { Blueprint } from "./blueprint.js";
import type { Cell } from "./cell.js";
import type { MachineState } from "./machine.js";
import { hex, mix } from "./random.js";
import { ValueHash } from "./value-hash.js";
import { PAGE_BITS, PAGE_MASK, PAGE_SIZE, type Page } from "./world.js";

/** Where a run stands. */
export interface Standing {
  readonly blueprint: Blueprint;
  readonly nowMs: number;
  readonly pages: readonly Page[];
  readonly agenda: Agenda;
}

/**
 * A key that is equal for equal situations at one instant of virtual time: what `World.key` is, for timelines that began
 * together, and for such as differ in phases alone (see Phased). Times need not be taken relative to now, so a cell's part
 * stays valid until the cell changes: asking again costs what has changed since. When an event that repeats is due after
 * `exactUntilMs` is a phase, too. 64 bits in hexadecimal.
 */
export function instantKey(
  { blueprint, nowMs, pages, agenda }: Standing,
  exactUntilMs = Number.POSITIVE_INFINITY,
): string {
  let a = mix(0x2545f491, nowMs);
  let b = mix(0x6c078965, nowMs);
  const layout = layoutOf(blueprint);
  for (let i = 0; i < pages.length; i++) {
    const { timeless, timed } = hashesOf(pages[i]!, i, layout, true);
    a ^= timeless.a ^ timed.a;
    b ^= timeless.b ^ timed.b;
  }
  return withPending(a, b, agenda, { sinceMs: 0, exactUntilMs });
}

/**
 * A key that is equal where timelines that began together stand alike at any two moments: as `instantKey`, with times
 * relative to now and phases left out. From there on they go the same way but for what phases decide. Asking costs a look
 * at every cell that holds times. 64 bits in hexadecimal.
 */
export function situationKey({ blueprint, nowMs, pages, agenda }: Standing): string {
  let a = 0x2545f491;
  let b = 0x6c078965;
  const layout = layoutOf(blueprint);
  for (let i = 0; i < pages.length; i++) {
    const { timeless } = hashesOf(pages[i]!, i, layout, false);
    a ^= timeless.a;
    b ^= timeless.b;
  }
  for (const cell of layout.timed) {
    const value = pages[cell.index >> PAGE_BITS]!.values[cell.index & PAGE_MASK];
    hash.of(cell.relative!(value, nowMs));
    a ^= mix(hash.a, cell.index);
    b ^= mix(hash.b, cell.index);
  }
  return withPending(a, b, agenda, { sinceMs: nowMs, exactUntilMs: Number.NEGATIVE_INFINITY });
}

/** The key's two halves with what is pending, its times since `sinceMs`. */
function withPending(
  a: number,
  b: number,
  agenda: Agenda,
  { sinceMs, exactUntilMs }: { readonly sinceMs: number; readonly exactUntilMs: number },
): string {
  let [somedayA, somedayB] = [0, 0];
  for (const event of agenda.inOrder()) {
    hash.of(event.type.name);
    hash.add(event.payload);
    if (event.type.repeats && event.atMs > exactUntilMs) {
      // In whatever order they are due.
      somedayA = (somedayA + hash.a) | 0;
      somedayB = (somedayB + hash.b) | 0;
      continue;
    }
    hash.add(event.atMs - sinceMs);
    a = mix(a, hash.a);
    b = mix(b, hash.b);
  }
  return hex(mix(a, somedayA)) + hex(mix(b, somedayB));
}

/** Which of a blueprint's cells hold times that are no phases. */
interface Layout {
  readonly cells: readonly Cell<unknown>[];
  readonly timed: readonly Cell<unknown>[];
  /** A bit for each of them, by page. */
  readonly timedBits: readonly number[];
}

const layouts = new WeakMap<Blueprint, Layout>();

function layoutOf(blueprint: Blueprint): Layout {
  let found = layouts.get(blueprint);
  if (!found) {
    const { cells } = blueprint;
    const timed = cells.filter(({ relative, phased }) => relative !== undefined && phased === undefined);
    const timedBits = new Array<number>(Math.ceil(cells.length / PAGE_SIZE)).fill(0);
    for (const { index } of timed) timedBits[index >> PAGE_BITS]! |= 1 << (index & PAGE_MASK);
    found = { cells, timed, timedBits };
    layouts.set(blueprint, found);
  }
  return found;
}

interface Halves {
  readonly a: number;
  readonly b: number;
}

/** A page's part of the key: what its cells come to, those that hold times apart, and each cell's own two halves in turn. */
export interface PageHashes {
  readonly timeless: Halves;
  readonly timed: Halves;
  readonly cells: readonly number[];
}

const NOTHING: Halves = { a: 0, b: 0 };

/**
 * Of the cells that changed since the last time anew, of those that hold times on demand; pages that were copied from one
 * another began with the same.
 */
function hashesOf(page: Page, pageIndex: number, { cells, timedBits }: Layout, withTimed: boolean): PageHashes {
  const { values } = page;
  const before = page.instantKey ?? {
    timeless: NOTHING,
    timed: NOTHING,
    cells: new Array<number>(2 * values.length).fill(0),
  };
  const timedHere = timedBits[pageIndex]!;
  const due = withTimed ? page.changed : page.changed & ~timedHere;
  if (page.instantKey && due === 0) return before;
  const halves = before.cells.slice();
  const all = { timeless: { ...before.timeless }, timed: { ...before.timed }, cells: halves };
  for (let i = 0; i < values.length; i++) {
    if ((due & (1 << i)) === 0) continue;
    const cell = cells[(pageIndex << PAGE_BITS) + i]!;
    const part = (timedHere & (1 << i)) === 0 ? all.timeless : all.timed;
    hash.of(meaningOf(cell, values[i]));
    part.a ^= halves[2 * i]!;
    part.b ^= halves[2 * i + 1]!;
    halves[2 * i] = mix(hash.a, cell.index);
    halves[2 * i + 1] = mix(hash.b, cell.index);
    part.a ^= halves[2 * i]!;
    part.b ^= halves[2 * i + 1]!;
  }
  page.changed &= ~due;
  page.instantKey = all;
  return all;
}

/** Relative to the beginning of time: the same for two values that mean the same, but for phases, from any one instant on. */
function meaningOf(cell: Cell<unknown>, value: unknown): unknown {
  if (cell.phased) return cell.phased.rest(value);
  if (cell.relative) return cell.relative(value, 0);
  // States of machines are interned: in one cell, where its number differs, the state does.
  return isMachineState(value) ? value.id : value;
}

function isMachineState(value: unknown): value is MachineState {
  return typeof value === "object" && value !== null && (value as Partial<MachineState>).machine !== undefined;
}

const hash = new ValueHash();
