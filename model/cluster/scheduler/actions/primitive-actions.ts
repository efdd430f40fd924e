import { A, type Action, findActions, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { currentNode } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { canMigrate, planMigration } from "./migration.js";
import { scheduleRecurring } from "./recurring.js";
import { orderAfterUnfencing, orderBeforeUnfencing } from "./unfencing.js";

/** Plans what takes a primitive from where and what it is to where and what it is to be. */
export function createPrimitiveActions(plan: Plan, resource: Resource): void {
  if (resource.nextRole === Role.Unknown) {
    resource.nextRole = resource.assignedTo ? Role.Started : Role.Stopped;
  }
  const chosen = resource.assignedTo;
  const current = currentNode(resource);
  let allowMigrate = resource.is(F.AllowMigrate);
  let needStop = false;
  let needPromote = false;
  let moving = false;

  for (const node of resource.danglingMigrations) {
    const stop = stopOn(plan, resource, node, false);
    stop.set(A.Dangling);
  }

  const all = resource.runningOn.length;
  const clean = resource.runningOn.filter((n) => n.online && !n.unclean).length;
  let multiplyActive = false;
  if (
    allowMigrate &&
    all === 2 &&
    clean === 2 &&
    chosen &&
    resource.partialSource &&
    resource.partialTarget &&
    current === resource.partialSource &&
    chosen === resource.partialTarget
  ) {
    // A migration under way counts as active on one node only.
  } else if (resource.partialTarget || resource.partialSource) {
    // The migration cannot be carried on: what may be half here and half there is recovered, wherever it is.
    needStop = true;
    resource.partialSource = undefined;
    resource.partialTarget = undefined;
    allowMigrate = false;
  } else if (resource.is(F.NeedsFencing)) {
    multiplyActive = all > 1;
  } else {
    // Without need of fencing, it may start elsewhere while an unclean node still waits to be fenced.
    multiplyActive = clean > 1;
  }
  if (multiplyActive) {
    if (resource.multipleActive === "stop_start") needStop = true;
    else if (resource.multipleActive === "stop_unexpected") {
      needStop = true;
      resource.set(F.StopUnexpected);
    }
  } else if (resource.multipleActive === "stop_unexpected") {
    resource.clear(F.StopUnexpected);
  }

  if (resource.is(F.StartPending)) {
    const start = plan.action(resource, Task.Start, chosen, true);
    start.set(A.PrintAlways);
  }
  if (current && chosen && current !== chosen && resource.nextRole > Role.Stopped) {
    moving = true;
    needStop = true;
  } else if (resource.is(F.Failed)) {
    if (resource.is(F.StopIfFail)) needStop = true;
    else if (resource.nextRole === Role.Promoted) needPromote = true;
  } else if (resource.is(F.Blocked)) {
    needStop = true;
  } else if (resource.role > Role.Started && current && chosen) {
    const start = plan.action(resource, Task.Start, chosen, true);
    if (!start.is(A.Optional)) needStop = true;
  }

  allowMigrate = allowMigrate && canMigrate(resource, current);
  restart(plan, resource, current, needStop, needPromote);
  transition(plan, resource);

  if (!resource.is(F.Blocked)) scheduleRecurring(plan, resource);
  if (allowMigrate && moving && current) planMigration(plan, resource, current);
}

/** The next role on the way from one to another. */
function step(from: Role, to: Role): Role {
  switch (from) {
    case Role.Unknown:
      return Role.Stopped;
    case Role.Stopped:
      return to === Role.Started ? Role.Started : to === Role.Stopped ? Role.Stopped : Role.Unpromoted;
    case Role.Started:
      return to === Role.Promoted ? Role.Promoted : to === Role.Unpromoted ? Role.Unpromoted : Role.Stopped;
    case Role.Unpromoted:
      return to === Role.Promoted ? Role.Promoted : to === Role.Unpromoted ? Role.Unpromoted : Role.Stopped;
    default:
      return to === Role.Promoted ? Role.Promoted : Role.Unpromoted;
  }
}

function take(plan: Plan, resource: Resource, from: Role, to: Role, node: Node | undefined, optional: boolean): void {
  if (to === Role.Stopped) {
    if (from !== Role.Unknown || resource.runningOn.length > 0) stop(plan, resource, optional);
  } else if (from === Role.Stopped) {
    if (node) start(plan, resource, node, optional);
  } else if (from === Role.Promoted) {
    demote(plan, resource, optional);
  } else if (to === Role.Promoted) {
    if (node) promote(plan, resource, node, optional);
  }
}

/** Down from the present role and up again: needed for a move or recovery, else in case something else asks for it. */
function restart(
  plan: Plan,
  resource: Resource,
  current: Node | undefined,
  needStop: boolean,
  needPromote: boolean,
): void {
  resource.set(F.Restarting);
  let role = resource.role;
  while (role !== Role.Stopped) {
    const next = step(role, Role.Stopped);
    take(plan, resource, role, next, current, !needStop);
    role = next;
  }
  while (resource.role <= resource.nextRole && role !== resource.role && !resource.is(F.Blocked)) {
    const next = step(role, resource.role);
    const required = needStop || (next === Role.Promoted && needPromote);
    take(plan, resource, role, next, resource.assignedTo, !required);
    role = next;
  }
  resource.clear(F.Restarting);
}

function transition(plan: Plan, resource: Resource): void {
  let role = resource.role;
  while (role !== resource.nextRole) {
    const next = step(role, resource.nextRole);
    take(plan, resource, role, next, resource.assignedTo, false);
    role = next;
  }
}

function stopOn(plan: Plan, resource: Resource, node: Node, optional: boolean): Action {
  const action = plan.action(resource, Task.Stop, node, optional);
  if (!resource.assignedTo) action.reason ??= "node availability";
  else if (resource.is(F.Restarting) && resource.is(F.StopUnexpected)) action.reason = "being multiply active";
  if (!resource.is(F.Managed)) action.clear(A.Runnable);
  orderBeforeUnfencing(plan, resource, node, action);
  if (plan.options.removeAfterStop) deleteFrom(plan, resource, node, optional);
  return action;
}

function stop(plan: Plan, resource: Resource, optional: boolean): void {
  let needless = optional;
  for (const node of resource.runningOn) {
    if (resource.is(F.Restarting) && resource.is(F.StopUnexpected) && node === resource.assignedTo) continue;
    if (resource.partialTarget) {
      // The migration to this node is carried on, so the resource stays there.
      if (resource.partialTarget === node && node === resource.assignedTo) continue;
      needless = false;
    }
    stopOn(plan, resource, node, needless);
  }
}

function start(plan: Plan, resource: Resource, node: Node, optional: boolean): void {
  const action = plan.action(resource, Task.Start, node, true);
  orderAfterUnfencing(plan, resource, node, action, O.ImpliesThen);
  if (!action.is(A.Runnable) || optional) return;
  action.clear(A.Optional);
  // Of several places where it is active, it stays where it is expected: there is nothing to start. (Pacemaker 2.1.5 says
  // so even where it is expected in another place.)
  if (resource.is(F.StopUnexpected) && resource.is(F.Restarting)) action.set(A.Pseudo);
}

function promote(plan: Plan, resource: Resource, node: Node, optional: boolean): void {
  const runnable = findActions(resource, Task.Start, node).every((s) => s.is(A.Runnable));
  if (runnable) {
    plan.action(resource, Task.Promote, node, optional);
    return;
  }
  for (const action of findActions(resource, Task.Promote, node)) action.clear(A.Runnable);
}

function demote(plan: Plan, resource: Resource, optional: boolean): void {
  for (const node of resource.runningOn) {
    if (resource.is(F.StopUnexpected) && node === resource.assignedTo) continue;
    plan.action(resource, Task.Demote, node, optional);
  }
}

/** Removes the history of a resource from a node, once it is stopped there. */
export function deleteFrom(plan: Plan, resource: Resource, node: Node, optional: boolean): void {
  if (resource.is(F.Failed) || node.unclean || !node.online) return;
  plan.action(resource, Task.Delete, node, optional);
  const flags = optional ? O.ImpliesThen : O.Optional;
  plan.orderings.push({
    firstResource: resource,
    firstTask: Task.Stop,
    firstAction: undefined,
    thenResource: resource,
    thenTask: Task.Delete,
    thenAction: undefined,
    flags,
  });
  plan.orderings.push({
    firstResource: resource,
    firstTask: Task.Delete,
    firstAction: undefined,
    thenResource: resource,
    thenTask: Task.Start,
    thenAction: undefined,
    flags,
  });
}
