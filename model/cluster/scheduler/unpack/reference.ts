import type { Unpacking } from "../state/unpacking.js";
import type { Resource } from "../state/working.js";

/** The resources that some ids mean, templates and tags standing for theirs, up to the first id that means nothing. */
export interface Referenced {
  readonly resources: readonly Resource[];
  /** The id that is not there. */
  readonly missing: string | undefined;
}

/** What the references of a set stand for. Of a template or tag one of whose members is not there, no member counts. */
export function referenced(unpacking: Unpacking, ids: readonly string[]): Referenced {
  const resources: Resource[] = [];
  for (const id of ids) {
    const resource = unpacking.state.constraintResource(id);
    if (resource) {
      resources.push(resource);
      continue;
    }
    const found = membersOf(unpacking, id);
    if (found.missing !== undefined) return { resources, missing: id };
    for (const member of found.resources) if (!resources.includes(member)) resources.push(member);
  }
  return { resources, missing: undefined };
}

/** The members of a template or tag up to the first that is not there. */
export function membersOf(unpacking: Unpacking, id: string): Referenced {
  const resources: Resource[] = [];
  for (const name of unpacking.tags.get(id) ?? [id]) {
    const member = unpacking.state.constraintResource(name);
    if (!member) return { resources, missing: id };
    if (!resources.includes(member)) resources.push(member);
  }
  return { resources, missing: undefined };
}

/** Whether a name is that of a template or tag. */
export function isTag(unpacking: Unpacking, name: string): boolean {
  return unpacking.tags.has(name);
}
