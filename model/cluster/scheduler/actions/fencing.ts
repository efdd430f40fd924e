import { A, Action, findActions, O, orderActions } from "../state/actions.js";
import { canFence } from "../state/can-fence.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";
import { notifyOfFencing } from "./notifications.js";

/** Marks a node as unclean: it is to be fenced, for this reason unless another stands already. */
export function fenceNode(plan: Plan, node: Node, reason: string, isRequired = false): void {
  if (node.isGuest) {
    const container = node.connection?.container;
    if (container && !container.is(F.Failed) && container.is(F.Managed)) {
      node.requiresReset = true;
      container.set(F.Failed | F.StopIfFail);
    }
    return;
  }
  if (!node.unclean) {
    node.unclean = true;
    node.fenceReason ??= reason;
  }
  fencingOf(plan, node, reason, !isRequired);
}

/** The planned fencing of a node. */
export function fencingOf(
  plan: Plan,
  node: Node,
  reason: string | undefined,
  optional: boolean,
  how: "off" | "reboot" = plan.options.stonithAction,
): Action {
  let action = node.fencing;
  if (!action) {
    action = new Action(plan.actions.length, undefined, Task.Fence, 0, node, `stonith-${node.name}-${how}`);
    action.fenceAction = how;
    action.set(A.Optional);
    action.reason = node.fenceReason;
    plan.actions.push(action);
    node.fencing = action;
  }
  action.reason ??= reason;
  if (!optional) action.clear(A.Optional);
  return action;
}

/** Fences what is unclean, shuts down what asks for it, and orders the two kinds among themselves. */
export function planFencingAndShutdowns(plan: Plan): void {
  const fencings: Action[] = [];
  const shutdowns: Action[] = [];
  let ofDc: Action | undefined;
  // While there is nothing to be managed, nothing is to be recovered by fencing either.
  const mayFence = plan.resources.some(isAnyManaged);
  for (const node of plan.nodes) {
    if (node.isGuest) {
      if (node.requiresReset && canFence(plan.state, node)) fenceGuest(plan, node);
      continue;
    }
    if (node.unclean && mayFence && canFence(plan.state, node)) {
      const fencing = fencingOf(plan, node, "node is unclean", false);
      orderAgainstFencing(plan, fencing, node);
      if (node.isDc) ofDc = fencing;
      else {
        const previous = fencings.at(-1);
        if (previous && !plan.options.concurrentFencing) orderActions(previous, fencing, O.Optional);
        fencings.push(fencing);
      }
    } else if (node.online && node.shutdown && !node.isRemote) {
      const shutdown = planShutdown(plan, node);
      if (node.isDc) ofDc = shutdown;
      else shutdowns.push(shutdown);
    }
  }
  if (!ofDc) return;
  // The DC goes last, so that nobody who is about to go is elected; but its fencing waits for no shutdown.
  if (ofDc.task === Task.Shutdown) for (const shutdown of shutdowns) orderActions(shutdown, ofDc, O.Optional);
  if (plan.options.concurrentFencing) for (const fencing of fencings) orderActions(fencing, ofDc, O.Optional);
  else orderActions(fencings.at(-1), ofDc, O.Optional);
}

function isAnyManaged(resource: Resource): boolean {
  return resource.is(F.Managed) || resource.children.some(isAnyManaged);
}

function planShutdown(plan: Plan, node: Node): Action {
  const shutdown = plan.clusterAction(`do_shutdown-${node.name}`, Task.Shutdown, node, false);
  for (const stop of plan.actions) {
    const resource = stop.resource;
    if (stop.task !== Task.Stop || stop.node !== node || !resource) continue;
    // What is left alone need not be stopped first.
    if (resource.is(F.Maintenance)) continue;
    if (!resource.is(F.Managed | F.Blocked)) continue;
    stop.clear(A.Optional);
    plan.orderings.push({
      firstResource: resource,
      firstTask: Task.None,
      firstAction: stop,
      thenResource: undefined,
      thenTask: Task.None,
      thenAction: shutdown,
      flags: O.Optional | O.RunnableLeft,
    });
  }
  return shutdown;
}

