import { A } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import type { Node, Resource } from "../state/working.js";

/**
 * With shutdown-lock, what a node ran when it was cleanly shut down waits for that node, until the lock expires. Clones
 * and bundles are never locked.
 */
export function applyShutdownLocks(plan: Plan): void {
  for (const { resource, node } of plan.state.forgets) forgetHistory(plan, resource, node);
  if (!plan.options.shutdownLock) return;
  for (const resource of plan.resources) lock(plan, resource);
}

function lock(plan: Plan, resource: Resource): void {
  if (resource.variant === "group") for (const member of resource.children) lock(plan, member);
  if (resource.variant !== "primitive") return;
  settleLock(plan, resource);
  const locked = resource.lockNode;
  if (!locked) return;
  const limit = Math.floor(plan.options.shutdownLockLimitMs / 1000);
  if (limit > 0) plan.state.recheckBy(resource.lockTime + limit + 1);
  for (const node of plan.nodes) {
    if (node !== locked && resource.allowed[node.index]) resource.scores[node.index] = -INFINITY;
  }
}

/** A lock of the history ends where the resource runs all the same; a node on its way down locks what it runs alone. */
function settleLock(plan: Plan, resource: Resource): void {
  if (resource.lockNode) {
    if (resource.runningOn.length === 0) return;
    forgetHistory(plan, resource, resource.lockNode);
    resource.lockNode = undefined;
    resource.lockTime = 0;
    return;
  }
  const [node] = resource.runningOn;
  if (!node || resource.runningOn.length > 1 || !node.shutdown || node.unclean) return;
  resource.lockNode = node;
  resource.lockTime = shutdownTime(plan, node);
}

/** When the node was asked to shut down, in seconds since the epoch. */
function shutdownTime(plan: Plan, node: Node): number {
  const asked = Number.parseInt(node.attributes.get("shutdown") ?? "", 10);
  return asked > 0 ? asked : plan.state.nowEpochSeconds;
}

/** The CIB drops what a node remembers of a resource; the node itself need not be there. */
function forgetHistory(plan: Plan, resource: Resource, node: Node): void {
  plan.action(resource, Task.ForgetHistory, node, false).set(A.Dc | A.Runnable);
}
