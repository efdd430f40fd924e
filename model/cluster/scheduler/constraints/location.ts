import { bundledClone } from "../state/instances.js";
import type { Plan } from "../state/plan.js";
import type { LocationConstraint } from "../state/state.js";
import { Discovery, F, type Resource, Role } from "../state/working.js";
import { nodeHealthScore } from "./node-health.js";

/** Adds the scores of the location constraints to the nodes of their resources. */
export function applyLocations(plan: Plan): void {
  for (const location of plan.state.locations) {
    // Also where it names no node at all: then there is none left.
    if (location.discovery === Discovery.Exclusive) location.resource.exclusiveDiscovery = true;
    // One role's wishes hold for the nodes only where the resource is to have that role; what is stopped is nowhere.
    if (location.role === Role.Stopped) continue;
    if (location.role === Role.Promoted && location.resource.nextRole !== Role.Promoted) continue;
    applyLocation(plan, location, location.resource);
  }
  applyHealth(plan);
  for (const resource of plan.resources) if (resource.exclusiveDiscovery) banUndiscovered(plan, resource);
}

/** A node's health counts for every resource. */
function applyHealth(plan: Plan): void {
  if (plan.options.nodeHealthStrategy === "none") return;
  for (const node of plan.nodes) {
    const score = nodeHealthScore(plan.state, node);
    if (score === 0) continue;
    const nodes = [node];
    const scores = [score];
    const id = `health of ${node.name}`;
    for (const resource of plan.resources) {
      applyLocation(plan, { id, resource, role: Role.Unknown, discovery: Discovery.Always, nodes, scores }, resource);
    }
  }
}

function applyLocation(plan: Plan, location: LocationConstraint, resource: Resource, counts = true): void {
  // An instance beyond its clone's number is to be nowhere.
  if (resource.is(F.Orphan) && resource.parent) return;
  for (let i = 0; i < location.nodes.length; i++) {
    const node = location.nodes[i]!;
    resource.allowed[node.index] = 1;
    if (counts) resource.addScore(node, location.scores[i]!);
    if (location.discovery !== Discovery.Always) {
      resource.discovery[node.index] = location.discovery;
      if (location.discovery === Discovery.Exclusive) resource.exclusiveDiscovery = true;
    }
    if (plan.withScores && counts) {
      plan.reasons.push({
        instance: resource.id,
        node: node.name,
        score: location.scores[i]!,
        because: `location ${location.id}`,
      });
    }
  }
  if (resource.variant === "bundle") {
    for (const { container, ip } of resource.replicas) {
      applyLocation(plan, location, container, counts);
      if (ip) applyLocation(plan, location, ip, counts);
    }
    const clone = location.role >= Role.Unpromoted ? bundledClone(resource) : undefined;
    if (clone) applyLocation(plan, location, clone, counts);
    return;
  }
  // The members of a group follow its first, so its wishes are the first's.
  const chained = resource.variant === "group" && resource.colocated;
  for (let i = 0; i < resource.children.length; i++) {
    applyLocation(plan, location, resource.children[i]!, counts && (!chained || i === 0));
  }
}

/**
 * With exclusive discovery, a resource and its parts are not even allowed where no constraint asks for it. A bundle's
 * parts follow the bundle; a constraint of a group's member bans nothing.
 */
function banUndiscovered(plan: Plan, resource: Resource): void {
  for (const node of plan.nodes) {
    if (resource.allowed[node.index] && resource.discovery[node.index] !== Discovery.Exclusive) resource.ban(node);
  }
  if (resource.variant === "bundle") return;
  for (const child of resource.children) banUndiscovered(plan, child);
}

/** The scores of the constraints that apply only to the promoted role. */
export function promotedLocations(plan: Plan, resource: Resource): LocationConstraint[] {
  return plan.state.locations.filter((l) => l.role === Role.Promoted && l.resource === resource);
}
