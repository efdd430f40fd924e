import type { Action } from "./actions.js";
import type { Plan } from "./plan.js";
import { Task } from "./tasks.js";
import type { Node, Resource } from "./working.js";

/** Has the cluster forget a resource's failures on a node. */
export function clearFailCount(plan: Plan, resource: Resource, node: Node, reason: string): Action {
  const action = plan.action(resource, Task.ClearFailcount, node, false);
  action.reason ??= reason;
  return action;
}
