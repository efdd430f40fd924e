import { A, type Action, findActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { type Node, type Resource, Role } from "../state/working.js";
import { updateAction } from "./update-orderings.js";

/** A start or promotion that cannot run takes with it those of what must be in the same place. */
export function blockColocationDependents(plan: Plan, action: Action): void {
  const { task } = action;
  if (!action.resource || action.is(A.Runnable)) return;
  if (task !== Task.Start && task !== Task.Promote) return;
  let primary: Resource = action.resource;
  let node = action.node;
  for (;;) {
    for (const c of primary.withThis) {
      if (c.score < INFINITY) continue;
      if (task === Task.Promote ? c.primaryRole !== Role.Promoted : c.primaryRole === Role.Promoted) continue;
      block(plan, c.dependent, c.dependentRole, action.resource, node);
    }
    const parent: Resource | undefined = primary.parent;
    if (!parent) return;
    if (parent.isCollective) {
      // As long as another instance can do it, there is a place for those that go with the clone.
      if (parent.children.some((other) => canDo(other, task))) return;
      node = undefined;
    }
    primary = parent;
  }
}

function canDo(resource: Resource, task: Task): boolean {
  if (resource.variant !== "primitive") return resource.children.every((c) => canDo(c, task));
  return resource.actions.some((a) => a.task === task && a.is(A.Runnable));
}

function block(plan: Plan, dependent: Resource, role: Role, because: Resource, node: Node | undefined): void {
  const task = role === Role.Promoted ? Task.Promote : Task.Start;
  for (const action of findActions(dependent, task)) {
    if (!action.is(A.Runnable)) continue;
    if (node && action.node && action.node !== node) continue;
    action.clear(A.Runnable);
    action.reason ??= `colocation with ${because.id}`;
    updateAction(plan, action);
    const { outputs } = action;
    for (let i = outputs.length - 1; i >= 0; i--) updateAction(plan, outputs[i]!.then);
    blockColocationDependents(plan, action);
  }
  for (const member of dependent.children) block(plan, member, role, because, node);
}
