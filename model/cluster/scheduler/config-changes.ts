import { isRecurringConfigured } from "./operations.js";
import type { Plan } from "./plan.js";
import { cancelOperation } from "./recurring.js";
import { Task } from "./tasks.js";
import { F, type Resource } from "./working.js";
import { O } from "./actions.js";
import type { OperationHistory } from "../cib/types.js";
import type { Node } from "./working.js";

/**
 * Holds what each node remembers of each resource against the configuration: recurring operations that stand, are no
 * longer wanted or must be restarted; and parameters that changed since a resource was started.
 */
export function handleConfigurationChanges(plan: Plan): void {
  for (const { node, resource, operations } of plan.state.histories) {
    if (resource.variant !== "primitive") continue;
    if (resource.is(F.Orphan) && !isActiveOn(resource, node)) continue;
    if (!isActiveOn(resource, node) && !hasStoppedMonitor(resource)) continue;
    const last = lastStop(operations);
    for (let i = last + 1; i < operations.length; i++) check(plan, resource, node, operations[i]!);
  }
}

function isActiveOn(resource: Resource, node: Node): boolean {
  return resource.runningOn.includes(node);
}

function hasStoppedMonitor(resource: Resource): boolean {
  return resource.operations.some((o) => o.attrs.role === "Stopped");
}

function lastStop(operations: readonly OperationHistory[]): number {
  for (let i = operations.length - 1; i >= 0; i--) {
    const o = operations[i]!;
    if (o.operation === "stop" && o.opStatus === 0) return i;
  }
  return -1;
}

function check(plan: Plan, resource: Resource, node: Node, op: OperationHistory): void {
  if (op.intervalMs === 0) return;
  if (op.opStatus === 1) return;
  if (isRecurringConfigured(resource, op.operation, op.intervalMs)) {
    plan.action(resource, Task.Monitor, node, true, op.intervalMs);
    return;
  }
  if (!plan.options.stopOrphanActions) return;
  const cancel = cancelOperation(plan, resource, op.intervalMs, node, op.operation);
  plan.orderings.push({
    firstResource: resource,
    firstTask: Task.Stop,
    firstAction: undefined,
    thenResource: resource,
    thenTask: Task.None,
    thenAction: cancel,
    flags: O.Optional,
  });
}
