import type { AnyStateMachine } from "xstate";
import type { EventType } from "./agenda.js";
import type { Cell, MachineCell, Phased, Reader } from "./cell.js";
import type { Instant } from "./instant.js";
import { compile, type MachineState } from "./machine.js";
import { hashText } from "./random.js";
import type { Watcher, WatcherSpec, WatchState } from "./watch.js";
import { restingWatch } from "./watch.js";
import { World } from "./world.js";

/** A seeded stream of random numbers; its only state is how many were drawn. */
export interface Stream {
  readonly name: string;
  readonly hash: number;
  readonly count: Cell<number>;
}

type Handler = (instant: Instant, payload: never) => void;

/**
 * All that stays the same while a world changes: which cells there are, what each kind of event does, who watches
 * what. Built once per topology by the parts of the twin; handlers close over the topology and nothing that changes.
 */
export class Blueprint {
  readonly cells: Cell<unknown>[] = [];
  readonly handlers: Handler[] = [];
  readonly watchers: Watcher<unknown>[] = [];
  readonly #byName = new Map<string, Cell<unknown>>();
  readonly #starts: ((instant: Instant) => void)[] = [];

  /** A new cell. Names are unique: two parts that claim one fact are a bug. */
  cell<T>(
    name: string,
    initial: T,
    relative?: (value: T, nowMs: number) => unknown,
    phased?: Phased<NoInfer<T>>,
  ): Cell<T> {
    if (this.#byName.has(name)) throw new Error(`two cells are named ${name}`);
    const index = this.cells.length;
    const cell: Cell<T> = { index, name, initial, ...(relative && { relative }), ...(phased && { phased }) };
    this.cells.push(cell as Cell<unknown>);
    this.#byName.set(name, cell as Cell<unknown>);
    return cell;
  }

  /** A cell that holds the state of an XState machine, from the machine's initial state. */
  machine<C extends object = object>(
    name: string,
    machine: AnyStateMachine,
    input?: Readonly<Record<string, unknown>>,
  ): MachineCell<C> {
    const table = compile<C>(machine);
    const cell = this.cell<MachineState<C>>(name, table.initial(input));
    return Object.assign(cell, { machine: table });
  }

  /** The cell of that name, for tools that take names from people; undefined where there is none. */
  find(name: string): Cell<unknown> | undefined {
    return this.#byName.get(name);
  }

  /** A kind of event and what it does when its time comes. `repeats`: see EventType. */
  event<P = undefined>(
    name: string,
    handler: (instant: Instant, payload: P) => void,
    { repeats = false }: { readonly repeats?: boolean } = {},
  ): EventType<P> {
    this.handlers.push(handler as Handler);
    return { name, handler: this.handlers.length - 1, repeats };
  }

  stream(name: string): Stream {
    return { name, hash: hashText(name), count: this.cell(`stream/${name}`, 0) };
  }

  /** A check that repeats while it is started (`instant.watch`), and sleeps while nothing that it reads changes. */
  watcher<R>(name: string, spec: WatcherSpec<R>): Watcher<R> {
    return this.#watch(name, spec, false);
  }

  /** A derived fact: evaluated at the end of every instant that changed something it reads. Always on. */
  observer<R>(
    name: string,
    evaluate: (read: Reader) => R,
    onChange: (instant: Instant, result: R, before: R | undefined) => void,
  ): Watcher<R> {
    return this.#watch(
      name,
      {
        evaluate,
        deliver: (instant, result, before) => {
          if (!Object.is(result, before)) onChange(instant, result, before);
          return true;
        },
      },
      true,
    );
  }

  /** Runs when a world is made, in the order of registration. */
  onStart(start: (instant: Instant) => void): void {
    this.#starts.push(start);
  }

  /** A world at virtual time 0, with every start handler still to run at its first instant. */
  world(seed: number): World {
    return World.initial(this, seed, this.#starts);
  }

  #watch<R>(name: string, spec: WatcherSpec<R>, observer: boolean): Watcher<R> {
    const index = this.watchers.length;
    const state = this.cell<WatchState<R>>(`watch/${name}`, restingWatch as WatchState<R>, relativeWatch, PHASED_WATCH);
    const watcher: Watcher<R> = { index, name, spec, state, observer };
    this.watchers.push(watcher as Watcher<unknown>);
    return watcher;
  }
}

/** A sleeping watcher's future depends on its phase, not on when it was started. */
function relativeWatch(value: WatchState<unknown>, nowMs: number): unknown {
  if (!value.active) return null;
  return [phaseMs(value, nowMs), value.periodMs, value.pending !== undefined, value.last];
}

function phaseMs({ anchorMs, periodMs }: WatchState<unknown>, nowMs: number): number {
  return periodMs > 0 ? (((nowMs - anchorMs) % periodMs) + periodMs) % periodMs : 0;
}

const PHASED_WATCH: Phased<WatchState<never>> = {
  rest: ({ active, periodMs, pending, last }) => (active ? [periodMs, pending !== undefined, last] : null),
  phase: (value) => (value.active ? phaseMs(value, 0) : 0),
};
