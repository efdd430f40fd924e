import type { Plan } from "./plan.js";
import { F, type Resource } from "./working.js";

/** Notes a resource's scores for the table that crm_simulate -s prints; a collective's members follow it. */
export function showScores(plan: Plan, resource: Resource, step: string): void {
  if (resource.is(F.Orphan)) return;
  for (const node of plan.nodes) {
    if (!resource.allowed[node.index]) continue;
    plan.scores.push({ step, instance: resource.id, node: node.name, score: resource.scores[node.index]! });
  }
  if (resource.variant !== "primitive") for (const child of resource.children) showScores(plan, child, step);
}
