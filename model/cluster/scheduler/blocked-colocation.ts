import { A, type Action, findActions } from "./actions.js";
import type { Plan } from "./plan.js";
import { INFINITY } from "./score.js";
import { Task } from "./tasks.js";
import { type Resource, Role } from "./working.js";
import { updateAction } from "./update-orderings.js";

/** A start or promotion that cannot run takes with it those of what must be in the same place. */
export function blockColocationDependents(plan: Plan, action: Action): void {
  const resource = action.resource;
  if (!resource || action.is(A.Runnable)) return;
  if (action.task !== Task.Start && action.task !== Task.Promote) return;
  const promoted = action.task === Task.Promote;
  // For a group, its dependents are blocked with it; a member's are those of the member.
  for (const c of resource.withThis) {
    if (c.score < INFINITY) continue;
    if (promoted ? c.primaryRole !== Role.Promoted : c.primaryRole === Role.Promoted) continue;
    if (promoted && c.primaryRole !== Role.Promoted) continue;
    markBlocked(plan, c.dependent, c.dependentRole, resource);
  }
}

function markBlocked(plan: Plan, dependent: Resource, role: Role, because: Resource): void {
  if (dependent.variant === "group") {
    for (const member of dependent.children) markBlocked(plan, member, role, because);
    return;
  }
  const task = role === Role.Promoted ? Task.Promote : Task.Start;
  for (const action of findActions(dependent, task)) {
    if (!action.is(A.Runnable)) continue;
    action.clear(A.Runnable);
    action.reason ??= `colocation with ${because.id}`;
    updateAction(plan, action);
  }
}
