import { A, Action, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task, taskName } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";

/** The unfencing of a node: it is turned "on" again before it may run what asks for that. */
function unfencingOf(plan: Plan, node: Node): Action {
  let action = node.unfencing;
  if (!action) {
    action = new Action(plan.actions.length, undefined, Task.Fence, 0, node, `stonith-${node.name}-on`);
    action.fenceAction = "on";
    action.set(A.Optional);
    plan.actions.push(action);
    node.unfencing = action;
  }
  return action;
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

/** What requires unfencing stops before its node is unfenced, and starts after it. */
export function orderAroundUnfencing(plan: Plan, resource: Resource): void {
  if (!resource.is(F.NeedsUnfencing) || resource.is(F.FenceDevice)) return;
  for (const node of plan.nodes) {
    if (!resource.allowed[node.index]) continue;
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
