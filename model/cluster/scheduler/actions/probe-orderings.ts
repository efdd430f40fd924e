import { compatible } from "../order/update-collectives.js";
import { A, type Action, type Edge, findActions, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import type { Resource } from "../state/working.js";

/** Orders probes before the restarts that hang on what they may find, and before what follows a stop. */
export function orderProbes(plan: Plan): void {
  const leads = leadingToRestarts(plan);
  for (const resource of plan.resources) orderProbesThenRestarts(plan, resource, leads);
  for (const ordering of plan.orderings.slice()) {
    const { firstResource, thenResource } = ordering;
    if (firstResource?.variant !== "primitive") continue;
    const stops = ordering.firstAction ? ordering.firstAction.task === Task.Stop : ordering.firstTask === Task.Stop;
    if (!stops || thenResource === firstResource) continue;
    // A probe of what is in a container may well run only after the container has started again.
    const thenStops = ordering.thenAction ? ordering.thenAction.task === Task.Stop : ordering.thenTask === Task.Stop;
    if (thenStops && thenResource !== undefined && firstResource.container === thenResource) continue;
    if (ordering.thenAction?.task === Task.Shutdown || ordering.thenAction?.task === Task.LoadStopped) continue;
    const probes = probesOf(firstResource);
    if (probes.length === 0) continue;
    const thens = ordering.thenAction
      ? [ordering.thenAction]
      : thenResource
        ? findActions(thenResource, ordering.thenTask)
        : [];
    // Two that must not be together mind each other's probes, as their stops, on the node in question alone.
    const flags = ordering.flags & O.AntiColocation ? O.AntiColocation : O.Optional;
    for (const p of probes) for (const then of thens) orderActions(p, then, flags);
  }
}

function probesOf(resource: Resource): Action[] {
  return resource.actions.filter((a) => a.task === Task.Monitor && a.intervalMs === 0);
}

/** 1 for each action that is a restart's second half, or is followed by one: the only ones worth following. */
function leadingToRestarts(plan: Plan): Uint8Array {
  const leads = new Uint8Array(plan.actions.length);
  const ahead: Action[] = [];
  const mark = (action: Action): void => {
    if (leads[action.id]) return;
    leads[action.id] = 1;
    ahead.push(action);
  };
  for (const action of plan.actions) if (undoing(action).length > 0) mark(action);
  for (let then = ahead.pop(); then; then = ahead.pop()) {
    for (const edge of then.inputs) if (edge.flags & O.ImpliesThen || isPart(edge)) mark(edge.first);
  }
  return leads;
}

/** Whether an ordering leads from a group's or clone's task to that of one of its parts. */
function isPart({ first, then }: Edge): boolean {
  const whole = first.resource;
  return whole !== undefined && whole.variant !== "primitive" && then.resource?.parent === whole;
}

/** What is done first, wherever it is, where a start or promotion is the second half of a restart. */
function undoing({ task, resource }: Action): Action[] {
  if (resource?.variant !== "primitive") return [];
  const undo = task === Task.Start ? Task.Stop : task === Task.Promote ? Task.Demote : Task.None;
  if (undo === Task.None) return [];
  // What comes true by fencing waits for no probe.
  return findActions(resource, undo).filter((a) => !a.is(A.Pseudo));
}

function orderProbesThenRestarts(plan: Plan, resource: Resource, leads: Uint8Array): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) orderProbesThenRestarts(plan, child, leads);
    return;
  }
  for (const probe of probesOf(resource)) {
    const seen = new Set<Action>();
    for (let i = probe.outputs.length - 1; i >= 0; i--) {
      addRestartOrderings(plan, probe, resource, probe.outputs[i]!.then, seen, leads);
    }
  }
}

/** Follows what comes after, however far that goes: by a list of its own, as chains may be longer than a stack. */
function addRestartOrderings(
  plan: Plan,
  probe: Action,
  probed: Resource,
  start: Action,
  seen: Set<Action>,
  leads: Uint8Array,
): void {
  const ahead = [start];
  for (let then = ahead.pop(); then; then = ahead.pop()) {
    if (!leads[then.id] || seen.has(then)) continue;
    seen.add(then);
    const { resource } = then;
    if (!resource) continue;
    if (resource !== probed) for (const undo of undoing(then)) orderActions(probe, undo, O.Optional);
    for (const edge of then.outputs) if (leadsOn(plan, edge, probed, resource)) ahead.push(edge.then);
  }
}

/**
 * Whether what a probe finds matters beyond an action of `whole`: for all that must follow it, and for the parts of a
 * group or clone that the probed is no part of itself; of an interleaved clone, for the instance that shares its node.
 */
function leadsOn(plan: Plan, edge: Edge, probed: Resource, whole: Resource): boolean {
  if (edge.flags & O.ImpliesThen) return true;
  if (!isPart(edge) || probed.parent === whole) return false;
  return (
    whole.variant === "group" || !whole.interleave || edge.then.resource === compatible(plan, probed, whole, false)
  );
}
