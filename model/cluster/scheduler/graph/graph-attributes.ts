import { operationTimeoutMs } from "../actions/operation-meta.js";
import { operationParameters, resourceParameters } from "../actions/parameters.js";
import { A, type Action } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task, taskName } from "../state/tasks.js";

/** How long an action may take. */
export function timeoutMsOf(plan: Plan, action: Action): number {
  if (action.task === Task.Fence) return plan.options.stonithTimeoutMs;
  if (action.is(A.Pseudo) || !action.resource || action.resource.variant !== "primitive") return 0;
  return operationTimeoutMs(
    plan,
    action.resource,
    action.ownTask ?? taskName[action.task]!,
    action.intervalMs,
    action.config,
  );
}

/** What the graph says of an action beside its key and node. */
export function attributesOf(plan: Plan, action: Action, timeoutMs: number): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = parametersOf(plan, action);
  if (timeoutMs > 0 && action.task !== Task.Fence) attributes.CRM_meta_timeout = String(timeoutMs);
  if (action.intervalMs > 0) attributes.CRM_meta_interval = String(action.intervalMs);
  if (action.expectedRc !== undefined) attributes.CRM_meta_op_target_rc = String(action.expectedRc);
  if (action.extra) Object.assign(attributes, action.extra);
  return attributes;
}

/**
 * The agent's parameters, for operations on a resource: what their digest in the history is made of. (What is only said
 * to be done has them too, as in Pacemaker's graphs.)
 */
function parametersOf(plan: Plan, action: Action): Record<string, string> {
  const { resource, node, task } = action;
  const parameters: Record<string, string> = {};
  if (!node || resource?.variant !== "primitive" || task === Task.Fence) return parameters;
  for (const [name, value] of resourceParameters(plan, resource, node)) parameters[name] = value;
  for (const [name, value] of operationParameters(plan, resource, action.config, node)) parameters[name] = value;
  return parameters;
}
