import type { AnyStateMachine } from "xstate";
import type { MachineData } from "./page-data.js";

/** What a diagram shows of an XState definition: its states, and every transition with its event and guard. */
export function machineData(machine: AnyStateMachine): MachineData {
  const states: string[] = [];
  const transitions: MachineData["transitions"][number][] = [];
  const walk = (node: AnyStateMachine["root"]) => {
    const children = Object.values(node.states) as AnyStateMachine["root"][];
    const name = node.path.join(".");
    if (children.length === 0) states.push(name);
    for (const definitions of node.transitions.values())
      for (const { eventType, target, guard } of definitions) {
        const to = target?.[0] ? leafOf(target[0] as AnyStateMachine["root"]) : name;
        // A state's own data changes without an arrow of interest where the machine has but one state.
        transitions.push({ from: name, event: eventType, to, ...(guard ? { guard: guardText(guard) } : {}) });
      }
    for (const child of children) walk(child);
  };
  walk(machine.root);
  return { id: machine.id, initial: leafOf(machine.root), states, transitions };
}

function leafOf(node: AnyStateMachine["root"]): string {
  let at = node;
  for (let depth = 0; depth < 10 && at.initial; depth++) {
    const next = at.initial.target[0] as AnyStateMachine["root"] | undefined;
    if (!next) break;
    at = next;
  }
  return at.path.join(".");
}

function guardText(guard: unknown): string {
  if (typeof guard === "string") return guard;
  const { type, name } = guard as { type?: string; name?: string };
  return type ?? name ?? "guarded";
}
