import { Agenda } from "./agenda.js";
import type { Blueprint } from "./blueprint.js";
import { canonical } from "./canonical.js";
import type { Cell, Reader } from "./cell.js";
import type { Instant } from "./instant.js";
import type { PageHashes } from "./instant-key.js";
import type { MachineState } from "./machine.js";
import { hashText, hex, mix } from "./random.js";
import type { WatchState } from "./watch.js";

export const PAGE_BITS = 5;
export const PAGE_SIZE = 1 << PAGE_BITS;
export const PAGE_MASK = PAGE_SIZE - 1;

/** 32 neighbouring cells. Shared between worlds until somebody who does not own it writes to it. */
export class Page {
  /** Whoever may write to this page in place; replaced on a freeze. */
  owner: object | undefined;
  readonly values: unknown[];
  /** For each cell the trace entry that last changed it; history, so not part of the key. */
  readonly causes: number[];
  /** For each cell the watchers that read it, ascending. */
  readonly watchers: (readonly number[] | undefined)[];
  /** The two halves of the page's part of the world's key; undefined until asked for. */
  key: readonly [number, number] | undefined;
  /** The same of the key of an instant (`instantKey`), as it was before the cells in `changed` changed. */
  instantKey: PageHashes | undefined;
  /** A bit for each cell that was written to since; all of them before the first time. */
  changed = -1;

  constructor(
    owner: object | undefined,
    values: unknown[],
    causes: number[],
    watchers: (readonly number[] | undefined)[],
  ) {
    this.owner = owner;
    this.values = values;
    this.causes = causes;
    this.watchers = watchers;
  }

  copyFor(owner: object): Page {
    const copy = new Page(owner, this.values.slice(), this.causes.slice(), this.watchers.slice());
    copy.instantKey = this.instantKey;
    copy.changed = this.changed;
    return copy;
  }
}

/** Counters that go on along a timeline. */
export interface Counters {
  readonly sequence: number;
  readonly entries: number;
}

/**
 * All state at one virtual instant, as a value: it can be kept, forked, compared, keyed and printed, and never
 * changes. `Run` makes new ones from it.
 */
export class World implements Reader {
  readonly blueprint: Blueprint;
  readonly nowMs: number;
  readonly seed: number;
  readonly pages: readonly Page[];
  readonly agenda: Agenda;
  readonly counters: Counters;
  /** Handlers still to run at the first instant. */
  readonly starts: readonly ((instant: Instant) => void)[];

  constructor(from: Pick<World, "blueprint" | "nowMs" | "seed" | "pages" | "agenda" | "counters" | "starts">) {
    this.blueprint = from.blueprint;
    this.nowMs = from.nowMs;
    this.seed = from.seed;
    this.pages = from.pages;
    this.agenda = from.agenda;
    this.counters = from.counters;
    this.starts = from.starts;
  }

  static initial(blueprint: Blueprint, seed: number, starts: readonly ((instant: Instant) => void)[]): World {
    const pages: Page[] = [];
    const { cells } = blueprint;
    for (let i = 0; i < cells.length; i += PAGE_SIZE) {
      const values = cells.slice(i, i + PAGE_SIZE).map((cell) => cell.initial);
      pages.push(
        new Page(undefined, values, new Array(values.length).fill(0), new Array(values.length).fill(undefined)),
      );
    }
    return new World({
      blueprint,
      nowMs: 0,
      seed,
      pages,
      agenda: new Agenda(),
      counters: { sequence: 0, entries: 0 },
      starts,
    });
  }

  get<T>(cell: Cell<T>): T {
    return this.pages[cell.index >> PAGE_BITS]!.values[cell.index & PAGE_MASK] as T;
  }

  /** The trace entry that last changed a cell; 0 where it still has its first value. */
  causeOf(cell: Cell<unknown>): number {
    return this.pages[cell.index >> PAGE_BITS]!.causes[cell.index & PAGE_MASK]!;
  }

  /** The same situation with other random numbers to come. */
  withSeed(seed: number): World {
    return new World({ ...this, seed });
  }

  /**
   * A key that is equal for equal situations: cells, with times relative to now, and what is pending. History (the
   * trace, who caused what, sequence numbers) is left out. 64 bits in hexadecimal.
   */
  key(): string {
    let a = 0x2545f491;
    let b = 0x6c078965;
    for (let i = 0; i < this.pages.length; i++) {
      const page = this.pages[i]!;
      page.key ??= pageKey(page, i, this.blueprint.cells);
      a ^= page.key[0];
      b ^= page.key[1];
    }
    for (const cell of timedCells(this.blueprint)) {
      const h = hashText(canonical(cell.relative!(this.get(cell), this.nowMs)));
      a ^= mix(h, cell.index);
      b ^= mix(mix(h, 0x51ed270b), cell.index);
    }
    for (const event of this.agenda.inOrder()) {
      const h = hashText(`${event.type.name} ${canonical(event.payload)}`);
      a = mix(a, h) ^ (event.atMs - this.nowMs);
      b = mix(b, mix(h, event.atMs - this.nowMs));
    }
    return hex(a) + hex(b);
  }
}

const timed = new WeakMap<Blueprint, Cell<unknown>[]>();

function timedCells(blueprint: Blueprint): Cell<unknown>[] {
  let found = timed.get(blueprint);
  if (!found) {
    found = blueprint.cells.filter((cell) => cell.relative !== undefined);
    timed.set(blueprint, found);
  }
  return found;
}

function pageKey(page: Page, pageIndex: number, cells: readonly Cell<unknown>[]): readonly [number, number] {
  let a = 0;
  let b = 0;
  for (let i = 0; i < page.values.length; i++) {
    const cell = cells[(pageIndex << PAGE_BITS) + i]!;
    if (cell.relative) continue;
    const h = valueHash(page.values[i]);
    a ^= mix(h, cell.index);
    b ^= mix(mix(h, 0x51ed270b), cell.index);
  }
  return [a, b];
}

function valueHash(value: unknown): number {
  const state = value as Partial<MachineState> & Partial<WatchState<unknown>>;
  if (typeof value === "object" && value !== null && state.machine)
    return mix(hashText(state.machine.id), hashText(`${state.value} ${canonical(state.context)}`));
  return hashText(canonical(value));
}
