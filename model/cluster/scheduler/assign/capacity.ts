import type { Colocation } from "../constraints/colocation-constraints.js";
import type { Plan } from "../state/plan.js";
import { canRun } from "../state/resource-state.js";
import { INFINITY } from "../state/score.js";
import { F, type Node, type Resource } from "../state/working.js";
import { rolesApply, thisWithColocations, withThisColocations } from "./colocation.js";
import { capacityOrder } from "./utilization.js";

/**
 * Bans a resource from the nodes that have no room for it and for all that must be where it is; where no node has
 * room for all of that, from those that have none for it alone, and gives the node with the most room as a preference.
 */
export function banWithoutCapacity(plan: Plan, resource: Resource): Node | undefined {
  if (plan.options.placementStrategy === "default") return undefined;
  const together = colocated(resource, resource, new Set());
  together.add(resource);
  const needs = sumNeeds(together);
  const available = plan.nodes.filter(
    (n) => resource.allowed[n.index] && resource.scores[n.index]! >= 0 && canRun(n, false),
  );
  let roomiest: Node | undefined;
  for (const node of plan.nodes) {
    if (!resource.allowed[node.index]) continue;
    if (!roomiest || capacityOrder(node, roomiest) < 0) roomiest = node;
  }
  const anyForAll = available.some((n) => hasRoom(n, needs));
  const wanted = anyForAll ? needs : resource.utilization;
  for (const node of available) if (!hasRoom(node, wanted)) resource.ban(node);
  return anyForAll ? undefined : roomiest;
}

function hasRoom(node: Node, needs: ReadonlyMap<string, number>): boolean {
  for (const [name, need] of needs) if (need > (node.utilization.get(name) ?? 0)) return false;
  return true;
}

/** Everything that must be where a resource is, in either direction and in turn. */
function colocated(resource: Resource, origin: Resource, found: Set<Resource>): Set<Resource> {
  if (found.has(resource)) return found;
  if (resource.variant === "group" && (resource.colocated || resource.parent?.variant === "clone")) {
    found.add(resource);
    for (const member of resource.children) colocated(member, origin, found);
    return found;
  }
  found.add(resource);
  for (const c of thisWithColocations(resource)) {
    if (c.primary !== origin && binds(c)) colocated(c.primary, origin, found);
  }
  for (const c of withThisColocations(resource)) {
    if (c.dependent === origin || (resource.variant === "clone" && c.dependent.variant !== "clone")) continue;
    if (binds(c)) colocated(c.dependent, origin, found);
  }
  return found;
}

function binds(c: Colocation): boolean {
  return c.score >= INFINITY && rolesApply(c, c.dependent, c.primary);
}

/** What those of a set need that have no node yet. */
function sumNeeds(together: ReadonlySet<Resource>): Map<string, number> {
  const needs = new Map<string, number>();
  for (const resource of together) if (resource.is(F.Unassigned)) addNeeds(resource, together, needs);
  return needs;
}

function addNeeds(resource: Resource, together: ReadonlySet<Resource>, needs: Map<string, number>): void {
  switch (resource.variant) {
    case "primitive":
      for (const [name, need] of resource.utilization) needs.set(name, (needs.get(name) ?? 0) + need);
      break;
    case "group": {
      const whole = resource.colocated || resource.parent?.variant === "clone";
      const members = whole ? resource.children : resource.children.slice(0, 1);
      for (const m of members) if (m.is(F.Unassigned) && !together.has(m)) addNeeds(m, together, needs);
      break;
    }
    default: {
      // One instance stands for all, unless one is counted already.
      const counted = resource.children.some((c) => together.has(c) || c.children.some((m) => together.has(m)));
      const first = resource.children[0];
      if (!counted && first) addNeeds(first, together, needs);
    }
  }
}
