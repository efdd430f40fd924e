import { isParameter, parameterDigest } from "../../cib/parameter-digest.js";
import { A, Action, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task, taskName } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";
import { resourceParameters } from "./parameters.js";

/** The unfencing of a node: it is turned "on" again before it may run what asks for that. */
function unfencingOf(plan: Plan, node: Node): Action {
  let action = node.unfencing;
  if (!action) {
    action = new Action(plan.actions.length, undefined, Task.Fence, 0, node, `stonith-${node.name}-on`);
    action.fenceAction = "on";
    if (!deviceChanged(plan, node)) action.set(A.Optional);
    plan.actions.push(action);
    node.unfencing = action;
  }
  return action;
}

/**
 * Whether a device that provides unfencing has other parameters now than those the node was last unfenced with: the
 * node remembers them as `ID:AGENT:DIGEST,…`. Such an unfencing has no reason of its own to be told.
 */
function deviceChanged(plan: Plan, node: Node): boolean {
  const remembered = ["#digests-all", "#digests-secure"].map((name) => node.attributes.get(name));
  if (remembered[0] === undefined || !plan.state.unfencing) return false;
  return plan.state.allResources.some((device) => {
    if (!device.is(F.FenceDevice) || device.meta.get("provides") !== "unfencing") return false;
    const parameters = new Map(resourceParameters(plan, device, node));
    for (const name of parameters.keys()) if (!isParameter(name)) parameters.delete(name);
    const entry = `${device.id}:${device.agentType}:${parameterDigest(parameters)}`;
    return !remembered.some((text) => text?.split(",").includes(entry));
  });
}

/** Has a node unfenced, for a reason of which the first counts; one that is lost or leaves is not. */
export function unfence(plan: Plan, node: Node, reason: string): void {
  if (!plan.state.unfencing || !node.online || node.unclean || node.shutdown) return;
  const action = unfencingOf(plan, node);
  action.clear(A.Optional);
  action.reason ??= reason;
}

/** The attribute is the time of the last unfencing: 0 or absent where the node was fenced since, or never unfenced. */
function wasUnfenced(node: Node): boolean {
  const since = node.attributes.get("#node-unfenced");
  return since !== undefined && since !== "0";
}

/**
 * Probes and starts of what requires unfencing wait for it, and so do those of fence devices, whose agents may not work
 * on a node that is shut out. A node that never was unfenced is; else that a start is new is no reason to do it again.
 */
export function orderAfterUnfencing(plan: Plan, resource: Resource, node: Node, action: Action, flags: number): void {
  const concerns = resource.is(F.NeedsUnfencing) || (resource.is(F.FenceDevice) && plan.state.unfencing);
  if (!concerns) return;
  orderActions(unfencingOf(plan, node), action, flags);
  if (!wasUnfenced(node)) unfence(plan, node, `required by ${resource.id} ${taskName[action.task]}`);
}

/** From a node that is to be unfenced, what requires that does not migrate: it stops first. */
export function orderBeforeUnfencing(plan: Plan, resource: Resource, node: Node, stop: Action): void {
  if (resource.is(F.NeedsUnfencing)) orderActions(stop, unfencingOf(plan, node), O.ImpliesFirst);
}

/** What requires unfencing stops before its node is unfenced, and starts after it. */
export function orderAroundUnfencing(plan: Plan, resource: Resource): void {
  if (!resource.is(F.NeedsUnfencing) || resource.is(F.FenceDevice)) return;
  for (const node of plan.nodes) {
    if (!resource.allowed[node.index] && !resource.runningOn.includes(node)) continue;
    const action = unfencingOf(plan, node);
    plan.orderings.push({
      firstResource: resource,
      firstTask: Task.Stop,
      firstAction: undefined,
      thenResource: undefined,
      thenTask: Task.None,
      thenAction: action,
      flags: O.Optional | O.SameNode,
    });
    plan.orderings.push({
      firstResource: undefined,
      firstTask: Task.None,
      firstAction: action,
      thenResource: resource,
      thenTask: Task.Start,
      thenAction: undefined,
      flags: O.ImpliesThenOnNode | O.SameNode,
    });
  }
}
