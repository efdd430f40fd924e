import { type Colocation, hasInfluence } from "../constraints/colocation-constraints.js";
import { nodeAttribute } from "../state/node-attribute.js";
import type { Plan } from "../state/plan.js";
import { assignedNode } from "../state/resource-state.js";
import { addScores, INFINITY } from "../state/score.js";
import { F, type Resource, Role, zeroPerNode } from "../state/working.js";
import { excludeOthers } from "./apply-colocation.js";
import { mergeColocatedScores, thisWithColocations, withThisColocations } from "./colocation.js";

/** A dependent of a clone's role: it goes where an instance is to have that role. */
export function applyPromotedPrimary(plan: Plan, dependent: Resource, clone: Resource, colocation: Colocation): void {
  const { score, primaryRole, nodeAttribute: attribute } = colocation;
  const mask = zeroPerNode(plan.nodes.length);
  const wishes = zeroPerNode(plan.nodes.length);
  for (const instance of clone.children) {
    const node = assignedNode(instance);
    if (!node || roleOf(instance) !== primaryRole) continue;
    wishes[node.index] = instance.scores[node.index]!;
    const byName = attribute === "#uname" || attribute === "#id";
    const value = nodeAttribute(node, attribute);
    for (const other of plan.nodes) {
      if (byName ? other === node : nodeAttribute(other, attribute) === value) mask[other.index] = 1;
    }
  }
  if (!dependent.is(F.Unassigned)) return;
  // What must be with the role takes over how much the instance wished for its node.
  const must = score >= INFINITY;
  for (const node of plan.nodes) {
    const i = node.index;
    if (mask[i] && dependent.allowed[i]) dependent.addScore(node, must ? wishes[i]! : score);
  }
  if (must) excludeOthers(plan, dependent, mask);
}

function roleOf(instance: Resource): Role {
  if (instance.variant === "primitive") return instance.nextRole;
  let role: Role = Role.Unknown;
  for (const child of instance.children) role = Math.max(role, roleOf(child)) as Role;
  return role;
}

/**
 * Colocations of an instance's promoted role with something placed: they change its priority for promotion, but not a
 * group's as a whole.
 */
export function applyPromotedColocations(plan: Plan, instance: Resource): void {
  if (instance.variant === "group") return;
  for (const colocation of thisWithColocations(instance)) {
    if (colocation.dependentRole !== Role.Promoted && colocation.dependentRole !== Role.Unpromoted) continue;
    applyToPriority(plan, instance, endOf(colocation), colocation);
  }
}

/** What a colocation's primary comes down to: a group's last member for what must be with it, else its first. */
function endOf(colocation: Colocation): Resource[] {
  const ends = (primary: Resource): Resource[] => {
    if (primary.variant === "primitive") return [primary];
    if (primary.variant === "group") {
      const member = colocation.score >= INFINITY ? primary.children.at(-1) : primary.children[0];
      return member ? [member] : [];
    }
    return primary.children.flatMap(ends);
  };
  return ends(colocation.primary);
}

function applyToPriority(plan: Plan, instance: Resource, primaries: readonly Resource[], colocation: Colocation): void {
  const { primaryRole, dependentRole, nodeAttribute: attribute } = colocation;
  void plan;
  const at = assignedNode(instance);
  if (!at) return;
  let matched = false;
  let any = false;
  for (const primary of primaries) {
    const node = primary.assignedTo;
    if (!node) continue;
    if (primaryRole !== Role.Unknown && primaryRole !== primary.nextRole) continue;
    any = true;
    if (nodeAttribute(at, attribute) === nodeAttribute(node, attribute)) matched = true;
  }
  if (matched) {
    const score = dependentRole === Role.Unpromoted ? -colocation.score : colocation.score;
    instance.promotionPriority = addScores(score, instance.promotionPriority);
  } else if (any && colocation.score >= INFINITY && dependentRole === Role.Promoted) {
    instance.promotionPriority = -INFINITY;
  }
}

/** The nodes' scores with the wishes of what the promoted role goes with, and of what goes with the promoted role. */
export function promotedWishes(plan: Plan, clone: Resource, scores: number[]): number[] {
  let work = scores;
  clone.set(F.Merging);
  for (const colocation of thisWithColocations(clone)) {
    if (colocation.dependentRole !== Role.Promoted) continue;
    work = mergeColocatedScores(
      plan,
      colocation.primary,
      clone.allowed,
      work,
      colocation.nodeAttribute,
      colocation.score / INFINITY,
      { rollBack: colocation.score < INFINITY, nonNegative: false, forward: true },
    );
  }
  for (const colocation of withThisColocations(clone)) {
    if (colocation.primaryRole !== Role.Promoted || !hasInfluence(colocation)) continue;
    work = mergeColocatedScores(
      plan,
      colocation.dependent,
      clone.allowed,
      work,
      colocation.nodeAttribute,
      colocation.score / INFINITY,
      { rollBack: true, nonNegative: true, forward: false },
    );
  }
  clone.clear(F.Merging);
  return work;
}
