import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventObject,
  initialTransition,
  type StateValue,
  transition,
} from "xstate";
import { canonical } from "../kernel/canonical.js";
import { problem } from "./problem.js";
import { independentRegions, mayHandle } from "./regions.js";

/** One state of a part, interned: its number is its position in `states`. */
interface LocalState {
  readonly snapshot: AnyMachineSnapshot;
  /** XState's state value; of the region alone where the part is a region. */
  readonly value: StateValue;
  readonly next: Map<string, LocalStep>;
}

export interface LocalStep {
  readonly state: number;
  /** Names of the XState actions that the machine asks for. */
  readonly actions: readonly string[];
}

/** What varies as one: a whole machine, or one of its independent regions. */
export interface Part {
  readonly region: string | undefined;
  readonly states: LocalState[];
}

const STATES_MAX = 4_096;
const HARMLESS = new Set(["xstate.log", "xstate.emit"]);

/**
 * The local states of one XState machine as small numbers, met by calling XState and nothing else. The machine is the
 * only source of its meaning. State 0 of each part is the initial one.
 */
export class LocalMachine {
  readonly parts: readonly Part[];
  readonly #machine: AnyStateMachine;
  readonly #model: string;
  readonly #ids: readonly Map<string, number>[];

  constructor(machine: AnyStateMachine, model: string) {
    this.#machine = machine;
    this.#model = model;
    const regions = independentRegions(machine) ?? [undefined];
    this.parts = regions.map((region) => ({ region, states: [] }));
    this.#ids = regions.map(() => new Map());
    const [snapshot, actions] = this.#twice("its initial state", () => initialTransition(machine) as never);
    this.#refuseOtherActors(actions, "its initial state");
    for (const part of this.parts) this.#intern(part, snapshot);
  }

  /** Whether the part has anything to do with this kind of event; a machine that is whole always may. */
  mayHandle(part: Part, eventType: string): boolean {
    return part.region === undefined || mayHandle(this.#machine, part.region, eventType);
  }

  next(part: Part, state: number, event: EventObject): LocalStep {
    const from = part.states[state]!;
    const key = eventKey(event);
    let step = from.next.get(key);
    if (step === undefined) {
      const what = `event ${event.type} in ${JSON.stringify(from.value)}`;
      const [snapshot, actions] = this.#twice(what, () => transition(this.#machine, from.snapshot, event) as never);
      this.#refuseOtherActors(actions, what);
      step = {
        state: this.#intern(part, snapshot),
        actions: actions.map(({ type }) => type).filter((type) => !type.startsWith("xstate.")),
      };
      from.next.set(key, step);
    }
    return step;
  }

  /** What the event leads to whatever the part's state is, if it does; the state need not be read then. */
  always(part: Part, event: EventObject): LocalStep | undefined {
    const first = this.next(part, 0, event);
    for (let state = 1; state < part.states.length; state++) {
      const step = this.next(part, state, event);
      if (step.state !== first.state || step.actions.join() !== first.actions.join()) return undefined;
    }
    return first;
  }

  #intern(part: Part, snapshot: AnyMachineSnapshot): number {
    const ids = this.#ids[this.parts.indexOf(part)]!;
    const value =
      part.region === undefined ? snapshot.value : (snapshot.value as Record<string, StateValue>)[part.region]!;
    const key = part.region === undefined ? this.#key(snapshot) : canonical(value);
    let id = ids.get(key);
    if (id === undefined) {
      if (part.states.length >= STATES_MAX)
        throw this.#problem(`has more than ${STATES_MAX} states: its context is not bounded, or too wide`);
      id = part.states.length;
      ids.set(key, id);
      part.states.push({ snapshot, value, next: new Map() });
    }
    return id;
  }

  /** All that a snapshot's future depends on. */
  #key(snapshot: AnyMachineSnapshot): string {
    const history = Object.entries(snapshot.historyValue as Record<string, readonly { id: string }[]>);
    return canonical([
      snapshot.value,
      snapshot.status,
      snapshot.context,
      history.map(([id, nodes]) => [id, nodes.map((node) => node.id)]),
    ]);
  }

  /** Asks twice: a guard or an assignment that is not pure is caught where it differs. */
  #twice(what: string, ask: () => [AnyMachineSnapshot, { type: string }[]]) {
    const [snapshot, actions] = ask();
    const [again, actionsAgain] = ask();
    const same = this.#key(snapshot) === this.#key(again) && actions.length === actionsAgain.length;
    if (!same) throw this.#problem(`gave two answers to ${what}: a guard or an action of it is not pure`);
    return [snapshot, actions] as const;
  }

  #refuseOtherActors(actions: readonly { type: string }[], what: string): void {
    const refused = actions.find(({ type }) => type.startsWith("xstate.") && !HARMLESS.has(type));
    if (refused !== undefined)
      throw this.#problem(`asks for ${refused.type} at ${what}: delays and other actors are for rules to say`);
  }

  #problem(message: string) {
    return problem(this.#model, `machine ${this.#machine.id} ${message}`);
  }
}

function eventKey(event: EventObject): string {
  for (const name in event) if (name !== "type") return canonical(event);
  return event.type;
}
