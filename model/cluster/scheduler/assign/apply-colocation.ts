import type { Colocation } from "../constraints/colocation-constraints.js";
import { instancesOf } from "../state/instances.js";
import type { Plan } from "../state/plan.js";
import { assignedNodes } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { F, type Resource, Role, zeroPerNode } from "../state/working.js";
import { assignNowhere, nodesByPreference } from "./assign-node.js";
import { applyToScores, rolesApply } from "./colocation.js";
import { applyPromotedPrimary } from "./promotion-colocation.js";

/** Applies a colocation with an assigned primary (an instance or member of it too) to a dependent's nodes. */
export function applyColocation(plan: Plan, dependent: Resource, primary: Resource, colocation: Colocation): void {
  switch (primary.variant) {
    case "primitive":
      withPrimitive(plan, dependent, primary, colocation);
      return;
    case "group":
      withGroup(plan, dependent, primary, colocation);
      return;
    default:
      withClone(plan, dependent, primary, colocation);
  }
}

function withPrimitive(plan: Plan, dependent: Resource, primary: Resource, colocation: Colocation): void {
  if (primary.is(F.Unassigned)) return;
  if (!dependent.is(F.Unassigned)) return;
  if (!rolesApply(colocation, dependent, primary)) return;
  applyToScores(plan, dependent, primary, colocation);
}

function withGroup(plan: Plan, dependent: Resource, group: Resource, colocation: Colocation): void {
  if (group.is(F.Unassigned)) return;
  const members = group.children;
  if (!group.colocated) {
    if (colocation.score >= INFINITY) return;
    for (const member of members) applyColocation(plan, dependent, member, colocation);
    return;
  }
  // A dependent that must be with the group waits for all of it; one that merely likes to be, goes with its first.
  const member = colocation.score >= INFINITY ? members.at(-1) : members[0];
  if (member) applyColocation(plan, dependent, member, colocation);
}

function withClone(plan: Plan, dependent: Resource, clone: Resource, colocation: Colocation): void {
  if (clone.is(F.Unassigned)) return;
  if (clone.variant === "clone" && clone.is(F.Promotable) && colocation.primaryRole !== Role.Unknown) {
    applyPromotedPrimary(plan, dependent, clone, colocation);
    return;
  }
  if (dependent.enclosingClone?.interleave && colocation.dependent !== dependent) {
    const partner = partnerOf(plan, dependent, clone);
    if (partner) applyColocation(plan, dependent, partner, colocation);
    else if (colocation.score >= INFINITY) assignNowhere(plan, dependent);
    return;
  }
  if (colocation.score >= INFINITY) {
    const mask = zeroPerNode(plan.nodes.length);
    for (const instance of instancesOf(clone)) {
      if (clone.variant === "bundle" && colocation.primaryRole >= Role.Promoted && !isPromotedInside(instance))
        continue;
      for (const node of assignedNodes(instance)) {
        if (instance.is(F.Blocked)) continue;
        mask[node.index] = 1;
      }
    }
    excludeOthers(plan, dependent, mask);
    return;
  }
  for (const instance of instancesOf(clone)) applyColocation(plan, dependent, instance, colocation);
}

/** Whether what a container holds is to be promoted. */
function isPromotedInside(container: Resource): boolean {
  const child = container.replica?.child;
  return child !== undefined && child.nextRole >= Role.Promoted;
}

export function excludeOthers(plan: Plan, dependent: Resource, mask: number[]): void {
  for (const node of plan.nodes) {
    if (dependent.allowed[node.index] && !mask[node.index]) dependent.ban(node);
  }
}

/** The instance of an interleaved clone's partner on a node that the dependent may be on, best node first. */
function partnerOf(plan: Plan, dependent: Resource, clone: Resource): Resource | undefined {
  const nodes = dependent.assignedTo ? [dependent.assignedTo] : nodesByPreference(plan, dependent, undefined);
  for (const node of nodes) {
    for (const instance of instancesOf(clone)) {
      if (!instance.is(F.Unassigned) && assignedNodes(instance).includes(node)) return instance;
    }
  }
  return undefined;
}
