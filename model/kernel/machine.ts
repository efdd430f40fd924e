import { type AnyStateMachine, type EventObject, initialTransition, type MachineSnapshot, transition } from "xstate";
import { canonical } from "./canonical.js";

/** What a machine asks for on a transition: the names and parameters of its XState actions, as data. */
export interface MachineAction {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

export interface MachineTransition<C extends object = object> {
  readonly state: MachineState<C>;
  readonly actions: readonly MachineAction[];
}

/** One state of one machine, interned: equal states are the same object. */
export interface MachineState<C extends object = object> {
  readonly machine: CompiledMachine<C>;
  /** Position among the states met so far. */
  readonly id: number;
  /** The state value: `up`, or a dotted path (`up.serving`); parallel regions are joined by `|`. */
  readonly value: string;
  readonly context: Readonly<C>;
  readonly tags: ReadonlySet<string>;
}

interface Entry<C extends object> extends MachineState<C> {
  readonly snapshot: MachineSnapshot<C, EventObject, never, never, never, never, never, never>;
  readonly next: Map<string, MachineTransition<C>>;
}

const STATES_MAX = 200_000;

/**
 * A table over an XState machine, filled by asking XState itself. XState stays the only source of what the machine
 * means; a transition asked for a second time costs one look-up. Needs pure guards and bounded context.
 */
export class CompiledMachine<C extends object = object> {
  readonly id: string;
  readonly #machine: AnyStateMachine;
  readonly #states = new Map<string, Entry<C>>();
  readonly #initial = new Map<string, MachineTransition<C>>();

  constructor(machine: AnyStateMachine) {
    this.id = machine.id;
    this.#machine = machine;
  }

  /** The XState definition, for diagrams and for tests that walk both side by side. */
  get definition(): AnyStateMachine {
    return this.#machine;
  }

  initial(input?: Readonly<Record<string, unknown>>): MachineState<C> {
    const key = canonical(input ?? null);
    let found = this.#initial.get(key);
    if (!found) {
      found = this.#intern(initialTransition(this.#machine, input as never) as never);
      this.#initial.set(key, found);
    }
    return found.state;
  }

  /** The transition that `event` causes in `state`; the same state where the machine ignores it. */
  next(state: MachineState<C>, event: EventObject): MachineTransition<C> {
    const entry = state as Entry<C>;
    const key = eventKey(event);
    let found = entry.next.get(key);
    if (!found) {
      found = this.#intern(transition(this.#machine, entry.snapshot as never, event as never) as never);
      entry.next.set(key, found);
    }
    return found;
  }

  #intern([snapshot, actions]: [Entry<C>["snapshot"], { type: string; params?: unknown }[]]): MachineTransition<C> {
    const value = stateValue(snapshot.value);
    const key = `${value} ${canonical(snapshot.context)}`;
    let state = this.#states.get(key);
    if (!state) {
      if (this.#states.size >= STATES_MAX)
        throw new Error(`machine ${this.id}: more than ${STATES_MAX} states; its context is unbounded`);
      state = {
        machine: this,
        id: this.#states.size,
        value,
        context: Object.freeze(snapshot.context),
        tags: snapshot.tags as ReadonlySet<string>,
        snapshot,
        next: new Map(),
      };
      this.#states.set(key, state);
    }
    const asked = actions
      .filter((action) => !action.type.startsWith("xstate."))
      .map((action) => ({ type: action.type, params: action.params as MachineAction["params"] }));
    return { state, actions: asked };
  }
}

const compiled = new WeakMap<AnyStateMachine, CompiledMachine<never>>();

/** The table of a machine; one per definition. */
export function compile<C extends object = object>(machine: AnyStateMachine): CompiledMachine<C> {
  let found = compiled.get(machine) as CompiledMachine<C> | undefined;
  if (!found) {
    found = new CompiledMachine<C>(machine);
    compiled.set(machine, found as unknown as CompiledMachine<never>);
  }
  return found;
}

function eventKey(event: EventObject): string {
  for (const name in event) if (name !== "type") return canonical(event);
  return event.type;
}

function stateValue(value: unknown): string {
  if (typeof value === "string") return value;
  return Object.entries(value as Record<string, unknown>)
    .map(([name, inner]) =>
      typeof inner === "object" && Object.keys(inner as object).length === 0 ? name : `${name}.${stateValue(inner)}`,
    )
    .join("|");
}
