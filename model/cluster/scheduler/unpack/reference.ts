import type { Unpacking } from "../state/unpacking.js";
import type { Resource } from "../state/working.js";

/** The resources that a template or tag stands for; undefined where the name is neither. */
export function readTagSets(unpacking: Unpacking, name: string): Resource[] | undefined {
  const ids = unpacking.tags.get(name);
  if (!ids) return undefined;
  const resources: Resource[] = [];
  for (const id of ids) {
    const resource = unpacking.state.constraintResource(id);
    if (resource && !resources.includes(resource)) resources.push(resource);
  }
  return resources;
}
