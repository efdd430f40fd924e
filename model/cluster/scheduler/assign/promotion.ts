import type { Plan } from "../state/plan.js";
import { assignedNode, canRun, currentRole } from "../state/resource-state.js";
import { addScores, INFINITY } from "../state/score.js";
import { F, type Node, type Resource, Role, zeroPerNode } from "../state/working.js";
import { compareInstances } from "./instance-order.js";
import { applyPromotedColocations, promotedWishes } from "./promotion-colocation.js";
import { promotionScore } from "./promotion-scores.js";

/** Chooses which instances are promoted, once all are placed. */
export function assignRoles(plan: Plan, clone: Resource, instances: readonly Resource[]): void {
  for (const instance of clone.children) {
    if (currentRole(instance) === Role.Started) startedIsUnpromoted(instance);
    setPriority(plan, clone, instance);
  }
  setSortIndexes(plan, clone);
  const sorted = instances.slice().sort((a, b) => comparePromotion(plan, a, b));
  const perNode = zeroPerNode(plan.nodes.length);
  let promoted = 0;
  for (const instance of sorted) {
    const node = assignedNode(instance);
    if (plan.withScores) {
      plan.scores.push({
        step: "promotion",
        instance: instance.id,
        node: node?.name ?? "none",
        score: instance.sortIndex,
      });
    }
    let target: Node | undefined;
    if (promoted < clone.promotedMax) target = promotableOn(plan, clone, instance, perNode);
    if (target) {
      perNode[target.index]!++;
      promoted++;
      setNextRole(instance, Role.Promoted);
    } else {
      setNextRole(instance, node ? Role.Unpromoted : Role.Stopped);
    }
  }
}

/** What can be promoted and merely runs, is unpromoted. */
function startedIsUnpromoted(resource: Resource): void {
  if (resource.role === Role.Started) resource.role = Role.Unpromoted;
  for (const child of resource.children) startedIsUnpromoted(child);
}

function setNextRole(resource: Resource, role: Role): void {
  // What is not chosen goes on unpromoted, even where it is left alone and is promoted now.
  if (role === Role.Promoted ? resource.nextRole < role : resource.nextRole !== Role.Stopped) resource.nextRole = role;
  for (const child of resource.children) setNextRole(child, role);
}

function plannedRoleOf(instance: Resource): Role {
  if (instance.variant === "primitive") return instance.nextRole;
  let role: Role = Role.Unknown;
  for (const child of instance.children) role = Math.max(role, plannedRoleOf(child)) as Role;
  return role;
}

function setPriority(plan: Plan, clone: Resource, instance: Resource): void {
  const next = plannedRoleOf(instance);
  const node = assignedNode(instance);
  instance.sortIndex = 0;
  if (!node) {
    // What runs nowhere is not promoted, whatever its score.
    instance.promotionPriority = 0;
    return;
  }
  switch (next) {
    case Role.Started:
    case Role.Unknown:
      instance.promotionPriority = promotionScore(plan, instance, node) ?? -1;
      break;
    case Role.Unpromoted:
    case Role.Stopped:
      instance.promotionPriority = -INFINITY;
      break;
    default:
      instance.promotionPriority = INFINITY;
  }
  void clone;
  for (const location of plan.state.locations) {
    if (location.role !== Role.Promoted) continue;
    if (location.resource !== instance && !isAbove(location.resource, instance)) continue;
    const at = location.nodes.indexOf(node);
    if (at >= 0) instance.promotionPriority = addScores(location.scores[at]!, instance.promotionPriority);
  }
  applyPromotedColocations(plan, instance);
  instance.sortIndex = instance.promotionPriority;
}

function isAbove(resource: Resource, instance: Resource): boolean {
  for (let r: Resource | undefined = instance.parent; r; r = r.parent) if (r === resource) return true;
  return false;
}

/** Weighs the instances' priorities with the wishes of what is colocated with the promoted role. */
function setSortIndexes(plan: Plan, clone: Resource): void {
  let scores: number[] = clone.scores.slice();
  for (const instance of clone.children) {
    const node = assignedNode(instance);
    if (!node || instance.sortIndex < 0) continue;
    scores[node.index] = addScores(instance.sortIndex, scores[node.index]!);
  }
  scores = promotedWishes(plan, clone, scores);
  for (const instance of clone.children) {
    const node = assignedNode(instance);
    if (!node || instance.sortIndex < 0) continue;
    instance.sortIndex = scores[node.index]!;
  }
}

function comparePromotion(plan: Plan, a: Resource, b: Resource): number {
  if (a.sortIndex !== b.sortIndex) return b.sortIndex - a.sortIndex;
  const roleA = currentRole(a);
  const roleB = currentRole(b);
  if (roleA !== roleB) return roleB - roleA;
  return compareInstances(plan, a, b);
}

/** The node an instance may be promoted on, if it may be at all. */
function promotableOn(plan: Plan, clone: Resource, instance: Resource, perNode: number[]): Node | undefined {
  for (const member of instance.children) if (!mayBePromoted(plan, member)) return undefined;
  const node = assignedNode(instance);
  if (!node) return undefined;
  if (!instance.is(F.Managed)) return currentRole(instance) === Role.Promoted ? node : undefined;
  if (instance.sortIndex < 0) return undefined;
  if (!mayBePromoted(plan, instance)) return undefined;
  if (!canRun(node, true)) return undefined;
  const allowed = clone.scores[node.index]! >= 0 && clone.allowed[node.index];
  if (!allowed) return undefined;
  if (perNode[node.index]! >= clone.promotedNodeMax && instance.is(F.Managed)) return undefined;
  return node;
}

function mayBePromoted(plan: Plan, member: Resource): boolean {
  if (!assignedNode(member)) return false;
  if (plan.options.noQuorumPolicy === "freeze" && !plan.state.haveQuorum) {
    return currentRole(member) === Role.Promoted;
  }
  return true;
}
