import type { Plan } from "../state/plan.js";
import { showScores } from "../state/scores.js";
import { F, type Node, type Resource } from "../state/working.js";
import { assign } from "./assign.js";

/** A group's members go one after the other, each to the one before it. */
export function assignGroup(plan: Plan, group: Resource, preferred: Node | undefined): Node | undefined {
  if (!group.is(F.Unassigned)) return group.assignedTo;
  if (group.is(F.Assigning)) return undefined;
  const first = group.children[0];
  if (!first) {
    group.clear(F.Unassigned);
    return undefined;
  }
  group.set(F.Assigning);
  group.role = first.role;
  if (plan.withScores) showScores(plan, group, "pcmk__group_assign");
  let node: Node | undefined;
  // It counts as being where the first member is that has a node.
  for (const member of group.children) {
    const at = assign(plan, member, preferred);
    node ??= at;
  }
  group.nextRole = first.nextRole;
  group.clear(F.Assigning | F.Unassigned);
  if (group.colocated) return node;
  return undefined;
}
