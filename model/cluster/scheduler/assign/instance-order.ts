import { hasInfluence } from "../constraints/colocation-constraints.js";
import type { Plan } from "../state/plan.js";
import { canRun, currentNode, currentNodes } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { F, type Node, type Resource, zeroPerNode } from "../state/working.js";
import { mergeColocatedScores } from "./colocation.js";

/**
 * Which of two instances is placed first: one that is where it may be, then the higher priority, the active one, one
 * whose node can run anything, the one that is better off there, the one that has not failed, the lower number.
 */
export function compareInstances(plan: Plan, a: Resource, b: Resource): number {
  const nodesA = currentNodes(a);
  const nodesB = currentNodes(b);
  // Active on more than one node: last, so that the others take what is free.
  if (nodesA.length > 0 && nodesB.length > 0 && nodesA.length !== nodesB.length) return nodesA.length - nodesB.length;

  const nodeA = currentNode(a);
  const nodeB = currentNode(b);
  const allowedA = isAllowed(a, nodeA);
  const allowedB = isAllowed(b, nodeB);
  if (allowedA !== allowedB) return allowedA ? -1 : 1;
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (!nodeA && !nodeB) return 0;
  if (!nodeA || !nodeB) return nodeA ? -1 : 1;
  const runsA = canRun(nodeA, false);
  const runsB = canRun(nodeB, false);
  if (runsA !== runsB) return runsA ? -1 : 1;
  const scoreA = scoreAt(plan, a, nodeA);
  const scoreB = scoreAt(plan, b, nodeB);
  if (scoreA !== scoreB) return scoreB - scoreA;
  const failedA = isFailed(a);
  const failedB = isFailed(b);
  if (failedA !== failedB) return failedA ? 1 : -1;
  return compareNames(a.id, b.id);
}

/** Whether an instance is on a node that it and its clone may be on (or on none). */
function isAllowed(instance: Resource, node: Node | undefined): boolean {
  if (!node) return true;
  const i = node.index;
  const { allowed, scores } = instance.parent ?? instance;
  return allowed[i] === 1 && scores[i]! >= 0 && instance.scores[i]! >= 0;
}

/** What the clone's colocations say of an instance's own node; its own wishes do not count here. */
function scoreAt(plan: Plan, instance: Resource, node: Node): number {
  const clone = instance.parent;
  if (!clone || (clone.thisWith.length === 0 && clone.withThis.length === 0)) return 0;
  const mask = zeroPerNode(plan.nodes.length);
  mask[node.index] = 1;
  let scores = zeroPerNode(plan.nodes.length);
  // A node that is not there is the worst to be on.
  if (!node.online) scores[node.index] = -INFINITY;
  for (const c of clone.thisWith) {
    scores = mergeColocatedScores(plan, c.primary, mask, scores, c.nodeAttribute, c.score / INFINITY, {
      rollBack: false,
      nonNegative: false,
      forward: false,
    });
  }
  for (const c of clone.withThis) {
    if (!hasInfluence(c, instance)) continue;
    scores = mergeColocatedScores(plan, c.dependent, mask, scores, c.nodeAttribute, c.score / INFINITY, {
      rollBack: false,
      nonNegative: true,
      forward: false,
    });
  }
  return scores[node.index]!;
}

function isFailed(instance: Resource): boolean {
  return instance.is(F.Failed) || instance.children.some(isFailed);
}

/** Names with the numbers in them by value: web:2 before web:10. */
export function compareNames(a: string, b: string): number {
  const numberA = instanceNumber(a);
  const numberB = instanceNumber(b);
  if (numberA !== numberB) return numberA - numberB;
  return a < b ? -1 : a > b ? 1 : 0;
}

function instanceNumber(id: string): number {
  const match = /(\d+)$/.exec(id);
  return match ? Number(match[1]) : 0;
}
