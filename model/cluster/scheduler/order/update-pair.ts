import { A, type Action, O } from "../state/actions.js";
import { currentRole } from "../state/resource-state.js";
import { Task, taskName } from "../state/tasks.js";
import { F, Role } from "../state/working.js";

/** What applying an ordering changed, one bit each. */
export const Changed = { None: 0, First: 1, Then: 2 } as const;

/** Takes a flag away and remembers why, unless a reason stands already. */
export function clearBecause(action: Action, flag: number, because: Action): void {
  if (!action.is(flag)) return;
  action.clear(flag);
  // Its own restart is no reason to give.
  if (action.reason !== undefined || action.resource === because.resource) return;
  const how = flag === A.Optional ? "required" : "unrunnable";
  action.reason = because.resource
    ? `${how} ${because.resource.id} ${taskName[because.task]}`
    : `${how} ${because.task === Task.Fence ? taskName[because.task] : because.key}`;
}

/**
 * One meaning (`type`) of an ordering between two single actions. `flags` are the first's, `filter` says which of them
 * this meaning is about. Returns what changed.
 */
export function updatePrimitive(first: Action, then: Action, flags: number, filter: number, type: number): number {
  const firstBefore = first.flags;
  const thenBefore = then.flags;
  const optional = (filter & A.Optional) !== 0;
  switch (type) {
    case O.Asymmetrical:
      asymmetrical(first, then);
      break;
    case O.ImpliesFirst:
      // Who must stop before one that does not migrate, does not migrate itself.
      if (optional && !then.is(A.Optional) && !then.is(A.MigrateRunnable)) clearBecause(first, A.MigrateRunnable, then);
      break;
    case O.PromotedImpliesFirst:
      if (optional && !then.is(A.Optional) && then.resource && then.resource.role === Role.Promoted) {
        clearBecause(first, A.Optional, then);
        if (first.is(A.MigrateRunnable) && !then.is(A.MigrateRunnable)) clearBecause(first, A.MigrateRunnable, then);
      }
      break;
    case O.ImpliesFirstMigratable:
      if (optional) {
        if (!then.is(A.MigrateRunnable) || !then.is(A.Runnable)) clearBecause(first, A.Runnable, then);
        if (!then.is(A.Optional)) clearBecause(first, A.Optional, then);
      }
      break;
    case O.PseudoLeft:
      if (optional && !first.is(A.Runnable)) {
        clearBecause(then, A.MigrateRunnable, first);
        then.clear(A.Pseudo);
      }
      break;
    case O.RunnableLeft:
      if (filter & A.Runnable && then.is(A.Runnable) && !(flags & A.Runnable)) {
        clearBecause(then, A.Runnable, first);
        clearBecause(then, A.MigrateRunnable, first);
      }
      break;
    case O.ImpliesThen:
      if (optional && then.is(A.Optional) && !(flags & A.Optional) && !first.is(A.MigrateRunnable)) {
        clearBecause(then, A.Optional, first);
      }
      break;
    case O.Restart:
      restart(first, then, filter);
      break;
  }
  let changed: number = Changed.None;
  if (then.flags !== thenBefore) changed |= Changed.Then;
  if (first.flags !== firstBefore) changed |= Changed.First;
  return changed;
}

/** An asymmetrical ordering holds only for what is about to happen: not for what has happened already. */
function asymmetrical(first: Action, then: Action): void {
  if (!then.resource || !first.resource) return;
  const role = currentRole(then.resource);
  if (role === Role.Stopped && then.task === Task.Stop) return;
  const { runningOn } = then.resource;
  const isThere = then.node !== undefined && runningOn.length === 1 && runningOn[0] === then.node;
  if (role >= Role.Started && then.task === Task.Start && then.is(A.Optional) && isThere) return;
  if (!first.is(A.Runnable)) {
    clearBecause(then, A.Optional, first);
    clearBecause(then, A.Runnable, first);
  }
}

/** The stop (first) and start (then) of one restart, or stops of members that restart together. */
function restart(first: Action, then: Action, filter: number): void {
  const needed =
    (filter & A.Runnable && !then.is(A.Runnable) && then.resource!.is(F.Managed)) ||
    (filter & A.Optional && !then.is(A.Optional));
  if (!needed) return;
  if (first.is(A.Optional) && (first.is(A.Runnable) || !then.is(A.Optional))) clearBecause(first, A.Optional, then);
  if (!first.is(A.Optional) && !first.is(A.Runnable)) clearBecause(then, A.Runnable, first);
  if (!then.is(A.Optional) && !then.is(A.MigrateRunnable)) clearBecause(first, A.MigrateRunnable, then);
}
