import { A, type Action } from "./actions.js";
import { fenceNode } from "./fencing.js";
import type { Plan } from "./plan.js";
import { Task } from "./tasks.js";
import { F } from "./working.js";

/** Why an action cannot run as things are: no node, an offline or pending node, no quorum. */
export function blockWithoutNode(plan: Plan, action: Action): void {
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
      fenceNode(plan, node, "resource actions are unrunnable", false);
    }
    return;
  }
  if (!action.is(A.Dc) && node.pending) {
    action.clear(A.Runnable);
    return;
  }
  if (action.requires === "nothing") {
    if (action.reason === undefined || action.is(A.Runnable)) action.reason = undefined;
    if (node.isGuest && !canFence(plan, node)) action.clear(A.Runnable);
    else action.set(A.Runnable);
    return;
  }
  if (plan.state.haveQuorum || plan.options.noQuorumPolicy === "ignore") {
    action.reason = undefined;
    action.set(A.Runnable);
    return;
  }
  if (plan.options.noQuorumPolicy === "stop") {
    block(action, "no quorum");
  } else if (plan.options.noQuorumPolicy === "freeze") {
    if (!isActiveEverywhere(resource) || resource.nextRole > resource.role) block(action, "quorum freeze");
  } else {
    action.reason = undefined;
    action.set(A.Runnable);
  }
}
