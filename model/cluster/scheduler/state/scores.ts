import type { Plan } from "./plan.js";
import { F, type Resource } from "./working.js";

/** Notes a resource's scores for the table that crm_simulate -s prints; a collective's members follow it. */
export function showScores(plan: Plan, resource: Resource, step: string): void {
  if (resource.is(F.Orphan)) return;
  for (const node of plan.nodes) {
    if (!resource.allowed[node.index]) continue;
    plan.scores.push({ step, instance: resource.id, node: node.name, score: resource.scores[node.index]! });
  }
  // What a bundle's containers hold follows the containers.
  const { children } = resource;
  for (const child of children) if (child.variant !== "clone") showScores(plan, child, step);
  for (const child of children) if (child.variant === "clone") showScores(plan, child, step);
}
