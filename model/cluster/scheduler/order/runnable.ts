import { fenceNode } from "../actions/fencing.js";
import { A, type Action } from "../state/actions.js";
import { canFence } from "../state/can-fence.js";
import type { Plan } from "../state/plan.js";
import { isActive } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { F, Role } from "../state/working.js";

/** Whether a resource's action can run as things are: it needs a node that is there, and what it requires. */
export function setRunnable(plan: Plan, action: Action): void {
  if (action.is(A.Pseudo)) return;
  const resource = action.resource!;
  const node = action.node;
  if (!node) {
    action.clear(A.Runnable);
    return;
  }
  if (!action.is(A.Dc) && !node.online && (!node.isGuest || node.requiresReset)) {
    action.clear(A.Runnable);
    if (resource.is(F.Managed) && action.task === Task.Stop && !node.unclean) {
      fenceNode(plan, node, "stop is unrunnable");
    }
    return;
  }
  if (!action.is(A.Dc) && node.pending) {
    action.clear(A.Runnable);
    return;
  }
  if (action.requires === "nothing") {
    if (node.isGuest && !canFence(plan.state, node)) action.clear(A.Runnable);
    else {
      // What needs nothing of the cluster is only ever kept back, or called for, by what comes after this.
      action.reason = undefined;
      action.set(A.Runnable);
    }
    return;
  }
  const { noQuorumPolicy } = plan.options;
  if (!plan.state.haveQuorum && noQuorumPolicy === "demote" && resource.role >= Role.Unpromoted) {
    // Without quorum, what can be promoted goes on unpromoted.
    if (resource.nextRole > Role.Unpromoted) resource.nextRole = Role.Unpromoted;
  } else if (!plan.state.haveQuorum && noQuorumPolicy !== "freeze" && noQuorumPolicy !== "ignore") {
    action.clear(A.Runnable);
    action.reason = "no quorum";
    return;
  }
  if (!plan.state.haveQuorum && noQuorumPolicy === "freeze") {
    if (!isActive(resource, true) || resource.nextRole > resource.role) {
      action.clear(A.Runnable);
      action.reason ??= "quorum freeze";
    }
    // What could not run before it was known where, does not become able to.
    return;
  }
  action.set(A.Runnable);
}
