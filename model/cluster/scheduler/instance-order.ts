import type { Plan } from "./plan.js";
import { canRun, currentNode, currentNodes } from "./resource-state.js";
import { F, type Node, type Resource } from "./working.js";
import { sortNodes } from "./assign-node.js";
import { applyColocation } from "./apply-colocation.js";
import { thisWithColocations, withThisColocations } from "./colocation.js";

/**
 * Which of two instances is placed first: one that can stay where it is, then the higher priority, the active one,
 * the one on a better node, the one that has not failed, the lower number.
 */
export function compareInstances(plan: Plan, a: Resource, b: Resource): number {
  const nodesA = currentNodes(a);
  const nodesB = currentNodes(b);
  // Active on more than one node: last, so that the others take what is free.
  if (nodesA.length > 0 && nodesB.length > 0 && nodesA.length !== nodesB.length) return nodesA.length - nodesB.length;

  let nodeA = currentNode(a);
  let nodeB = currentNode(b);
  const stayA = mayStay(a, nodeA);
  const stayB = mayStay(b, nodeB);
  if (nodeA && nodeB && stayA !== stayB) return stayA ? -1 : 1;
  if (!stayA) nodeA = undefined;
  if (!stayB) nodeB = undefined;
  const activeA = nodesA.length > 0;
  const activeB = nodesB.length > 0;

  if (a.priority !== b.priority) return b.priority - a.priority;
  if (!activeA && !activeB) return 0;
  if (activeA !== activeB) return activeA ? -1 : 1;
  const runA = nodesA[0] !== undefined && canRun(nodesA[0], false);
  const runB = nodesB[0] !== undefined && canRun(nodesB[0], false);
  if (runA !== runB) return runA ? -1 : 1;
  if (nodeA && nodeB) {
    const order = compareInParent(plan, a, nodeA, nodeB);
    if (order !== 0) return order;
  }
  const byColocation = compareByColocation(plan, a, b, nodesA[0], nodesB[0]);
  if (byColocation !== 0) return byColocation;
  const failedA = isFailed(a);
  const failedB = isFailed(b);
  if (failedA !== failedB) return failedA ? 1 : -1;
  return instanceNumber(a) - instanceNumber(b);
}

function mayStay(instance: Resource, node: Node | undefined): boolean {
  if (!node) return true;
  const allowed = instance.parent ?? instance;
  return allowed.allowed[node.index] === 1 && allowed.scores[node.index]! >= 0 && canRun(node, false);
}

/** By the clone's own scores: which of two nodes it likes better. */
function compareInParent(plan: Plan, instance: Resource, a: Node, b: Node): number {
  if (a === b) return 0;
  const scores = (instance.parent ?? instance).scores;
  if (scores[a.index] !== scores[b.index]) return scores[b.index]! - scores[a.index]!;
  if (a.assigned !== b.assigned && plan.options.placementStrategy !== "minimal") return a.assigned - b.assigned;
  return 0;
}

/** What each instance's node is worth to it once the clone's colocations are counted. */
function compareByColocation(
  plan: Plan,
  a: Resource,
  b: Resource,
  nodeA: Node | undefined,
  nodeB: Node | undefined,
): number {
  if (!nodeA || !nodeB || nodeA === nodeB) return 0;
  const clone = a.parent;
  if (!clone || (thisWithColocations(clone).length === 0 && withThisColocations(clone).length === 0)) return 0;
  void applyColocation;
  void sortNodes;
  void plan;
  const scoreA = a.scores[nodeA.index]!;
  const scoreB = b.scores[nodeB.index]!;
  return scoreB - scoreA;
}

function isFailed(instance: Resource): boolean {
  return instance.is(F.Failed) || instance.children.some(isFailed);
}

export function instanceNumber(instance: Resource): number {
  const at = instance.id.lastIndexOf(":");
  const number = at < 0 ? Number.NaN : Number.parseInt(instance.id.slice(at + 1), 10);
  return Number.isNaN(number) ? instance.index : number;
}
