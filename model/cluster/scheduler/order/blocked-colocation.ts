import { A, type Action, findAction, findActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { type Resource, Role } from "../state/working.js";
import { updateAction } from "./update-orderings.js";

/** A chain of colocations is followed by calls in calls as far as this; what is further away has its turn afterwards. */
const DEEPEST = 200;

/**
 * A start or promotion that cannot run takes with it those of what must be in the same place. Colocations are those of
 * the outermost resource: a member or instance blocks nobody as long as another of the whole can do it, or need not.
 */
export function blockColocationDependents(plan: Plan, action: Action): void {
  const { task, resource } = action;
  if (!resource || action.is(A.Runnable)) return;
  if (task !== Task.Start && task !== Task.Promote) return;
  const { whole } = resource;
  // A group's members block nobody in Pacemaker 2.1.5, not even when none of them can start.
  if (whole.variant === "group") return;
  for (const part of whole.children) {
    const own = findAction(part, task, 0, undefined);
    if (!own || own.is(A.Runnable)) return;
  }
  for (const c of whole.withThis) {
    if (c.score < INFINITY) continue;
    if (task === Task.Promote ? c.primaryRole !== Role.Promoted : c.primaryRole === Role.Promoted) continue;
    block(plan, c.dependent, c.dependentRole === Role.Promoted ? Task.Promote : Task.Start, resource);
  }
}

/** Blocks a task of a resource, then that of each of its parts. */
function block(plan: Plan, dependent: Resource, task: Task, because: Resource): void {
  for (const action of findActions(dependent, task)) {
    if (!action.is(A.Runnable)) continue;
    action.clear(A.Runnable);
    action.reason ??= `colocation with ${because.id}`;
    blockInTurn(plan, action);
    updateAction(plan, action);
  }
  for (const part of dependent.children) block(plan, part, task, because);
}

function blockInTurn(plan: Plan, action: Action): void {
  if (plan.blocking >= DEEPEST) {
    plan.putOffBlocks.add(action);
    return;
  }
  plan.blocking++;
  blockColocationDependents(plan, action);
  plan.blocking--;
}
