import type { EventObject } from "xstate";
import type { Agenda, EventType, Pending } from "./agenda.js";
import type { Blueprint, Stream } from "./blueprint.js";
import type { Cell, MachineCell, PhaseLog, Reader } from "./cell.js";
import type { Footprint } from "./footprint.js";
import type { Instant } from "./instant.js";
import { instantKey, type Standing, situationKey } from "./instant-key.js";
import type { MachineState, MachineTransition } from "./machine.js";
import { draw } from "./random.js";
import { Reads } from "./reads.js";
import type { TraceEntry, TraceNote, TraceSink } from "./trace.js";
import { checked, nextCheckMs, queued, rankOf, restingWatch, type Watcher, type WatchState } from "./watch.js";
import { PAGE_BITS, PAGE_MASK, type Page, World } from "./world.js";

export interface RunOptions {
  /** Told every trace entry, in order. */
  readonly onTrace?: TraceSink;
  /** Told every change of a machine, the quiet ones too. */
  readonly onSend?: SendSink | undefined;
  /** Makes every check instead of letting watchers sleep: slow, for tests that hold the two against each other. */
  readonly tickAll?: boolean;
  /** Told every cell that is read or written; see Footprint. */
  readonly footprint?: Footprint;
  /** Told where the phase of a cell may make a difference. */
  readonly phaseLog?: PhaseLog | undefined;
}

export type SendSink = (cell: Cell<unknown>, before: MachineState, event: EventObject, after: MachineState) => void;

/**
 * A timeline going on from a world. It writes in place to what it owns and copies what it shares, so that running on
 * is as cheap as a mutable simulator, and `freeze` gives a world for the price of forgetting what it owns.
 */
export class Run implements Instant {
  readonly blueprint: Blueprint;
  readonly #seed: number;
  readonly #pages: Page[];
  readonly #agenda: Agenda;
  readonly #onTrace: TraceSink | undefined;
  readonly #onSend: SendSink | undefined;
  readonly #tickAll: boolean;
  readonly #footprint: Footprint | undefined;
  readonly #phaseLog: PhaseLog | undefined;
  #owner: object = {};
  #nowMs: number;
  #sequence: number;
  #entries: number;
  #cause = 0;
  /** The highest rank handled at the present millisecond: a watcher of that rank or lower has had its turn. */
  #turn = -1;
  readonly #check: EventType<number> = { name: "check", handler: -1, repeats: true };
  readonly #reads: Reads;

