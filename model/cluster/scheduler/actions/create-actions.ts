import { A, type Action, findActions, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { completedTask, Task } from "../state/tasks.js";
import { F, type Resource } from "../state/working.js";
import { createBundleActions } from "./bundle-actions.js";
import { type Notification, notificationPseudos } from "./notifications.js";
import { createPrimitiveActions } from "./primitive-actions.js";

/** Plans the actions of a resource and of all it holds. */
export function createActions(plan: Plan, resource: Resource): void {
  switch (resource.variant) {
    case "primitive":
      createPrimitiveActions(plan, resource);
      return;
    case "group":
      createGroupActions(plan, resource);
      return;
    case "clone":
      createCloneActions(plan, resource);
      return;
    default:
      createBundleActions(plan, resource, (part) => createActions(plan, part));
  }
}

function isPromotable(resource: Resource): boolean {
  for (let r: Resource | undefined = resource; r; r = r.parent) if (r.is(F.Promotable)) return true;
  return false;
}

function createGroupActions(plan: Plan, group: Resource): void {
  for (const member of group.children) createActions(plan, member);
  for (const task of [Task.Start, Task.Started, Task.Stop, Task.Stopped]) plan.pseudo(group, task, true, true);
  if (!isPromotable(group)) return;
  for (const task of [Task.Demote, Task.Demoted, Task.Promote, Task.Promoted]) plan.pseudo(group, task, true, true);
}

export interface CloneNotifications {
  start?: Notification;
  stop?: Notification;
  promote?: Notification;
  demote?: Notification;
}

function createCloneActions(plan: Plan, clone: Resource): void {
  const does = { starting: false, stopping: false, promoting: false, demoting: false };
  for (const instance of clone.children) {
    createActions(plan, instance);
    collect(instance, does);
  }
  if (clone.ordered) orderWhatIsToDo(clone);
  const notify: CloneNotifications = {};
  notify.start = pair(plan, clone, Task.Start, does.starting);
  notify.stop = pair(plan, clone, Task.Stop, does.stopping);
  const stop = clone.actions.find((a) => a.task === Task.Stop)!;
  // What migrates away need not wait for the clone that stops behind it.
  if (!does.starting) stop.set(A.MigrateRunnable);
  if (notify.start && notify.stop) orderActions(notify.stop.postDone, notify.start.pre, O.Optional);
  if (clone.is(F.Promotable)) {
    notify.promote = pair(plan, clone, Task.Promote, does.promoting);
    notify.demote = pair(plan, clone, Task.Demote, does.demoting);
    const { start, promote, demote } = notify;
    if (promote && notify.stop) orderActions(notify.stop.postDone, promote.pre, O.Optional);
    if (promote && start) orderActions(start.postDone, promote.pre, O.Optional);
    if (demote && promote) orderActions(demote.postDone, promote.pre, O.Optional);
    if (demote && start) orderActions(demote.postDone, start.pre, O.Optional);
    if (demote && notify.stop) orderActions(demote.postDone, notify.stop.pre, O.Optional);
  }
  clone.notifications = notify;
}

/** The instances that start (or stop) one after the other do so even where one between them has nothing to do. */
function orderWhatIsToDo(clone: Resource): void {
  const todo = (instance: Resource, task: Task): Action | undefined =>
    findActions(instance, task).find((a) => !a.is(A.Optional));
  let lastStart: Action | undefined;
  let lastStop: Action | undefined;
  for (const instance of clone.children) {
    const stop = todo(instance, Task.Stop);
    if (stop) orderActions(stop, lastStop, O.Optional);
    lastStop = stop ?? lastStop;
    const start = todo(instance, Task.Start);
    if (start) orderActions(lastStart, start, O.Optional);
    lastStart = start ?? lastStart;
  }
}

/** A clone's task and its completion, and the notifications around them. */
function pair(plan: Plan, clone: Resource, task: Task, happens: boolean): Notification | undefined {
  const action = plan.pseudo(clone, task, !happens, true);
  const complete = plan.pseudo(clone, completedTask(task), !happens, true);
  complete.priority = INFINITY;
  if (!clone.is(F.Notify)) return undefined;
  return notificationPseudos(plan, clone, task, action, complete);
}

/** Which tasks any primitive of an instance is really to do. */
function collect(
  resource: Resource,
  does: { starting: boolean; stopping: boolean; promoting: boolean; demoting: boolean },
): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) collect(child, does);
    return;
  }
  for (const action of resource.actions) {
    if (action.is(A.Optional)) continue;
    if (!action.is(A.Pseudo) && !action.is(A.Runnable)) continue;
    markTask(action, does);
  }
}

function markTask(
  action: Action,
  does: { starting: boolean; stopping: boolean; promoting: boolean; demoting: boolean },
): void {
  if (action.task === Task.Start) does.starting = true;
  else if (action.task === Task.Stop) does.stopping = true;
  else if (action.task === Task.Promote) does.promoting = true;
  else if (action.task === Task.Demote) does.demoting = true;
}
