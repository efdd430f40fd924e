import { A, Action, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";

/** The unfencing of a node: it is turned "on" again before it may run what asks for that. */
export function unfencingOf(plan: Plan, node: Node, reason: string | undefined, optional: boolean): Action {
  let action = node.unfencing;
  if (!action) {
    action = new Action(plan.actions.length, undefined, Task.Fence, 0, node, `stonith-${node.name}-on`);
    action.fenceAction = "on";
    action.set(A.Optional);
    action.reason = reason;
    plan.actions.push(action);
    node.unfencing = action;
  }
  if (!optional) action.clear(A.Optional);
  if (reason !== undefined) action.reason ??= reason;
  return action;
}

/** Starts of what requires unfencing (and of fence devices that unfence) wait for their node's unfencing. */
export function requireUnfencing(plan: Plan, resource: Resource, node: Node, then?: Action): void {
  if (!plan.options.stonithEnabled || !resource.is(F.NeedsUnfencing) || node.isRemote) return;
  const unfence = unfencingOf(plan, node, undefined, true);
  if (then) orderActions(unfence, then, O.ImpliesThen | O.Optional);
}