  constructor(world: World, options: RunOptions = {}) {
    this.blueprint = world.blueprint;
    this.#seed = world.seed;
    this.#pages = world.pages.slice();
    this.#agenda = world.agenda.fork();
    this.#nowMs = world.nowMs;
    this.#sequence = world.counters.sequence;
    this.#entries = world.counters.entries;
    this.#onTrace = options.onTrace;
    this.#onSend = options.onSend;
    this.#tickAll = options.tickAll ?? false;
    this.#footprint = options.footprint;
    this.#phaseLog = options.phaseLog;
    this.#reads = new Reads(this, world.blueprint.cells.length);
    if (this.#footprint) this.#footprint.nowMs = this.#nowMs;
    if (world.starts.length > 0) this.#start(world.starts);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get cause(): number {
    return this.#cause;
  }

  /** When the next event is due; undefined where nothing is pending. */
  get nextMs(): number | undefined {
    return this.#agenda.peek()?.atMs;
  }

  /** How many events are pending. */
  get pendingCount(): number {
    return this.#agenda.size;
  }

  /** Handles the next event; false where none is due at or before `untilMs`. */
  step(untilMs = Number.POSITIVE_INFINITY): boolean {
    const next = this.#agenda.peek();
    if (!next || next.atMs > untilMs) return false;
    this.#agenda.pop();
    if (next.atMs > this.#nowMs) this.#comeTo(next.atMs);
    if (next.rank > this.#turn) this.#turn = next.rank;
    this.#cause = next.cause;
    if (next.type.handler < 0) this.#makeCheck(this.blueprint.watchers[next.payload as number]!);
    else this.blueprint.handlers[next.type.handler]!(this, next.payload as never);
    this.#cause = 0;
    return true;
  }

  /**
   * Handles all events up to and including `untilMs`, then stands there.
   * Returns how many were handled; stops early after `eventsMax`.
   */
  advanceTo(untilMs: number, eventsMax = Number.POSITIVE_INFINITY): number {
    let count = 0;
    while (count < eventsMax && this.step(untilMs)) count++;
    if (count < eventsMax && untilMs > this.#nowMs) this.#comeTo(untilMs);
    return count;
  }

  #comeTo(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#turn = -1;
    if (this.#footprint) this.#footprint.nowMs = nowMs;
  }

  /** Lets somebody outside (a fault, an operator) act at the present instant. */
  act<T>(body: (instant: Instant) => T): T {
    const result = body(this);
    this.#cause = 0;
    return result;
  }

  /** The present world as a value. The run may go on: it copies what the world shares. */
  freeze(): World {
    this.#owner = {};
    return new World({
      blueprint: this.blueprint,
      nowMs: this.#nowMs,
      seed: this.#seed,
      pages: this.#pages.slice(),
      agenda: this.#agenda.fork(),
      counters: { sequence: this.#sequence, entries: this.#entries },
      starts: [],
    });
  }

  /** Pending events that repeat: checks that are due, each from when it was queued until it is made. */
  pendingRepeats(): readonly Pending[] {
    return [...this.#agenda.inOrder()].filter(({ type }) => type.repeats);
  }

  /** See `instantKey`. Between two instants: where the next event is due later than now. */
  instantKey(exactUntilMs?: number): string {
    return instantKey(this.#standing(), exactUntilMs);
  }

  /** See `situationKey`. Between two instants. */
  situationKey(): string {
    return situationKey(this.#standing());
  }

  #standing(): Standing {
    return { blueprint: this.blueprint, nowMs: this.#nowMs, pages: this.#pages, agenda: this.#agenda };
  }

  get<T>(cell: Cell<T>): T {
    if (this.#footprint) this.#footprint.read(cell.index);
    const value = this.#peek(cell);
    if (this.#phaseLog && cell.phased?.phase) this.#phaseLog.used(cell as Cell<unknown>, value);
    return value;
  }

  /** A look of the kernel's own: it decides nothing that the world could tell. */
  #peek<T>(cell: Cell<T>): T {
    return this.#pages[cell.index >> PAGE_BITS]!.values[cell.index & PAGE_MASK] as T;
  }

  /** The present moment for somebody who looks on: what is read so is no part of what the run touches. */
  outside(): Reader {
    return { nowMs: this.#nowMs, get: (cell) => this.#peek(cell) };
  }

  causeOf(cell: Cell<unknown>): number {
    return this.#pages[cell.index >> PAGE_BITS]!.causes[cell.index & PAGE_MASK]!;
  }

  set<T>(cell: Cell<T>, value: T): void {
    const before = this.#peek(cell);
    if (Object.is(before, value)) return;
    if (this.#footprint) this.#footprint.wrote(cell.index);
    if (this.#phaseLog && cell.phased?.phase) this.#phaseLog.used(cell as Cell<unknown>, before);
    this.#write(cell, value);
  }

  #write<T>(cell: Cell<T>, value: T): void {
    const slot = cell.index & PAGE_MASK;
    const page = this.#ownPage(cell.index >> PAGE_BITS);
    page.values[slot] = value;
    page.changed |= 1 << slot;
    page.causes[slot] = this.#cause;
    const watchers = page.watchers[slot];
    if (watchers) for (const index of watchers) this.#wake(this.blueprint.watchers[index]!);
  }

  count(cell: Cell<number>, by: number): void {
    this.#footprint?.counted(cell.index);
    this.#write(cell, this.#peek(cell) + by);
  }

  send<C extends object>(
    cell: MachineCell<C>,
    event: EventObject,
    how: { quiet?: boolean; text?: string } = {},
  ): MachineTransition<C> & { entry: number } {
    const before = this.get(cell);
    const { state, actions } = cell.machine.next(before, event);
    if (state === before) return { state, actions, entry: this.#cause };
    this.#onSend?.(cell as unknown as Cell<unknown>, before as never, event, state as never);
    let entry = this.#cause;
    if (!how.quiet && state.value !== before.value) {
      entry = this.note({
        kind: "state",
        subject: cell.name,
        what: event.type,
        from: before.value,
        to: state.value,
        ...(how.text && { text: how.text }),
      });
    }
    this.because(entry, () => this.set(cell, state));
    return { state, actions, entry };
  }

  after<P>(delayMs: number, type: EventType<P>, payload: P): Pending<P> {
    if (!Number.isInteger(delayMs) || delayMs < 0)
      throw new RangeError(`${type.name}: a delay is an integer of milliseconds, 0 or more; got ${delayMs}`);
    const event: Pending<P> = {
      atMs: this.#nowMs + delayMs,
      rank: 0,
      sequence: ++this.#sequence,
      type,
      payload,
      cause: this.#cause,
    };
    this.#agenda.add(event as Pending);
    return event;
  }

  cancel(pending: Pending<never> | Pending | undefined): boolean {
    return pending !== undefined && this.#agenda.remove(pending as Pending);
  }

  note(entry: TraceNote): number {
    const id = ++this.#entries;
    if (this.#onTrace) {
      const full: TraceEntry = { id, atMs: this.#nowMs, cause: this.#cause, ...entry };
      this.#onTrace(full);
    }
    return id;
  }

  because<T>(entry: number, body: () => T): T {
    const before = this.#cause;
    this.#cause = entry;
    try {
      return body();
    } finally {
      this.#cause = before;
    }
  }

  draw(stream: Stream): number {
    const count = this.get(stream.count);
    this.set(stream.count, count + 1);
    return draw(this.#seed, stream.hash, count);
  }

  watch(watcher: Watcher<never> | Watcher<unknown>, periodMs: number, firstMs = periodMs): void {
    if (!Number.isInteger(periodMs) || periodMs <= 0)
      throw new RangeError(`${watcher.name}: a period is a positive integer of milliseconds; got ${periodMs}`);
    const cell = watcher.state as Cell<WatchState<unknown>>;
    this.#phaseLog?.begunAnew(cell as Cell<unknown>);
    const { pending, reads, last } = this.get(cell);
    this.cancel(pending as Pending | undefined);
    const anchorMs = this.#nowMs + firstMs;
    this.set(cell, {
      active: true,
      anchorMs,
      periodMs,
      last,
      reads,
      startedBy: this.#cause,
      pending: this.#queue(watcher as Watcher<unknown>, anchorMs),
    });
  }

  unwatch(watcher: Watcher<never> | Watcher<unknown>): void {
    const cell = watcher.state as Cell<WatchState<unknown>>;
    this.#phaseLog?.begunAnew(cell as Cell<unknown>);
    const state = this.get(cell);
    if (!state.active) return;
    this.cancel(state.pending as Pending | undefined);
    this.#subscribe(watcher.index, state.reads, []);
    this.set(cell, restingWatch);
  }

  isWatching(watcher: Watcher<never> | Watcher<unknown>): boolean {
    const cell = watcher.state as Cell<WatchState<unknown>>;
    this.#footprint?.read(cell.index);
    return this.#peek(cell).active;
  }

  #start(starts: World["starts"]): void {
    for (const watcher of this.blueprint.watchers) {
      if (!watcher.observer) continue;
      this.set(watcher.state, { ...restingWatch, active: true, pending: this.#queue(watcher, this.#nowMs) });
    }
    for (const start of starts) start(this);
    this.#cause = 0;
  }

  #makeCheck(watcher: Watcher<unknown>): void {
    if (!this.#footprint) {
      this.#lookNow(watcher);
      return;
    }
    const before = this.#footprint.entered(watcher.index);
    this.#lookNow(watcher);
    this.#footprint.left(before);
  }

  #lookNow(watcher: Watcher<unknown>): void {
    const before = this.get(watcher.state);
    this.#reads.begin();
    const result = watcher.spec.evaluate(this.#reads);
    const read = this.#reads.ascending(before.reads);
    // On whose account: the latest change among what was read. The same whether the watcher slept or not.
    this.#cause = this.#latestCause(read, before);
    if (read !== before.reads) this.#subscribe(watcher.index, before.reads, read);
    this.set(watcher.state, checked(before, result, read));
    const settled = watcher.spec.deliver(this, result, before.last);
    const after = this.get(watcher.state);
    // `deliver` may have stopped or restarted the watcher, or changed what it reads and so woken it.
    if (!after.active || after.pending || watcher.observer) return;
    if (settled && !this.#tickAll) return;
    this.#plan(watcher, after, this.#nowMs + 1);
  }

  #latestCause(read: readonly number[], before: WatchState<unknown>): number {
    let latest = before.startedBy;
    for (const index of read) {
      const cause = this.#pages[index >> PAGE_BITS]!.causes[index & PAGE_MASK]!;
      if (cause > latest) latest = cause;
    }
    return latest;
  }

  #wake(watcher: Watcher<unknown>): void {
    const state = this.#peek(watcher.state);
    if (!state.active || state.pending) return;
    this.#plan(watcher, state, this.#turn >= rankOf(watcher) ? this.#nowMs + 1 : this.#nowMs);
  }

  #plan(watcher: Watcher<unknown>, state: WatchState<unknown>, fromMs: number): void {
    const atMs = watcher.observer ? this.#nowMs : nextCheckMs(state.anchorMs, state.periodMs, fromMs);
    const before = this.#footprint?.entered(watcher.index) ?? false;
    this.set(watcher.state, queued(state, this.#queue(watcher, atMs)));
    this.#footprint?.left(before);
  }

  #queue(watcher: Watcher<unknown>, atMs: number): Pending<number> {
    // A check's place among its equals is its watcher's index, not when it was queued: sleeping must not reorder.
    const event: Pending<number> = {
      atMs,
      rank: rankOf(watcher),
      sequence: 0,
      type: this.#check,
      payload: watcher.index,
      cause: this.#cause,
    };
    this.#agenda.add(event as Pending);
    return event;
  }

  #subscribe(watcher: number, before: readonly number[], after: readonly number[]): void {
    let b = 0;
    let a = 0;
    while (b < before.length || a < after.length) {
      if (b < before.length && a < after.length && before[b] === after[a]) {
        b++;
        a++;
      } else if (a >= after.length || (b < before.length && before[b]! < after[a]!))
        this.#edit(before[b++]!, (list) => list.filter((w) => w !== watcher));
      else this.#edit(after[a++]!, (list) => insert(list, watcher));
    }
  }

  #edit(cell: number, change: (list: readonly number[]) => readonly number[]): void {
    const page = this.#ownPage(cell >> PAGE_BITS);
    const list = change(page.watchers[cell & PAGE_MASK] ?? []);
    page.watchers[cell & PAGE_MASK] = list.length > 0 ? list : undefined;
  }

  #ownPage(index: number): Page {
    let page = this.#pages[index]!;
    if (page.owner !== this.#owner) {
      page = page.copyFor(this.#owner);
      this.#pages[index] = page;
    }
    page.key = undefined;
    return page;
  }
}

function insert(list: readonly number[], value: number): readonly number[] {
  const at = list.findIndex((other) => other >= value);
  if (at < 0) return [...list, value];
  return list[at] === value ? list : [...list.slice(0, at), value, ...list.slice(at)];
}
