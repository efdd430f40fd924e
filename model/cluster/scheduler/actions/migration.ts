import { orderTasks } from "../constraints/orderings.js";
import { A, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";

/** Whether a resource may move by live migration, if it moves. */
export function canMigrate(resource: Resource, current: Node | undefined): boolean {
  if (!resource.is(F.AllowMigrate) || !resource.is(F.Managed)) return false;
  if (resource.is(F.Failed) || resource.is(F.StartPending)) return false;
  if (!current || current.unclean) return false;
  const target = resource.assignedTo;
  return target !== undefined && resource.nextRole >= 2 && resource.is(F.Unassigned) === false;
}

/** Turns the move's stop and start into a migration: migrate_to, migrate_from, then stop on the source. */
export function planMigration(plan: Plan, resource: Resource, current: Node): void {
  const target = resource.assignedTo!;
  const start = plan.action(resource, Task.Start, target, true);
  const stop = plan.action(resource, Task.Stop, current, true);
  const partial = resource.partialTarget !== undefined;
  if (partial && current === target) return;
  const extra = { CRM_meta_migrate_source: current.name, CRM_meta_migrate_target: target.name };
  const to =
    !partial || resource.partialTarget !== target
      ? plan.action(resource, Task.MigrateTo, current, start.is(A.Optional))
      : undefined;
  const from = plan.action(resource, Task.MigrateFrom, target, partial ? stop.is(A.Optional) : start.is(A.Optional));
  if (to) {
    to.extra = extra;
    to.canFail = true;
    to.set(A.MigrateRunnable);
    orderTasks(plan, resource, Task.MigrateTo, resource, Task.MigrateFrom, O.Optional | O.ImpliesFirstMigratable);
  }
  from.extra = extra;
  from.set(A.MigrateRunnable);
  start.set(A.Pseudo | A.MigrateRunnable);
  stop.set(A.MigrateRunnable);
  // The migration's first step needs what the start would, and a probe: what is there already is not migrated over.
  const begin = to ?? from;
  begin.requires = start.requires;
  orderTasks(plan, resource, Task.Monitor, resource, begin.task, O.Optional);
  const flags = O.Optional | O.ImpliesFirstMigratable;
  orderTasks(plan, resource, Task.MigrateFrom, resource, Task.Stop, flags);
  orderTasks(plan, resource, Task.MigrateFrom, resource, Task.Start, flags | O.PseudoLeft);
}
