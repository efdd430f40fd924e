import { A } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { canRun, currentNode } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { banWithoutCapacity } from "./capacity.js";
import { capacityOrder, takeCapacity } from "./utilization.js";

/**
 * The nodes that a resource is allowed on, best first: by score (an unavailable node is the worst), by what the
 * placement strategy says of free capacity and of the number of resources, the node it is active on, then by name; with
 * the strategy "minimal" by score and name alone.
 */
export function nodesByPreference(plan: Plan, resource: Resource, active: Node | undefined): Node[] {
  const nodes: Node[] = [];
  for (const node of plan.nodes) if (resource.allowed[node.index]) nodes.push(node);
  return sortNodes(plan, nodes, resource.scores, active);
}

export function sortNodes(plan: Plan, nodes: Node[], scores: number[], active: Node | undefined): Node[] {
  if (nodes.length < 2) return nodes;
  return nodes.sort((a, b) => comparePreference(plan, scores, active, a, b));
}

/** The first of the nodes by preference. */
function mostPreferred(plan: Plan, resource: Resource, active: Node | undefined): Node | undefined {
  // By free capacity, one better than a second and that better than a third may be worse than the third: as sorted.
  if (plan.options.placementStrategy === "balanced") return nodesByPreference(plan, resource, active)[0];
  let best: Node | undefined;
  for (const node of plan.nodes) {
    if (!resource.allowed[node.index]) continue;
    if (!best || comparePreference(plan, resource.scores, active, node, best) < 0) best = node;
  }
  return best;
}

function comparePreference(plan: Plan, scores: number[], active: Node | undefined, a: Node, b: Node): number {
  const weightA = canRun(a, false) ? scores[a.index]! : -INFINITY;
  const weightB = canRun(b, false) ? scores[b.index]! : -INFINITY;
  if (weightA !== weightB) return weightB - weightA;
  const strategy = plan.options.placementStrategy;
  if (strategy !== "minimal") {
    if (strategy === "balanced") {
      const capacity = capacityOrder(a, b);
      if (capacity !== 0) return capacity;
    }
    if (a.assigned !== b.assigned) return a.assigned - b.assigned;
    if (active === a) return -1;
    if (active === b) return 1;
  }
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Assigns a resource to its best node, or to `preferred` where that is as good. Returns the node. */
export function assignBestNode(plan: Plan, resource: Resource, wanted: Node | undefined): Node | undefined {
  const roomiest = banWithoutCapacity(plan, resource);
  const preferred = wanted ?? roomiest;
  if (!resource.is(F.Unassigned)) return resource.assignedTo;
  const running = currentNode(resource);
  const scores = resource.scores;
  let best = mostPreferred(plan, resource, running);
  if (preferred && best) {
    const usable =
      resource.allowed[preferred.index] &&
      scores[preferred.index]! >= scores[best.index]! &&
      scores[preferred.index]! >= 0 &&
      canRun(preferred, false);
    if (usable) return finalizeAssignment(plan, resource, preferred, false);
  }
  const spread = resource.parent?.variant === "clone" && resource.parent.is(F.Unique);
  if (best && !spread && scores[best.index]! > 0 && canRun(best, false)) {
    // Of equally good nodes, the one it runs on.
    const asGood = running && resource.allowed[running.index] && scores[running.index]! === scores[best.index]!;
    if (asGood && canRun(running, false)) best = running;
  }
  return finalizeAssignment(plan, resource, best, false);
}

/** Settles where a resource goes. Unless forced, a node that cannot take it is no node. */
export function finalizeAssignment(
  _plan: Plan,
  resource: Resource,
  chosen: Node | undefined,
  force: boolean,
): Node | undefined {
  let node = chosen;
  // A guest is taken to come up: whether its container does is for the orders to say.
  if (node && !force && (resource.scores[node.index]! < 0 || !(canRun(node, false) || node.isGuest))) {
    resource.nextRole = Role.Stopped;
    node = undefined;
  }
  releaseAssignment(resource);
  resource.clear(F.Unassigned);
  if (!node) {
    resource.nextRole = Role.Stopped;
    for (const action of resource.actions) {
      if (action.task === Task.Stop) action.clear(A.Optional);
      else if (action.task === Task.Start) action.clear(A.Runnable);
      else if (action.task === Task.Cancel) action.clear(A.Runnable);
      else if (action.task === Task.Monitor && action.intervalMs > 0) action.clear(A.Runnable);
    }
    return undefined;
  }
  resource.assignedTo = node;
  node.assigned++;
  takeCapacity(resource, node, 1);
  return node;
}

/** Takes back an assignment: the resource is to be assigned anew. */
export function unassign(resource: Resource): void {
  releaseAssignment(resource);
  resource.set(F.Unassigned);
}

function releaseAssignment(resource: Resource): void {
  const node = resource.assignedTo;
  if (!node) return;
  resource.assignedTo = undefined;
  node.assigned--;
  takeCapacity(resource, node, -1);
}

/** Settles that a resource, and all it holds, goes nowhere. */
export function assignNowhere(plan: Plan, resource: Resource): boolean {
  if (resource.variant === "primitive") {
    const changed = resource.assignedTo !== undefined;
    finalizeAssignment(plan, resource, undefined, true);
    return changed;
  }
  let changed = false;
  for (const child of resource.children) if (assignNowhere(plan, child)) changed = true;
  return changed;
}
