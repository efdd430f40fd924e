import { type AnyMachineSnapshot, type AnyStateMachine, type EventObject, initialTransition, transition } from "xstate";
import { canonical } from "../../../model/kernel/canonical.js";
import type { ClosedModel, Condition, Conditions } from "../../../model/packed/index.js";

interface Whole {
  readonly machines: Map<string, AnyMachineSnapshot>;
  readonly variables: Map<string, unknown>;
}

/**
 * The plainest search there is, to hold the packed one against: states are maps of XState snapshots and values, met
 * states a Set of text, and rules run in every state. For models without families.
 */
export function exploreByHand(declared: ClosedModel) {
  const parts = Object.entries(declared.parts);
  const first: Whole = {
    machines: new Map(
      parts.flatMap(([name, part]) => ("root" in part ? [[name, initialTransition(part as AnyStateMachine)[0]]] : [])),
    ),
    variables: new Map(parts.flatMap(([name, part]) => ("initial" in part ? [[name, part.initial]] : []))),
  };
  const met = new Set([keyOf(first)]);
  const found = {
    states: 1,
    transitions: 1,
    depth: 0,
    possible: new Set<string>(),
    brokenAt: undefined as number | undefined,
    deadlockAt: undefined as number | undefined,
  };
  for (let level = [first], depth = 0; level.length > 0; depth++) {
    const next: Whole[] = [];
    found.depth = depth;
    for (const state of level) {
      const facts = viewOf(state) as never;
      if (Object.values(declared.always ?? {}).some((holds) => !holds(facts))) found.brokenAt ??= depth;
      let steps = 0;
      for (const { name, when, does } of declared.rules) {
        if (!flatten(when as Conditions<never>).every((holds) => holds(facts))) continue;
        const after: Whole = { machines: new Map(state.machines), variables: new Map(state.variables) };
        does(viewOf(after) as never);
        found.possible.add(name);
        found.transitions++;
        steps++;
        const key = keyOf(after);
        if (met.has(key)) continue;
        met.add(key);
        next.push(after);
      }
      if (steps === 0 && declared.mayEnd?.(facts) !== true) found.deadlockAt ??= depth;
    }
    if (found.brokenAt !== undefined || found.deadlockAt !== undefined) return { ...found, states: met.size };
    level = next;
  }
  return { ...found, states: met.size };
}

function keyOf({ machines, variables }: Whole): string {
  return canonical([[...machines.values()].map(({ value, context }) => [value, context]), [...variables.values()]]);
}

function flatten(asks: Conditions<never> | undefined): Condition<never>[] {
  if (asks === undefined) return [];
  return typeof asks === "function" ? [asks] : asks.flatMap(flatten);
}

function viewOf(state: Whole): object {
  const view = {};
  for (const name of state.machines.keys()) {
    const send = (event: string | EventObject) => {
      const asked = typeof event === "string" ? { type: event } : event;
      const [snapshot, actions] = transition(state.machines.get(name)!.machine, state.machines.get(name)!, asked);
      state.machines.set(name, snapshot as AnyMachineSnapshot);
      return actions.map(({ type }) => type);
    };
    const handle = {
      send,
      is: (value: never) => state.machines.get(name)!.matches(value),
      get context() {
        return state.machines.get(name)!.context;
      },
    };
    Object.defineProperty(view, name, { get: () => handle });
  }
  for (const name of state.variables.keys())
    Object.defineProperty(view, name, {
      get: () => state.variables.get(name),
      set: (value) => state.variables.set(name, value),
    });
  return view;
}
