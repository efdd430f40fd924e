import type { NodeId } from "../twin/parts.js";

/** Something that can be seen to hold or not at an instant. Data, so that a world can hold it. */
export type Condition =
  | { readonly kind: "served"; readonly service: string }
  | {
      readonly kind: "resource";
      readonly cluster: string;
      readonly resource: string;
      readonly state: "started" | "stopped" | "promoted";
      /** On this node; without it, on any node that runs (for `stopped`: on none). */
      readonly on?: NodeId;
    }
  | { readonly kind: "node"; readonly node: NodeId; readonly state: "up" | "off" }
  | { readonly kind: "settled"; readonly cluster: string }
  | { readonly kind: "steady" };

/** A condition as a sentence: `g-mysql started on mysql2`. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "served":
      return `${condition.service} served`;
    case "resource":
      return `${condition.cluster}/${condition.resource} ${condition.state}${condition.on ? ` on ${condition.on}` : ""}`;
    case "node":
      return `${condition.node} ${condition.state}`;
    case "settled":
      return `cluster ${condition.cluster} settled`;
    case "steady":
      return "everything served again and every cluster settled";
  }
}
