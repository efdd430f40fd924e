import { findAction } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { INFINITY } from "../state/score.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";
import { failCount } from "../unpack/fail-counts.js";

/** Where a resource is, it likes to stay; where it failed too often, it must not be. */
export function applyStickiness(plan: Plan): void {
  for (const resource of plan.resources) applyTo(plan, resource);
}

function applyTo(plan: Plan, resource: Resource): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) applyTo(plan, child);
    return;
  }
  stick(plan, resource);
  for (const node of plan.nodes) {
    if (node.hasFailures) banAfterFailures(plan, resource, node);
  }
}

function stick(plan: Plan, resource: Resource): void {
  // A stickiness below zero drives nothing away.
  if (!resource.is(F.Managed) || resource.stickiness <= 0 || resource.runningOn.length !== 1) return;
  const node = resource.runningOn[0]!;
  // In an opt-in cluster, stickiness alone does not allow a node.
  if (!plan.options.symmetricCluster && resource.scores[node.index] === -INFINITY) return;
  resource.addScore(node, resource.stickiness);
  if (plan.withScores) {
    plan.reasons.push({
      instance: resource.id,
      node: node.name,
      score: resource.stickiness,
      because: "resource-stickiness",
    });
  }
}

function banAfterFailures(plan: Plan, resource: Resource, node: Node): void {
  // Failures that are about to be forgotten do not count any more.
  if (findAction(resource, Task.ClearFailcount, 0, node)) return;
  if (!failedTooOften(plan, resource, node)) return;
  const banned = resource.is(F.Unique) ? resource : anonymousClone(resource);
  ban(banned, node);
  if (plan.withScores) {
    plan.reasons.push({ instance: banned.id, node: node.name, score: -INFINITY, because: "migration-threshold" });
  }
}

/** Whether a resource has reached its migration-threshold on a node; one of whose failures is ignored never does. */
export function failedTooOften(plan: Plan, resource: Resource, node: Node): boolean {
  if (resource.migrationThreshold === 0 || resource.is(F.FailureIgnored) || !node.hasFailures) return false;
  const failures = failCount(plan.state, resource, node, { fillers: true }).count;
  return failures > 0 && failures >= resource.migrationThreshold;
}

/** Failures of one anonymous instance keep all instances away. */
function anonymousClone(resource: Resource): Resource {
  let clone = resource;
  for (let r: Resource | undefined = resource.parent; r; r = r.parent) if (r.variant === "clone") clone = r;
  return clone;
}

function ban(resource: Resource, node: Node): void {
  resource.ban(node);
  for (const child of resource.children) ban(child, node);
}
