import { compatible } from "../order/update-collectives.js";
import { A, type Action, addEdge, type Edge, findActions, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import type { Resource } from "../state/working.js";

/** Orders probes before the restarts that hang on what they may find, and before what follows a stop. */
export function orderProbes(plan: Plan): void {
  const undone = leadingToRestarts(plan);
  for (const resource of plan.resources) orderProbesThenRestarts(plan, resource, undone);
  for (const ordering of plan.orderings) {
    const { firstResource, thenResource } = ordering;
    if (firstResource?.variant !== "primitive") continue;
    const stops = ordering.firstAction ? ordering.firstAction.task === Task.Stop : ordering.firstTask === Task.Stop;
    if (!stops || thenResource === firstResource) continue;
    // A probe of what is in a container may well run only after the container has started again.
    const thenStops = ordering.thenAction ? ordering.thenAction.task === Task.Stop : ordering.thenTask === Task.Stop;
    if (thenStops && thenResource !== undefined && firstResource.container === thenResource) continue;
    if (ordering.thenAction && ONLY_AFTER_STOPS.has(ordering.thenAction.task)) continue;
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

/** What happens to a node once resources have stopped there: that they are looked for elsewhere is nothing to it. */
const ONLY_AFTER_STOPS: ReadonlySet<Task> = new Set([Task.Shutdown, Task.LoadStopped, Task.Fence]);

function probesOf(resource: Resource): Action[] {
  return resource.actions.filter((a) => a.task === Task.Monitor && a.intervalMs === 0);
}

/** What is undone first, by the actions' ids: undefined for those that neither restart anything nor lead to a restart. */
type Undone = (readonly Action[] | undefined)[];

/** The actions that are a restart's second half, or are followed by one: the only ones worth following. */
function leadingToRestarts(plan: Plan): Undone {
  const undone: Undone = plan.actions.map(undoing);
  const ahead = plan.actions.filter((action) => undone[action.id]);
  for (let then = ahead.pop(); then; then = ahead.pop()) {
    for (const edge of then.inputs) {
      const { first } = edge;
      if (undone[first.id] || !(edge.flags & O.ImpliesThen || isPart(edge))) continue;
      undone[first.id] = NOTHING;
      ahead.push(first);
    }
  }
  return undone;
}

const NOTHING: readonly Action[] = [];

/** Whether an ordering leads from a group's or clone's task to that of one of its parts. */
function isPart({ first, then }: Edge): boolean {
  const whole = first.resource;
  return whole !== undefined && whole.variant !== "primitive" && then.resource?.parent === whole;
}

/** What is done first, wherever it is, where a start or promotion is the second half of a restart. */
function undoing({ task, resource }: Action): readonly Action[] | undefined {
  if (resource?.variant !== "primitive") return undefined;
  const undo = task === Task.Start ? Task.Stop : task === Task.Promote ? Task.Demote : Task.None;
  if (undo === Task.None) return undefined;
  // What comes true by fencing waits for no probe.
  const found = findActions(resource, undo).filter((a) => !a.is(A.Pseudo));
  return found.length > 0 ? found : undefined;
}

function orderProbesThenRestarts(plan: Plan, resource: Resource, undone: Undone): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) orderProbesThenRestarts(plan, child, undone);
    return;
  }
  for (const probe of probesOf(resource)) addRestartOrderings(plan, probe, resource, undone);
}

/** Follows what comes after, however far that goes: by a list of its own, as chains may be longer than a stack. */
function addRestartOrderings(plan: Plan, probe: Action, probed: Resource, undone: Undone): void {
  const ahead = probe.outputs.map((edge) => edge.then);
  // A chain may restart hundreds behind each probe: whether one is ordered behind it already is not searched for.
  const ordered = new Set(ahead);
  const search = plan.startSearch();
  for (let then = ahead.pop(); then; then = ahead.pop()) {
    const undoneFirst = undone[then.id];
    if (!undoneFirst || then.searchedIn === search) continue;
    then.searchedIn = search;
    const { resource } = then;
    if (!resource) continue;
    if (resource !== probed) {
      for (const undo of undoneFirst) {
        if (ordered.has(undo)) orderActions(probe, undo, O.Optional);
        else addEdge(probe, undo, O.Optional);
      }
    }
    for (const edge of then.outputs)
      if (undone[edge.then.id] && leadsOn(plan, edge, probed, resource)) ahead.push(edge.then);
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
