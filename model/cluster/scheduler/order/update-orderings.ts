import { flagsOnNode } from "../actions/collective-actions.js";
import { A, type Action, type Edge, findAction, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { assignedNode, isAncestor } from "../state/resource-state.js";
import { completedTask, Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";
import { blockColocationDependents } from "./blocked-colocation.js";
import { updateCollective } from "./update-collectives.js";
import { Changed, updatePrimitive } from "./update-pair.js";

/**
 * Makes every ordering true: what a required action needs becomes required, what cannot run takes with it what
 * depends on it, until nothing changes any more. Newest actions first.
 */
export function updateOrderings(plan: Plan): void {
  const actions = plan.actions;
  for (let i = actions.length - 1; i >= 0; i--) {
    updateAction(plan, actions[i]!);
    while (plan.putOff.size + plan.putOffBlocks.size > 0) {
      for (const action of plan.putOff) {
        plan.putOff.delete(action);
        updateAction(plan, action);
      }
      for (const action of plan.putOffBlocks) {
        plan.putOffBlocks.delete(action);
        blockColocationDependents(plan, action);
      }
    }
  }
}

/** A change is followed by calls in calls as far as this; what is further away has its turn afterwards. */
const DEEPEST = 200;

export function updateAction(plan: Plan, then: Action): void {
  if (plan.updating >= DEEPEST) {
    plan.putOff.add(then);
    return;
  }
  plan.updating++;
  updateInputs(plan, then);
  plan.updating--;
}

function updateInputs(plan: Plan, then: Action): void {
  let changed: number = Changed.None;
  const before = then.flags;
  if (then.is(A.RequiresAny)) {
    then.clear(A.Runnable);
    then.runnableBefore = 0;
    if (then.requiredRunnableBefore === 0) then.requiredRunnableBefore = 1;
  }
  const inputs = then.inputs;
  for (let i = inputs.length - 1; i >= 0; i--) {
    const edge = inputs[i]!;
    if (edge.flags === 0) continue;
    const change = updateEdge(plan, edge, then);
    changed |= change & Changed.Then;
    if (change & Changed.First) {
      const outputs = edge.first.outputs;
      for (let j = outputs.length - 1; j >= 0; j--) updateAction(plan, outputs[j]!.then);
      updateAction(plan, edge.first);
    }
  }
  if (then.is(A.RequiresAny)) {
    if (before === then.flags) changed &= ~Changed.Then;
    else changed |= Changed.Then;
  }
  if (changed & Changed.Then) {
    if (before & A.Runnable && !then.is(A.Runnable)) blockColocationDependents(plan, then);
    updateAction(plan, then);
    const outputs = then.outputs;
    for (let j = outputs.length - 1; j >= 0; j--) updateAction(plan, outputs[j]!.then);
  }
}

function updateEdge(plan: Plan, edge: Edge, then: Action): number {
  let first = edge.first;
  let firstNode = first.node;
  let thenNode = then.node;
  if (first.resource?.variant === "group" && first.task === Task.Start) firstNode = assignedNode(first.resource);
  if (then.resource?.variant === "group" && then.task === Task.Start) thenNode = assignedNode(then.resource);
  if (edge.flags & O.SameNode && firstNode && thenNode && firstNode !== thenNode) {
    edge.flags = 0;
    return Changed.None;
  }
  if (edge.flags & O.ThenCancelsFirst && !then.is(A.Optional)) {
    first.set(A.Optional);
    if (first.task === Task.Reload) first.resource!.clear(F.Reload);
  }
  if (
    first.resource &&
    then.resource &&
    first.resource !== then.resource &&
    !isAncestor(first.resource, then.resource)
  ) {
    first = completionOf(first);
  }
  if (first === edge.first) return applyFlags(plan, edge, first, then, firstNode, thenNode);
  // What follows a group's or clone's task waits for its completion.
  if (!orderActions(first, then, edge.flags)) return Changed.None;
  edge.flags = 0;
  return Changed.Then;
}

/** For a group's or clone's task, the point at which it is complete; with notifications, at which that is confirmed. */
function completionOf(first: Action): Action {
  const resource = first.resource!;
  if (resource.variant === "primitive" || !first.is(A.Pseudo)) return first;
  const task = completedTask(first.task);
  if (task === first.task && !isCompletion(task)) return first;
  if (resource.is(F.Notify) && resource.isCollective) {
    const confirmed = resource.confirmations?.get(task);
    if (confirmed) return confirmed;
  }
  return findAction(resource, task, 0, undefined) ?? first;
}

function isCompletion(task: Task): boolean {
  return task === Task.Started || task === Task.Stopped || task === Task.Promoted || task === Task.Demoted;
}

function applyFlags(
  plan: Plan,
  edge: Edge,
  first: Action,
  then: Action,
  firstNode: Node | undefined,
  thenNode: Node | undefined,
): number {
  const type = edge.flags;
  const firstFlags = flagsOnNode(first, thenNode);
  const thenFlags = flagsOnNode(then, firstNode);
  let node = then.node;
  let implies = type & O.ImpliesThen;
  if (type & O.ImpliesThenOnNode) {
    implies = O.ImpliesThen;
    node = first.node;
  }
  let changed: number = Changed.None;
  const r = then.resource;
  if (implies) {
    if (r) changed |= update(plan, first, then, node, firstFlags & A.Optional, A.Optional, O.ImpliesThen);
    else if (!(firstFlags & A.Optional) && then.is(A.Optional)) {
      then.clear(A.Optional);
      changed |= Changed.Then;
    }
  }
  if (type & O.Restart && r) {
    changed |= update(plan, first, then, node, firstFlags, A.Optional | A.Runnable, O.Restart);
  }
  if (type & O.ImpliesFirst) {
    if (first.resource) {
      changed |= update(plan, first, then, first.node, firstFlags, A.Optional, O.ImpliesFirst, first.resource);
    } else if (!(firstFlags & A.Optional) && first.is(A.Runnable)) {
      first.clear(A.Runnable);
      changed |= Changed.First;
    }
  }
  if (type & O.PromotedImpliesFirst && r) {
    changed |= update(plan, first, then, node, firstFlags & A.Optional, A.Optional, O.PromotedImpliesFirst);
  }
  if (type & O.OneOrMore) {
    if (r) changed |= update(plan, first, then, node, firstFlags, A.Runnable, O.OneOrMore);
    else if (firstFlags & A.Runnable) {
      then.runnableBefore++;
      if (then.runnableBefore >= then.requiredRunnableBefore && !then.is(A.Runnable)) {
        then.set(A.Runnable);
        changed |= Changed.Then;
      }
    }
  }
  if (type & O.Probe && r) {
    if (!(firstFlags & A.Runnable) && first.resource && first.resource.runningOn.length > 0) edge.flags = 0;
    else changed |= update(plan, first, then, node, firstFlags, A.Runnable, O.RunnableLeft);
  }
  if (type & O.RunnableLeft) {
    if (r) changed |= update(plan, first, then, node, firstFlags, A.Runnable, O.RunnableLeft);
    else if (!(firstFlags & A.Runnable) && then.is(A.Runnable)) {
      then.clear(A.Runnable);
      changed |= Changed.Then;
    }
  }
  if (type & O.ImpliesFirstMigratable && r) {
    changed |= update(plan, first, then, node, firstFlags, A.Optional, O.ImpliesFirstMigratable);
  }
  if (type & O.PseudoLeft && r) {
    changed |= update(plan, first, then, node, firstFlags, A.Optional, O.PseudoLeft);
  }
  if (type & O.Optional && r) {
    changed |= update(plan, first, then, node, firstFlags, A.Runnable, O.Optional);
  }
  if (type & O.Asymmetrical && r) {
    changed |= update(plan, first, then, node, firstFlags, A.Runnable, O.Asymmetrical);
  }
  if (first.is(A.Runnable) && type & O.ImpliesThenPrinted && !(firstFlags & A.Optional)) then.set(A.PrintAlways);
  if (type & O.ImpliesFirstPrinted && !(thenFlags & A.Optional)) first.set(A.PrintAlways);
  if (
    type & (O.ImpliesThen | O.ImpliesFirst | O.Restart) &&
    first.resource &&
    first.task === Task.Stop &&
    !first.resource.is(F.Managed) &&
    first.resource.is(F.Blocked) &&
    !first.is(A.Runnable) &&
    then.is(A.Runnable)
  ) {
    then.clear(A.Runnable);
    changed |= Changed.Then;
  }
  return changed;
}

/** Applies one meaning of an ordering, in the way of the then's kind of resource (the first's, for what it implies). */
export function update(
  plan: Plan,
  first: Action,
  then: Action,
  node: Node | undefined,
  flags: number,
  filter: number,
  type: number,
  resource: Resource = then.resource!,
): number {
  if (resource.isCollective) return updateCollective(plan, first, then, node, flags, filter, type);
  let changed = updatePrimitive(first, then, flags, filter, type);
  // A member's restart reaches the rest of its group or instance at once.
  if (changed & Changed.Then && then.resource?.parent) updateAction(plan, then);
  if (resource.variant === "group" && then.resource?.variant === "group") {
    for (const member of then.resource.children) {
      const action = findAction(member, then.task, 0, node);
      if (action) changed |= update(plan, first, action, node, flags, filter, type);
    }
  }
  return changed;
}
