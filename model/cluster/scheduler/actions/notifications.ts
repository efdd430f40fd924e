import { setRunnable } from "../order/runnable.js";
import { A, Action, findAction, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { completedTask, Task, taskName } from "../state/tasks.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { actionFlags } from "./collective-actions.js";

/** The four points around a clone's task at which its instances are told: before, told; after, told. */
export interface Notification extends Aftermath {
  readonly action: Action;
  readonly pre: Action;
  readonly preDone: Action;
}

/** The half of a notification that follows the task. */
interface Aftermath {
  readonly task: Task;
  readonly pre?: Action;
  readonly preDone?: Action;
  readonly post: Action;
  readonly postDone: Action;
}

export function notificationPseudos(
  plan: Plan,
  clone: Resource,
  task: Task,
  action: Action,
  complete: Action,
): Notification {
  const point = (key: string, kind: Task, like: Action): Action => {
    const a = plan.pseudo(clone, kind, like.is(A.Optional), true, `${clone.id}_${key}_0`);
    a.about = like.task;
    return a;
  };
  const done = completedTask(task);
  const pre = point(`pre_notify_${taskName[task]}`, Task.Notify, action);
  const preDone = point(`confirmed-pre_notify_${taskName[task]}`, Task.Notified, action);
  orderActions(pre, preDone, O.Optional);
  orderActions(preDone, action, O.Optional);
  const post = point(`post_notify_${taskName[done]}`, Task.Notify, complete);
  post.priority = INFINITY;
  const postDone = point(`confirmed-post_notify_${taskName[done]}`, Task.Notified, complete);
  postDone.priority = INFINITY;
  orderActions(complete, post, O.ImpliesThen);
  orderActions(post, postDone, O.ImpliesThen);
  orderActions(preDone, post, O.Optional);
  clone.confirmations ??= new Map();
  clone.confirmations.set(done, postDone);
  return { task, action, pre, preDone, post, postDone };
}

/** Tells the instances of every clone that asks for it what is about to happen, and what has. */
export function createNotifications(plan: Plan): void {
  for (const resource of plan.state.allResources) {
    if (resource.variant !== "clone") continue;
    // What its instances came to do by the orderings, the clone's own points do too.
    for (let i = resource.actions.length - 1; i >= 0; i--) actionFlags(resource.actions[i]!, undefined);
    if (!resource.notifications) continue;
    const { start, stop, promote, demote } = resource.notifications;
    for (const n of [start, stop, promote, demote]) {
      // A stop may be implied by fencing, so its notification does not hang on an action of its own.
      if (!n || (n.task !== Task.Stop && !anyDoes(resource, n.task))) continue;
      for (const instance of resource.children) notifyInstance(plan, instance, n);
    }
  }
}

/** Whether any primitive below is really to do a task. */
function anyDoes(resource: Resource, task: Task): boolean {
  if (resource.variant !== "primitive") return resource.children.some((c) => anyDoes(c, task));
  return resource.actions.some((a) => a.task === task && !a.is(A.Optional) && a.is(A.Runnable) && a.node !== undefined);
}

function notifyInstance(plan: Plan, instance: Resource, n: Aftermath): void {
  if (instance.variant !== "primitive") {
    for (const member of instance.children) notifyInstance(plan, member, n);
    return;
  }
  if (n.task === Task.Stop || n.task === Task.Demote) {
    if (instance.role === Role.Stopped) return;
    const stop = findAction(instance, Task.Stop, 0, undefined);
    for (const node of instance.runningOn) {
      // A node that is fenced is not told that its fencing stops what it runs.
      if (stop?.is(A.Pseudo) && (node.unclean || node.requiresReset)) continue;
      before(plan, instance, node, n);
      if (n.task === Task.Demote || !stop || stop.is(A.Optional)) after(plan, instance, node, n);
    }
    return;
  }
  const node = instance.assignedTo;
  if (instance.nextRole === Role.Stopped || !node) return;
  const start = findAction(instance, Task.Start, 0, undefined);
  // What is to start and cannot will not be there to be told.
  if (start && !start.is(A.Optional) && !start.is(A.Runnable)) return;
  if (n.task !== Task.Start || !start || start.is(A.Optional)) before(plan, instance, node, n);
  after(plan, instance, node, n);
}

function before(plan: Plan, instance: Resource, node: Node, n: Aftermath): void {
  if (!n.pre || !n.preDone) return;
  tell(plan, instance, node, n.pre, n.preDone, `pre_notify_${taskName[n.task]}`, n);
}

function after(plan: Plan, instance: Resource, node: Node, n: Aftermath): void {
  tell(plan, instance, node, n.post, n.postDone, `post_notify_${taskName[n.task]}`, n);
  // Monitors begin (again) once everybody knows.
  for (const monitor of instance.actions) {
    if (monitor.task === Task.Monitor && monitor.intervalMs > 0) orderActions(n.postDone, monitor, O.Optional);
  }
}

function tell(plan: Plan, instance: Resource, node: Node, op: Action, done: Action, key: string, n: Aftermath): void {
  // What is unmanaged is told nothing, and nothing waits for it to be told.
  if (!node.online || !op.is(A.Runnable) || !instance.is(F.Managed)) return;
  const fullKey = `${instance.id}_${key}_0`;
  let action = instance.actions.find((a) => a.ownKey === fullKey && a.node === node);
  if (!action) {
    action = new Action(plan.actions.length, instance, Task.Notify, 0, node, fullKey);
    setRunnable(plan, action);
    action.set(A.Optional);
    action.extra = {
      CRM_meta_notify_operation: taskName[n.task]!,
      CRM_meta_notify_type: op === n.pre ? "pre" : "post",
    };
    if (op === n.post) action.priority = INFINITY;
    plan.actions.push(action);
    instance.actions.push(action);
  }
  if (!op.is(A.Optional)) action.clear(A.Optional);
  orderActions(op, action, O.Optional);
  orderActions(action, done, O.Optional);
}

/**
 * Of a stop that comes true by fencing, the rest of the clone is told once the node is fenced, not only when the whole
 * clone has stopped: what waits for that may in turn be waited for by the clone.
 */
export function notifyOfFencing(plan: Plan, resource: Resource, fencing: Action): void {
  const clone = resource.enclosingClone;
  if (!clone) return;
  const point = (key: string, kind: Task): Action => {
    const a = plan.pseudo(resource, kind, fencing.is(A.Optional), true, `${resource.id}_${key}_stonith_0`);
    a.about = Task.Stop;
    a.priority = INFINITY;
    return a;
  };
  const post = point("post_notify", Task.Notify);
  post.extra = { CRM_meta_notify_operation: "stop", CRM_meta_notify_type: "post" };
  const postDone = point("confirmed-post_notify", Task.Notified);
  orderActions(fencing, post, O.ImpliesThen);
  orderActions(post, postDone, O.ImpliesThen);
  const told = { task: Task.Stop, post, postDone };
  for (const instance of clone.children) notifyInstance(plan, instance, told);
}
