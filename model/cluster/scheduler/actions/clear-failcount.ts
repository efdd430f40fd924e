import { orderActionThenTask } from "../constraints/orderings.js";
import { type Action, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";
import { failCount } from "../unpack/fail-counts.js";
import { digestChange } from "./digests.js";
import { fencingOf } from "./fencing.js";
import { isReachedAtHost } from "./parameters.js";

/** Has the cluster forget a resource's failures on a node. */
export function clearFailCount(plan: Plan, resource: Resource, node: Node, reason: string): Action {
  const action = plan.action(resource, Task.ClearFailcount, node, false);
  action.reason ??= reason;
  return action;
}

/** Forgets the failures that have expired; those of a connection to a remote node only once that node was fenced. */
export function clearExpiredFailures(plan: Plan): void {
  for (const { resource, node, reason } of plan.state.failCountClears) {
    const clear = clearFailCount(plan, resource, node, reason);
    const { remoteNode } = resource;
    if (!remoteNode || resource.remoteReconnectMs === 0 || !plan.options.stonithEnabled) continue;
    orderActions(fencingOf(plan, remoteNode, undefined, true), clear, O.ImpliesThen);
  }
}

/** The operations whose failure may be due to parameters that have changed since. */
const CHECKED: ReadonlySet<string> = new Set(["start", "monitor", "promote", "migrate_from"]);

/**
 * Failures of operations whose parameters have changed since are forgotten: they may well succeed now. Of connections
 * that are reached at their container's host that is told only after these have been `assigned`.
 */
export function clearFailuresOfOldDefinitions(plan: Plan, assigned: boolean): void {
  for (const { resource, node, operations } of plan.state.histories) {
    if (resource.variant !== "primitive" || isReachedAtHost(resource) !== assigned) continue;
    for (const op of operations) {
      if (!op.id.endsWith("_last_failure_0") || !CHECKED.has(op.operation)) continue;
      if (plan.state.expiredOperations.has(op)) continue;
      const change = digestChange(plan, resource, node, op);
      if (change === "restart" || change === "changed") {
        clearFailCount(plan, resource, node, "resource parameters have changed");
      }
    }
  }
}

/** Failures of what is no longer configured are forgotten before it is stopped for good. */
export function clearFailuresOfOrphans(plan: Plan): void {
  for (const resource of plan.resources) {
    if (!resource.is(F.Orphan)) continue;
    for (const node of plan.nodes) {
      if (!node.online || !node.hasFailures || failCount(plan.state, resource, node).count === 0) continue;
      const clear = clearFailCount(plan, resource, node, "it is orphaned");
      orderActionThenTask(plan, clear, resource, Task.Stop, O.Optional);
    }
  }
}
