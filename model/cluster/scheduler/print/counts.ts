import type { ClusterState } from "../state/state.js";
import { F, type Resource, Role } from "../state/working.js";
import { parseRole } from "../unpack/resource-properties.js";

export interface ResourceCounts {
  readonly instances: number;
  readonly disabled: number;
  readonly blocked: number;
}

/** How many primitives there are, instances and implicit ones included; orphans only while they are active. */
export function countResources(state: ClusterState): ResourceCounts {
  let instances = 0;
  let disabled = 0;
  let blocked = 0;
  const walk = (resource: Resource): void => {
    if (resource.variant !== "primitive") {
      for (const child of resource.children) walk(child);
      return;
    }
    if (resource.is(F.Orphan) && resource.role <= Role.Stopped) return;
    instances++;
    if (isDisabled(resource)) disabled++;
    if (resource.is(F.Blocked)) blocked++;
  };
  for (const resource of state.resources) walk(resource);
  return { instances, disabled, blocked };
}

/** Kept from running by target-role; a promotable one also where it may not be promoted. */
export function isDisabled(resource: Resource): boolean {
  const role = parseRole(resource.meta.get("target-role"));
  return role === Role.Stopped || (role === Role.Unpromoted && resource.top.is(F.Promotable));
}
