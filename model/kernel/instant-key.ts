import type { Agenda, Pending } from "./agenda.js";
import type { Blueprint } from "./blueprint.js";
import { canonical } from "./canonical.js";
import type { Cell } from "./cell.js";
import type { MachineState } from "./machine.js";
import { hashText, hex, mix } from "./random.js";
import { PAGE_BITS, type Page } from "./world.js";

/**
 * A key that is equal for equal situations at one instant of virtual time: what `World.key` is, for timelines that began
 * together. Times need not be taken relative to now, so a cell's part stays valid until the cell changes, and a value is
 * hashed once: asking again costs what has changed since. 64 bits in hexadecimal.
 */
export function instantKey(blueprint: Blueprint, nowMs: number, pages: readonly Page[], agenda: Agenda): string {
  let a = mix(0x2545f491, nowMs);
  let b = mix(0x6c078965, nowMs);
  for (let i = 0; i < pages.length; i++) {
    const page = hashesOf(pages[i]!, i, blueprint.cells);
    a ^= page.a;
    b ^= page.b;
  }
  for (const event of agenda.inOrder()) {
    const h = eventHash(event);
    a = mix(a, h);
    b = mix(b, mix(h, 0x51ed270b));
  }
  return hex(a) + hex(b);
}

/** A page's part of the key: what all its cells come to, and each cell's own two halves in turn. */
export interface PageHashes {
  readonly a: number;
  readonly b: number;
  readonly cells: readonly number[];
}

/** Of the cells that changed since the last time anew; pages that were copied from one another began with the same. */
function hashesOf(page: Page, pageIndex: number, cells: readonly Cell<unknown>[]): PageHashes {
  const { values, instantKey: before } = page;
  if (before && page.changed === 0) return before;
  let { a, b } = before ?? { a: 0, b: 0 };
  const halves = before ? before.cells.slice() : new Array<number>(2 * values.length).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (before && (page.changed & (1 << i)) === 0) continue;
    const cell = cells[(pageIndex << PAGE_BITS) + i]!;
    const [h, k] = valueHash(cell, values[i]);
    a ^= halves[2 * i]!;
    b ^= halves[2 * i + 1]!;
    halves[2 * i] = mix(h, cell.index);
    halves[2 * i + 1] = mix(k, cell.index);
    a ^= halves[2 * i]!;
    b ^= halves[2 * i + 1]!;
  }
  page.changed = 0;
  page.instantKey = { a, b, cells: halves };
  return page.instantKey;
}

type Halves = readonly [number, number];

/** Values never change, so a hash belongs to the object; what a value means is told by its cell's `relative`. */
const plain = new WeakMap<object, Halves>();
const timed = new WeakMap<NonNullable<Cell<unknown>["relative"]>, WeakMap<object, Halves>>();

function valueHash(cell: Cell<unknown>, value: unknown): Halves {
  if (typeof value !== "object" || value === null) return textHash(textOf(cell, value));
  let known = plain;
  if (cell.relative) {
    known = timed.get(cell.relative) ?? new WeakMap();
    timed.set(cell.relative, known);
  }
  let found = known.get(value);
  if (!found) {
    found = textHash(textOf(cell, value));
    known.set(value, found);
  }
  return found;
}

/** Relative to the beginning of time: the same for two values that mean the same from any one instant on. */
function textOf(cell: Cell<unknown>, value: unknown): string {
  if (cell.relative) return canonical(cell.relative(value, 0));
  const state = value as Partial<MachineState> | null | undefined;
  if (typeof state === "object" && state?.machine)
    return `${state.machine.id} ${state.value} ${canonical(state.context)}`;
  return canonical(value);
}

function textHash(text: string): Halves {
  const h = hashText(text);
  let k = 0x6c078965;
  for (let i = 0; i < text.length; i++) {
    k = Math.imul(k ^ text.charCodeAt(i), 0x5bd1e995);
    k ^= k >>> 15;
  }
  return [h, k];
}

const events = new WeakMap<Pending, number>();

function eventHash(event: Pending): number {
  let found = events.get(event);
  if (found === undefined) {
    found = mix(hashText(`${event.type.name} ${canonical(event.payload)}`), event.atMs);
    events.set(event, found);
  }
  return found;
}
