import type { Agenda } from "./agenda.js";
import type { Blueprint } from "./blueprint.js";
import type { Cell } from "./cell.js";
import type { MachineState } from "./machine.js";
import { hex, mix } from "./random.js";
import { ValueHash } from "./value-hash.js";
import { PAGE_BITS, type Page } from "./world.js";

/**
 * A key that is equal for equal situations at one instant of virtual time: what `World.key` is, for timelines that began
 * together, and for such as differ in phases alone (see Phased). Times need not be taken relative to now, so a cell's part
 * stays valid until the cell changes: asking again costs what has changed since. When an event that repeats is due after
 * `exactUntilMs` is a phase, too. 64 bits in hexadecimal.
 */
export function instantKey(
  blueprint: Blueprint,
  nowMs: number,
  pages: readonly Page[],
  agenda: Agenda,
  exactUntilMs = Number.POSITIVE_INFINITY,
): string {
  let a = mix(0x2545f491, nowMs);
  let b = mix(0x6c078965, nowMs);
  for (let i = 0; i < pages.length; i++) {
    const page = hashesOf(pages[i]!, i, blueprint.cells);
    a ^= page.a;
    b ^= page.b;
  }
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
    hash.add(event.atMs);
    a = mix(a, hash.a);
    b = mix(b, hash.b);
  }
  return hex(mix(a, somedayA)) + hex(mix(b, somedayB));
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
    hash.of(meaningOf(cell, values[i]));
    a ^= halves[2 * i]!;
    b ^= halves[2 * i + 1]!;
    halves[2 * i] = mix(hash.a, cell.index);
    halves[2 * i + 1] = mix(hash.b, cell.index);
    a ^= halves[2 * i]!;
    b ^= halves[2 * i + 1]!;
  }
  page.changed = 0;
  page.instantKey = { a, b, cells: halves };
  return page.instantKey;
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
