import { type Colocation, hasInfluence } from "../constraints/colocation-constraints.js";
import type { Plan } from "../state/plan.js";
import { canRun, currentNode } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { showScores } from "../state/scores.js";
import { F, type Node, type Resource, zeroPerNode } from "../state/working.js";
import { assign } from "./assign.js";
import { unassign } from "./assign-node.js";
import { mergeColocatedScores, thisWithColocations, withThisColocations } from "./colocation.js";
import { inOrderOfPlacement } from "./instance-order.js";
import { assignRoles } from "./promotion.js";
import { addPromotionScores } from "./promotion-scores.js";

const wishes = { rollBack: true, nonNegative: true, forward: false } as const;

export function assignClone(plan: Plan, clone: Resource): Node | undefined {
  if (!clone.is(F.Unassigned) || clone.is(F.Assigning)) return undefined;
  if (clone.is(F.Promotable)) addPromotionScores(plan, clone);
  clone.set(F.Assigning);

  for (const colocation of thisWithColocations(clone)) assign(plan, colocation.primary, undefined);
  for (const colocation of withThisColocations(clone)) {
    if (!hasInfluence(colocation)) continue;
    clone.scores = mergeColocatedScores(
      plan,
      colocation.dependent,
      clone.allowed,
      clone.scores,
      colocation.nodeAttribute,
      colocation.score / INFINITY,
      wishes,
    );
  }
  if (plan.withScores) showScores(plan, clone, "pcmk__clone_allocate");

  // What is colocated with the clone asks its instances in this order.
  clone.children = inOrderOfPlacement(plan, clone.children);
  const instances = clone.children;
  distribute(plan, clone, instances, clone.cloneMax, clone.cloneNodeMax);
  if (clone.is(F.Promotable)) assignRoles(plan, clone, instances);
  clone.clear(F.Unassigned | F.Assigning);
  return undefined;
}

/** Places instances: where they are already, as far as they may stay, then the others. */
export function distribute(
  plan: Plan,
  clone: Resource,
  instances: readonly Resource[],
  max: number,
  perNode: number,
): void {
  clone.perNode = zeroPerNode(plan.nodes.length);
  let available = 0;
  for (const node of plan.nodes) {
    if (clone.allowed[node.index] && canRun(node, false)) available++;
  }
  const optimal = available > 0 ? Math.max(1, Math.trunc(max / available)) : 1;
  // With room for fewer than one on each node, every wish of the clone counts for each instance.
  const allColocations = max < available;
  let placed = 0;
  for (const instance of instances) {
    if (placed >= max) break;
    if (!instance.is(F.Unassigned) || !hasActiveMember(instance) || instance.is(F.Failed)) continue;
    const at = currentNode(instance);
    if (!at || !clone.allowed[at.index] || !canRun(at, false)) continue;
    if (clone.perNode[at.index]! >= optimal) continue;
    if (place(plan, clone, instance, at, allColocations, perNode)) placed++;
  }
  for (const instance of instances) {
    if (!instance.is(F.Unassigned)) continue;
    if (placed >= max) {
      banEverywhere(plan, instance);
    } else if (place(plan, clone, instance, undefined, allColocations, perNode)) placed++;
  }
}

function hasActiveMember(instance: Resource): boolean {
  return currentNode(instance) !== undefined;
}

function banEverywhere(plan: Plan, resource: Resource): void {
  for (const node of plan.nodes) if (resource.allowed[node.index]) resource.ban(node);
  for (const child of resource.children) banEverywhere(plan, child);
}

function place(
  plan: Plan,
  clone: Resource,
  instance: Resource,
  preferred: Node | undefined,
  allColocations: boolean,
  perNode: number,
): boolean {
  if (!instance.is(F.Unassigned)) return instance.assignedTo !== undefined;
  if (instance.is(F.Assigning)) return false;
  if (preferred && (!instance.allowed[preferred.index] || instance.scores[preferred.index]! < 0)) return false;
  for (const node of plan.nodes) banWhereFull(clone, instance, node, perNode);
  inheritColocations(clone, instance, allColocations);
  if (!preferred) {
    const chosen = assign(plan, instance, undefined);
    if (chosen) clone.perNode[chosen.index]!++;
    return chosen !== undefined;
  }
  const before = instance.scores.slice();
  const chosen = assign(plan, instance, preferred);
  if (chosen !== preferred) {
    // To be placed anew, with the others; but a group's members stay where they went, and count nowhere.
    if (chosen && instance.variant === "primitive") {
      instance.scores = before;
      unassign(instance);
    }
    return false;
  }
  clone.perNode[preferred.index]!++;
  return true;
}

/** An instance may not go where the clone may not, nor where as many as allowed are already. */
function banWhereFull(clone: Resource, instance: Resource, node: Node, perNode: number): void {
  const i = node.index;
  if (!instance.allowed[i]) return;
  const full = canRun(node, false) && clone.allowed[i] && clone.scores[i]! >= 0 && clone.perNode[i]! < perNode;
  if (!full) banWithMembers(instance, node);
}

function banWithMembers(resource: Resource, node: Node): void {
  resource.ban(node);
  for (const child of resource.children) banWithMembers(child, node);
}

/** The clone's colocations hold for each instance: all of them, or those that must be kept or keep apart. */
function inheritColocations(clone: Resource, instance: Resource, all: boolean): void {
  for (const c of clone.thisWith) {
    if (all || c.score < 0 || c.score === INFINITY) inherit(instance.thisWith, c);
  }
  for (const c of clone.withThis) {
    if (!hasInfluence(c, instance)) continue;
    if (all || c.score < 0) inherit(instance.withThis, c);
  }
}

function inherit(list: Colocation[], colocation: Colocation): void {
  list.push(colocation);
}
