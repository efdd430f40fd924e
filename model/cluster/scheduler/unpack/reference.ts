import type { Unpacking } from "../state/unpacking.js";
import type { Resource } from "../state/working.js";

/** The resources that some ids mean, templates and tags standing for theirs, up to the first id that means nothing. */
export interface Referenced {
  readonly resources: readonly Resource[];
  /** The id that is not there. */
  readonly missing: string | undefined;
}

export function referenced(unpacking: Unpacking, ids: readonly string[]): Referenced {
  const resources: Resource[] = [];
  for (const id of ids) {
    const resource = unpacking.state.constraintResource(id);
    const members = resource ? [resource] : unpacking.tags.get(id)?.map((m) => unpacking.state.constraintResource(m));
    for (const member of members ?? [undefined]) {
      if (!member) return { resources, missing: id };
      if (resource || !resources.includes(member)) resources.push(member);
    }
  }
  return { resources, missing: undefined };
}

/** Whether a name is that of a template or tag. */
export function isTag(unpacking: Unpacking, name: string): boolean {
  return unpacking.tags.has(name);
}
