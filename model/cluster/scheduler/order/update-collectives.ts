import { actionFlags } from "../actions/collective-actions.js";
import { assignNowhere, nodesByPreference } from "../assign/assign-node.js";
import { A, type Action, findAction, O, orderActions } from "../state/actions.js";
import { instancesOf } from "../state/instances.js";
import type { Plan } from "../state/plan.js";
import { assignedNodes, currentNodes, currentRole, plannedRole } from "../state/resource-state.js";
import { atomicTask, Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { update, updateAction } from "./update-orderings.js";
import { Changed, updatePrimitive } from "./update-pair.js";

/** One meaning of an ordering whose ends are (or one of whose ends is) a clone or bundle. */
export function updateCollective(
  plan: Plan,
  first: Action,
  then: Action,
  node: Node | undefined,
  flags: number,
  filter: number,
  type: number,
): number {
  if (canInterleave(first, then)) return interleaved(plan, first, then, node, filter, type);
  let changed = updatePrimitive(first, then, flags, filter, type);
  if (!then.resource?.isCollective) return changed;
  const task = then.task;
  for (const instance of instancesOf(then.resource, task)) {
    const action = findAction(instance, task, 0, node);
    if (!action) continue;
    if (!(actionFlags(action, node) & A.Runnable)) continue;
    const change = update(plan, first, action, node, flags, filter, type);
    changed |= change;
    if (change & Changed.Then) {
      const outputs = action.outputs;
      for (let i = outputs.length - 1; i >= 0; i--) updateAction(plan, outputs[i]!.then);
    }
  }
  return changed;
}

/** Both clones, and the one that depends on the other says interleave. */
function canInterleave(first: Action, then: Action): boolean {
  const a = first.resource;
  const b = then.resource;
  if (!a || !b || a === b || !a.isCollective || !b.isCollective) return false;
  const down = then.task === Task.Stop || then.task === Task.Demote;
  return (down ? a : b).interleave;
}

/** Each instance of the then waits only for the instance of the first on its own node. */
function interleaved(
  plan: Plan,
  first: Action,
  then: Action,
  node: Node | undefined,
  filter: number,
  type: number,
): number {
  const current = first.task === Task.Stopped || first.task === Task.Demoted;
  let changed: number = Changed.None;
  for (const thenInstance of instancesOf(then.resource!)) {
    const firstInstance = compatible(plan, thenInstance, first.resource!, current);
    if (!firstInstance) {
      if (unassignIfMandatory(plan, thenInstance, type, current)) changed |= Changed.Then;
      continue;
    }
    const firstAction = instanceAction(first, firstInstance, node);
    if (!firstAction) continue;
    const thenAction = instanceAction(then, thenInstance, node);
    if (!thenAction) continue;
    if (orderActions(firstAction, thenAction, type)) changed |= Changed.First | Changed.Then;
    changed |= update(
      plan,
      firstAction,
      thenAction,
      node,
      actionFlags(firstAction, node),
      filter,
      type,
      type === O.ImpliesFirst ? firstInstance : thenInstance,
    );
  }
  return changed;
}

/** The instance of `other` that shares the node with `instance`, now or as planned. */
export function compatible(plan: Plan, instance: Resource, other: Resource, current: boolean): Resource | undefined {
  const nodes = current ? currentNodes(instance) : assignedNodes(instance);
  if (nodes.length > 0) {
    const node = nodes[0]!;
    for (const candidate of instancesOf(other)) if (matches(candidate, node, current)) return candidate;
    return undefined;
  }
  // Not placed: of the nodes that it knows, wanted or not, the best one with a counterpart decides.
  for (const node of nodesByPreference(plan, instance, undefined)) {
    for (const candidate of instancesOf(other)) if (matches(candidate, node, current)) return candidate;
  }
  return undefined;
}

function matches(candidate: Resource, node: Node, current: boolean): boolean {
  if (candidate.is(F.Unassigned) && !current) return false;
  const nodes = current ? currentNodes(candidate) : assignedNodes(candidate);
  return nodes.includes(node) && (current ? currentRole(candidate) : plannedRole(candidate)) > Role.Unknown;
}

/** An instance that must not be without its counterpart does not come up at all. */
function unassignIfMandatory(plan: Plan, instance: Resource, type: number, current: boolean): boolean {
  if (current || !(type & (O.RunnableLeft | O.ImpliesThen))) return false;
  return assignNowhere(plan, instance);
}

function instanceAction(action: Action, instance: Resource, node: Node | undefined): Action | undefined {
  if (instance.variant !== "primitive") return findAction(instance, action.task, 0, undefined);
  const task = atomicTask(action.task);
  const inside = instance.replica?.child;
  if (inside && instance.is(F.IsContainer) && (task === Task.Promote || task === Task.Demote)) {
    return findAction(inside, task, 0, undefined);
  }
  return findAction(instance, task, 0, node) ?? findAction(instance, task, 0, undefined);
}
