import type { Plan } from "../state/plan.js";
import type { Node, Resource } from "../state/working.js";
import { assignBundle } from "./assign-bundle.js";
import { assignClone } from "./assign-clone.js";
import { assignGroup } from "./assign-group.js";
import { assignPrimitive } from "./assign-primitive.js";
import { compareNames } from "./instance-order.js";

/** Decides where a resource goes, having decided first where everything goes that it hangs on. */
export function assign(plan: Plan, resource: Resource, preferred: Node | undefined): Node | undefined {
  switch (resource.variant) {
    case "primitive":
      return assignPrimitive(plan, resource, preferred);
    case "group":
      return assignGroup(plan, resource, preferred);
    case "clone":
      return assignClone(plan, resource);
    default:
      return assignBundle(plan, resource);
  }
}

/** Decides where everything goes: connections to remote nodes first, for what runs on these nodes hangs on them. */
export function assignAll(plan: Plan): void {
  if (plan.state.haveRemoteNodes) {
    for (const resource of plan.resources) {
      if (resource.remoteNode) assign(plan, resource, resource.partialTarget);
    }
  }
  for (const resource of plan.resources) {
    if (!resource.remoteNode || !plan.state.haveRemoteNodes) assign(plan, resource, undefined);
  }
  // Placing a clone put its instances in the order of their merits: from here on, they are in that of their numbers.
  for (const resource of plan.state.allResources) {
    if (resource.variant === "clone") resource.children.sort((a, b) => compareNames(a.id, b.id));
  }
}
