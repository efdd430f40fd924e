import type { AnyStateMachine, AnyStateNode } from "xstate";

/**
 * The regions of a parallel machine that cannot feel each other, by name; undefined where they might. Such regions
 * are tabulated one by one: eight regions of four states are 32 local states, not 65,536. Only what is plain to see
 * counts as independent: states and events alone, each transition's target in its own region.
 */
export function independentRegions(machine: AnyStateMachine): readonly string[] | undefined {
  const root = machine.root as AnyStateNode;
  if (root.type !== "parallel" || root.transitions.size > 0 || hasMore(root)) return undefined;
  const config = root.config as { context?: unknown; output?: unknown };
  if (config.context !== undefined || config.output !== undefined) return undefined;
  const regions = Object.values(root.states) as AnyStateNode[];
  return regions.every((region) => isPlain(region, region)) ? regions.map(({ key }) => key) : undefined;
}

function isPlain(node: AnyStateNode, region: AnyStateNode): boolean {
  if (node.type === "history" || node.type === "final" || hasMore(node)) return false;
  for (const transitions of node.transitions.values())
    for (const { guard, actions, target } of transitions) {
      if (guard !== undefined || actions.length > 0) return false;
      if (target !== undefined && !(target as AnyStateNode[]).every((other) => isWithin(other, region))) return false;
    }
  return Object.values(node.states).every((child) => isPlain(child as AnyStateNode, region));
}

/** Anything besides states and events: actions, tags, and transitions that need no event. */
function hasMore(node: AnyStateNode): boolean {
  return (
    node.entry.length > 0 ||
    node.exit.length > 0 ||
    node.tags.length > 0 ||
    node.invoke.length > 0 ||
    node.after.length > 0 ||
    (node.always?.length ?? 0) > 0 ||
    node.config.onDone !== undefined
  );
}

function isWithin(node: AnyStateNode, region: AnyStateNode): boolean {
  for (let at: AnyStateNode | undefined = node; at !== undefined; at = at.parent) if (at === region) return true;
  return false;
}

/** Whether a region has anything to do with an event. */
export function mayHandle(machine: AnyStateMachine, region: string, eventType: string): boolean {
  const events = (machine.root.states[region] as AnyStateNode).events as readonly string[];
  return events.includes(eventType) || events.some((descriptor) => descriptor.endsWith("*"));
}
