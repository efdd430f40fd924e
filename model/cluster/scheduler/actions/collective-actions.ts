import { A, type Action, findAction } from "../state/actions.js";
import { instancesOf } from "../state/instances.js";
import { atomicTask, Task } from "../state/tasks.js";
import type { Node, Resource } from "../state/working.js";

/**
 * The flags of an action; for a group's or clone's pseudo-action these follow from its members' actions, on one node
 * or anywhere, and are written back where they say more than is known.
 */
export function actionFlags(action: Action, node: Node | undefined): number {
  const resource = action.resource;
  if (!resource) return action.flags;
  switch (resource.variant) {
    case "primitive":
      return action.flags;
    case "group":
      return groupFlags(action, resource, node);
    default:
      return cloneFlags(action, resource, node);
  }
}

/**
 * An action's flags as seen from `node`: whether a clone's task is needed is asked of the instance there; whether it can
 * run, of all of them.
 */
export function flagsOnNode(action: Action, node: Node | undefined): number {
  const flags = actionFlags(action, undefined);
  if (!node || !action.resource?.isCollective) return flags;
  return actionFlags(action, node) | (flags & A.Runnable);
}

function groupFlags(action: Action, group: Resource, node: Node | undefined): number {
  let flags = A.Optional | A.Runnable | A.Pseudo;
  const task = atomicTask(action.about ?? action.task);
  for (const member of group.children) {
    const of = findAction(member, task, 0, node);
    if (of) {
      const memberFlags = of.flags;
      if (flags & A.Optional && !(memberFlags & A.Optional)) {
        flags &= ~A.Optional;
        action.clear(A.Optional);
      }
      // A group's task may begin though not every member can do it; it is complete only if all could.
      if (task !== action.task && flags & A.Runnable && !(memberFlags & A.Runnable)) {
        flags &= ~A.Runnable;
        action.clear(A.Runnable);
      }
    } else if (task !== Task.Stop && task !== Task.Demote) {
      flags &= ~A.Runnable;
    }
  }
  return flags;
}

function cloneFlags(action: Action, clone: Resource, node: Node | undefined): number {
  let flags = A.Optional | A.Runnable | A.Pseudo;
  const task = atomicTask(action.about ?? action.task);
  let anyRunnable = false;
  for (const instance of instancesOf(clone, task)) {
    // A group that is an instance has its own completion, which says more than that its task began.
    const single = instance.variant === "primitive";
    const of = findAction(instance, single ? task : (action.about ?? action.task), 0, single ? node : undefined);
    if (!of) continue;
    const instanceFlags = actionFlags(of, node);
    if (flags & A.Optional && !(instanceFlags & A.Optional)) {
      flags &= ~A.Optional;
      action.clear(A.Optional);
    }
    if (instanceFlags & A.Runnable) anyRunnable = true;
  }
  if (!anyRunnable) {
    flags &= ~A.Runnable;
    if (!node) action.clear(A.Runnable);
  }
  return flags;
}
