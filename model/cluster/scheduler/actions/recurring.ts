import { orderActionThenTask, orderTaskThenAction } from "../constraints/orderings.js";
import { A, Action, findAction, findActions, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { type RecurringOperation, recurringOperations } from "../unpack/operations.js";

/** Plans the recurring operations of a resource for what and where it is to be. */
export function scheduleRecurring(plan: Plan, resource: Resource): void {
  if (resource.is(F.Maintenance)) return;
  const node = resource.assignedTo;
  // A node's maintenance ends the watch over what runs there; where it must not run is watched all the same.
  const unwatched = node?.maintenance === true;
  // Where nothing recurs, too, this asks for the start anew: that of what is left alone is optional again.
  const start =
    node && !unwatched && resource.nextRole !== Role.Stopped
      ? plan.action(resource, Task.Start, node, true)
      : undefined;
  for (const operation of recurringOperations(resource)) {
    if (operation.role === Role.Stopped) whereInactive(plan, resource, operation, node);
    else if (start && node) whereActive(plan, resource, operation, node, start);
  }
}

function existing(resource: Resource, operation: RecurringOperation, node: Node): Action | undefined {
  return findAction(resource, Task.Monitor, operation.intervalMs, node);
}

function whereActive(plan: Plan, resource: Resource, operation: RecurringOperation, node: Node, start: Action): void {
  const { intervalMs, role } = operation;
  const present = existing(resource, operation, node);
  let optional = true;
  if (!start.is(A.Optional)) optional = false;
  else if (!present) optional = false;
  else if (present.is(A.Reschedule)) optional = false;

  const next = resource.nextRole;
  const wanted = role === Role.Unknown ? next !== Role.Promoted : role === next;
  if (!wanted) {
    if (!optional) return;
    const cancel = cancelOperation(plan, resource, operation.intervalMs, node, operation.name);
    const then =
      resource.role === Role.Promoted
        ? Task.Demote
        : resource.role === Role.Started || resource.role === Role.Unpromoted
          ? next === Role.Promoted
            ? Task.Promote
            : next === Role.Stopped
              ? Task.Stop
              : Task.None
          : Task.None;
    if (then !== Task.None) orderActionThenTask(plan, cancel, resource, then, O.RunnableLeft);
    return;
  }
  const monitor = plan.action(resource, Task.Monitor, node, optional, intervalMs);
  monitor.config = operation.xml;
  setOwnName(monitor, operation);
  if (!start.is(A.Runnable)) monitor.clear(A.Runnable);
  else if (!node.online || node.unclean) monitor.clear(A.Runnable);
  if (next === Role.Promoted) monitor.expectedRc = 8;
  if (!resource.is(F.Managed)) return;
  orderTaskThenAction(plan, resource, Task.Start, monitor, O.ImpliesThen | O.RunnableLeft);
  orderTaskThenAction(plan, resource, Task.Reload, monitor, O.ImpliesThen | O.RunnableLeft);
  if (next === Role.Promoted) orderTaskThenAction(plan, resource, Task.Promote, monitor, O.Optional | O.RunnableLeft);
  else if (resource.role === Role.Promoted) {
    orderTaskThenAction(plan, resource, Task.Demote, monitor, O.Optional | O.RunnableLeft);
  }
}

/** What recurs is watched like a monitor, whatever it is called. */
function setOwnName(monitor: Action, { name, intervalMs }: RecurringOperation): void {
  monitor.ownTask = name;
  if (name !== "monitor") monitor.ownKey = `${monitor.resource!.id}_${name}_${intervalMs}`;
}

/** Monitors with role Stopped: they run where the resource is not. */
function whereInactive(plan: Plan, resource: Resource, operation: RecurringOperation, node: Node | undefined): void {
  if (!resource.is(F.Unique)) return;
  const { intervalMs } = operation;
  if (node) {
    const present = existing(resource, operation, node);
    if (present) {
      const cancel = cancelOperation(plan, resource, intervalMs, node, operation.name);
      if (resource.nextRole === Role.Started || resource.nextRole === Role.Unpromoted) {
        orderActionThenTask(plan, cancel, resource, Task.Start, O.RunnableLeft);
      }
    }
  }
  for (const other of plan.nodes) {
    if (other === node) continue;
    const present = existing(resource, operation, other);
    let optional = present !== undefined && !present.is(A.Reschedule);
    const monitor = plan.action(resource, Task.Monitor, other, optional, intervalMs);
    monitor.config = operation.xml;
    setOwnName(monitor, operation);
    monitor.expectedRc = 7;
    if (resource.is(F.Managed)) {
      const probe = findAction(resource, Task.Monitor, 0, other);
      if (probe) {
        plan.orderings.push({
          firstResource: resource,
          firstTask: Task.None,
          firstAction: probe,
          thenResource: resource,
          thenTask: Task.None,
          thenAction: monitor,
          flags: O.Optional | O.RunnableLeft,
        });
      }
    }
    for (const stop of findActions(resource, Task.Stop, other)) {
      if (!stop.is(A.Optional)) {
        optional = false;
        monitor.clear(A.Optional);
      }
      if (!stop.is(A.Runnable)) monitor.clear(A.Runnable);
      if (resource.is(F.Managed)) {
        plan.orderings.push({
          firstResource: resource,
          firstTask: Task.None,
          firstAction: stop,
          thenResource: resource,
          thenTask: Task.None,
          thenAction: monitor,
          flags: O.ImpliesThen | O.RunnableLeft,
        });
      }
    }
    if (!other.online || other.unclean) monitor.clear(A.Runnable);
  }
}

/** Takes a recurring operation off a node. */
export function cancelOperation(plan: Plan, resource: Resource, intervalMs: number, node: Node, name: string): Action {
  let action = findAction(resource, Task.Cancel, intervalMs, node);
  if (!action) {
    // The operation that is there already turns into its own end: it is not to be started any more.
    action = findAction(resource, Task.Monitor, intervalMs, node);
    if (!action) {
      action = new Action(plan.actions.length, resource, Task.Cancel, intervalMs, node, undefined);
      plan.actions.push(action);
      resource.actions.push(action);
    }
    action.task = Task.Cancel;
    action.ownKey = `${resource.id}_${name}_${intervalMs}`;
    action.ownTask = name;
    if (!node.online) action.clear(A.Runnable);
  }
  action.clear(A.Optional);
  return action;
}