function orderAgainstFencing(plan: Plan, fencing: Action, node: Node): void {
  for (const resource of plan.resources) orderResource(plan, resource, fencing, node);
}

function orderResource(plan: Plan, resource: Resource, fencing: Action, node: Node): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) orderResource(plan, child, fencing, node);
    return;
  }
  if (!resource.is(F.Managed)) return;
  orderStarts(resource, fencing, node);
  orderStops(plan, resource, fencing, node);
}

/**
 * What needs fencing starts after it; what needs quorum waits only where it could still be running on the node, but then
 * does not start where the fencing cannot be done either (of a guest whose container is left alone).
 */
function orderStarts(resource: Resource, fencing: Action, node: Node): void {
  for (const action of resource.actions) {
    if (action.requires === "fencing") orderActions(fencing, action, O.Optional);
    else if (
      action.requires === "quorum" &&
      action.task === Task.Start &&
      resource.allowed[node.index] &&
      !isKnown(resource, node)
    ) {
      orderActions(fencing, action, O.Optional | O.RunnableLeft);
    }
  }
}

/** What is known of an anonymous clone on a node is known of each instance; but of a group in it, some may be unknown. */
function isKnown({ known, parent }: Resource, { index }: Node): boolean {
  if (known[index]) return true;
  return parent?.variant === "clone" && !parent.is(F.Unique) && parent.known[index] === 1;
}

/** Stops and demotes on the node to be fenced come true by the fencing itself. */
function orderStops(plan: Plan, resource: Resource, fencing: Action, node: Node): void {
  const inOrder = resource.is(F.NeedsFencing) || node.isGuest;
  // In a bundle, it is enough that the whole waits for the fencing; more would close a circle by way of its container.
  const bundled = resource.whole.variant === "bundle";
  const top = resource.top;
  for (const stop of findActions(resource, Task.Stop, node)) {
    stop.set(A.Pseudo | A.Runnable);
    if (inOrder) {
      stop.set(A.ImpliedByFencing);
      if (!bundled) orderActions(fencing, stop, O.Preserve);
      orderActions(fencing, findActions(top, Task.Stop)[0], O.Preserve);
    }
    if (resource.is(F.Notify)) notifyOfFencing(plan, resource, fencing);
  }
  for (const demote of findActions(resource, Task.Demote, node)) {
    if (node.online && !node.unclean && !resource.is(F.Failed)) continue;
    demote.set(A.Pseudo | A.Runnable);
    if (inOrder && !bundled) orderActions(fencing, demote, O.Preserve | O.Optional);
  }
}

/** A guest node is "fenced" by stopping its container: here only said, for what waits for it. */
function fenceGuest(plan: Plan, node: Node): void {
  const container = node.connection?.container;
  const stop = container && findActions(container, Task.Stop)[0];
  const restarts = container !== undefined && findActions(container, Task.Start).length > 0;
  const fencing = fencingOf(plan, node, "guest is unclean", false, restarts ? "reboot" : "off");
  fencing.set(A.Pseudo | A.Runnable);
  if (stop?.is(A.Pseudo) && stop.node) {
    orderActions(fencingOf(plan, stop.node, undefined, true), fencing, O.RunnableLeft | O.ImpliesThen);
  } else if (stop) {
    orderActions(stop, fencing, O.RunnableLeft | O.ImpliesThen);
  } else {
    // The container may only look stopped because its history was cleaned: wait for what a probe tells.
    const connectionStop = node.connection && findActions(node.connection, Task.Stop)[0];
    if (connectionStop) orderActions(connectionStop, fencing, O.Optional);
  }
  orderAgainstFencing(plan, fencing, node);
}
