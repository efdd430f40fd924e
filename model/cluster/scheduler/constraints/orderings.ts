import { A, type Action, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { currentRole, isAncestor } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { F, type Resource, Role } from "../state/working.js";

/**
 * Orderings are first written down between tasks of resources (or actions that stand already), and become edges
 * between actions once all actions stand: only then is it known which tasks will have an action at all.
 */
export interface Ordering {
  readonly firstResource: Resource | undefined;
  readonly firstTask: Task;
  readonly firstAction: Action | undefined;
  readonly thenResource: Resource | undefined;
  readonly thenTask: Task;
  readonly thenAction: Action | undefined;
  readonly flags: number;
}

export function orderTasks(
  plan: Plan,
  firstResource: Resource,
  firstTask: Task,
  thenResource: Resource,
  thenTask: Task,
  flags: number,
): void {
  push(plan, firstResource, firstTask, thenResource, thenTask, flags);
  if (firstResource !== thenResource) orderMigrations(plan, firstResource, firstTask, thenResource, thenTask);
}

/** An ordering of starts or stops holds for the migrations that may take their place. */
function orderMigrations(plan: Plan, first: Resource, firstTask: Task, then: Resource, thenTask: Task): void {
  if (!then.is(F.AllowMigrate) || isAncestor(first, then) || isAncestor(then, first)) return;
  const both = first.is(F.AllowMigrate);
  if (firstTask === Task.Start && thenTask === Task.Start) {
    if (both) push(plan, first, Task.MigrateFrom, then, Task.MigrateTo, O.Optional);
    push(plan, first, Task.Start, then, Task.MigrateTo, O.Optional | (both ? O.FirstNonMigratable : 0));
  } else if (firstTask === Task.Stop && thenTask === Task.Stop) {
    push(plan, first, Task.Stop, then, Task.MigrateTo, O.Optional | (both ? O.FirstNonMigratable : 0));
  } else if (
    (firstTask === Task.Promote && thenTask === Task.Start) ||
    (firstTask === Task.Demote && thenTask === Task.Stop)
  ) {
    push(plan, first, firstTask, then, Task.MigrateTo, O.Optional);
  }
}

function push(
  plan: Plan,
  firstResource: Resource,
  firstTask: Task,
  thenResource: Resource,
  thenTask: Task,
  flags: number,
): void {
  plan.orderings.push({
    firstResource,
    firstTask,
    firstAction: undefined,
    thenResource,
    thenTask,
    thenAction: undefined,
    flags,
  });
}

export function orderActionThenTask(
  plan: Plan,
  firstAction: Action,
  thenResource: Resource,
  thenTask: Task,
  flags: number,
): void {
  plan.orderings.push({
    firstResource: firstAction.resource,
    firstTask: Task.None,
    firstAction,
    thenResource,
    thenTask,
    thenAction: undefined,
    flags,
  });
  const first = firstAction.resource;
  if (first && first !== thenResource) orderMigrations(plan, first, firstAction.task, thenResource, thenTask);
}

export function orderTaskThenAction(
  plan: Plan,
  firstResource: Resource,
  firstTask: Task,
  thenAction: Action,
  flags: number,
): void {
  plan.orderings.push({
    firstResource,
    firstTask,
    firstAction: undefined,
    thenResource: thenAction.resource,
    thenTask: Task.None,
    thenAction,
    flags,
  });
  const then = thenAction.resource;
  if (then && then !== firstResource) orderMigrations(plan, firstResource, firstTask, then, thenAction.task);
}

/** Turns every ordering into edges between the actions that stand. */
export function applyOrderings(plan: Plan): void {
  for (const ordering of plan.orderings) {
    const { firstResource, thenResource } = ordering;
    if (firstResource) applyAfterFirst(plan, ordering, firstResource);
    else if (thenResource) applyBeforeThen(ordering, ordering.firstAction, thenResource);
    else orderActions(ordering.firstAction, ordering.thenAction, ordering.flags);
  }
}

function applyAfterFirst(plan: Plan, ordering: Ordering, resource: Resource): void {
  const { firstTask, firstAction, thenResource } = ordering;
  if (firstAction) {
    applyBetween(ordering, firstAction);
    return;
  }
  let found = false;
  for (let i = resource.actions.length - 1; i >= 0; i--) {
    const first = resource.actions[i]!;
    if (first.task !== firstTask || first.intervalMs !== 0) continue;
    found = true;
    applyBetween(ordering, first);
  }
  if (found || thenResource === resource) return;
  const role = currentRole(resource);
  if (role === Role.Stopped && firstTask === Task.Stop) return;
  if (role === Role.Unpromoted && firstTask === Task.Demote) return;
  // What is there already and stays needs no action, but what depends on it must know.
  applyBetween(ordering, plan.action(resource, firstTask, undefined, true));
}

function applyBetween(ordering: Ordering, first: Action): void {
  if (ordering.thenResource) applyBeforeThen(ordering, first, ordering.thenResource);
  else orderActions(first, ordering.thenAction, ordering.flags);
}

function applyBeforeThen(ordering: Ordering, first: Action | undefined, resource: Resource): void {
  const { thenTask, thenAction } = ordering;
  let { flags } = ordering;
  // A migration whose other half is missing must not pull others along.
  if (first && first.resource === resource && first.is(A.Dangling)) flags &= ~O.ImpliesThen;
  if (!first && !(flags & O.ImpliesThen)) return;
  if (thenAction) {
    applyToThen(first, thenAction, flags);
    return;
  }
  for (let i = resource.actions.length - 1; i >= 0; i--) {
    const then = resource.actions[i]!;
    if (then.task === thenTask && then.intervalMs === 0) applyToThen(first, then, flags);
  }
}

function applyToThen(first: Action | undefined, then: Action, flags: number): void {
  if (first) orderActions(first, then, flags);
  else then.clear(A.Runnable);
}
