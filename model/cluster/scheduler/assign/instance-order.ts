import { hasInfluence } from "../constraints/colocation-constraints.js";
import type { Plan } from "../state/plan.js";
import { canRun, currentNode, currentNodes } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { F, type Node, type Resource, zeroPerNode } from "../state/working.js";
import { mergeColocatedScores } from "./colocation.js";

/** What tells an instance from its like: asked once, as the wishes of all that is colocated are long in coming. */
interface Standing {
  readonly instance: Resource;
  readonly activeOn: number;
  readonly node: Node | undefined;
  readonly allowed: boolean;
  /** What its node is worth to it; undefined until that matters. */
  score: number | undefined;
}

/**
 * In the order in which they are placed: an instance that is where it may be, then the higher priority, the active one,
 * one whose node can run anything, the one that is better off there, the one that has not failed, the lower number.
 */
export function inOrderOfPlacement(plan: Plan, instances: readonly Resource[]): Resource[] {
  if (instances.length < 2) return instances.slice();
  const standings = instances.map(standingOf);
  standings.sort((a, b) => compareStandings(plan, a, b));
  return standings.map((standing) => standing.instance);
}

/** Which of two instances is placed first. */
export function compareInstances(plan: Plan, a: Resource, b: Resource): number {
  return compareStandings(plan, standingOf(a), standingOf(b));
}

function standingOf(instance: Resource): Standing {
  const node = currentNode(instance);
  return {
    instance,
    activeOn: currentNodes(instance).length,
    node,
    allowed: isAllowed(instance, node),
    score: undefined,
  };
}

function compareStandings(plan: Plan, a: Standing, b: Standing): number {
  // Active on more than one node: last, so that the others take what is free.
  if (a.activeOn > 0 && b.activeOn > 0 && a.activeOn !== b.activeOn) return a.activeOn - b.activeOn;
  if (a.allowed !== b.allowed) return a.allowed ? -1 : 1;
  if (a.instance.priority !== b.instance.priority) return b.instance.priority - a.instance.priority;
  if (!a.node && !b.node) return 0;
  if (!a.node || !b.node) return a.node ? -1 : 1;
  const runsA = canRun(a.node, false);
  const runsB = canRun(b.node, false);
  if (runsA !== runsB) return runsA ? -1 : 1;
  a.score ??= scoreAt(plan, a.instance, a.node);
  b.score ??= scoreAt(plan, b.instance, b.node);
  if (a.score !== b.score) return b.score - a.score;
  const failedA = isFailed(a.instance);
  const failedB = isFailed(b.instance);
  if (failedA !== failedB) return failedA ? 1 : -1;
  return compareNames(a.instance.id, b.instance.id);
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
