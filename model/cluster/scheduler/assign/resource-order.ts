import type { Plan } from "../state/plan.js";
import { currentNode } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { F, type Resource, zeroPerNode } from "../state/working.js";
import { sortNodes } from "./assign-node.js";
import { anyNodeAvailable, mergeColocatedScores, thisWithColocations } from "./colocation.js";

/**
 * Where capacity counts, who is placed first counts too: by priority, then who wants its present node most, then who
 * wants the best nodes most.
 */
export function sortForPlacement(plan: Plan): void {
  if (plan.options.placementStrategy === "default") return;
  const nodes = sortNodes(plan, plan.nodes.slice(), zeroPerNode(plan.nodes.length), undefined);
  const wishes = new Map<Resource, number[]>();
  for (const resource of plan.resources) wishes.set(resource, wishesOf(plan, resource));
  const here = (r: Resource): number => {
    const node = currentNode(r);
    return node && r.allowed[node.index] ? wishes.get(r)![node.index]! : -INFINITY;
  };
  plan.resources.sort((a, b) => {
    if (a.priority !== b.priority) return b.priority - a.priority;
    if (nodes.length === 0) return 0;
    const first = here(b) - here(a);
    if (first !== 0) return first;
    for (const node of nodes) {
      const x = a.allowed[node.index] ? wishes.get(a)![node.index]! : -INFINITY;
      const y = b.allowed[node.index] ? wishes.get(b)![node.index]! : -INFINITY;
      if (x !== y) return y - x;
    }
    return 0;
  });
}

/** A resource's scores with the wishes of what it must be with. */
function wishesOf(plan: Plan, resource: Resource): number[] {
  // A group's last member is bound to all before it.
  const origin = resource.variant === "group" ? (resource.children.at(-1) ?? resource) : resource;
  let work: number[] = origin.scores.slice();
  if (!anyNodeAvailable(plan, origin.allowed, work)) return work;
  origin.set(F.Merging);
  for (const c of thisWithColocations(origin)) {
    work = mergeColocatedScores(plan, c.primary, origin.allowed, work, c.nodeAttribute, c.score / INFINITY, {
      rollBack: true,
      nonNegative: false,
      forward: true,
    });
  }
  origin.clear(F.Merging);
  return work;
}
