import { Task } from "./tasks.js";
import type { Resource } from "./working.js";

/** The clone of a bundle's own primitive. */
export function bundledClone(bundle: Resource): Resource | undefined {
  const last = bundle.children.at(-1);
  return last?.variant === "clone" ? last : undefined;
}

/**
 * What a collective consists of, as far as a task goes: a clone's instances; a bundle's containers, or for what
 * containers do not do (promotion) the instances of its primitive.
 */
export function instancesOf(resource: Resource, task: Task = Task.None): readonly Resource[] {
  if (resource.variant !== "bundle") return resource.children;
  switch (task) {
    case Task.Promote:
    case Task.Promoted:
    case Task.Demote:
    case Task.Demoted:
    case Task.Notify:
    case Task.Notified:
      return bundledClone(resource)?.children ?? containersOf(resource);
    default:
      return containersOf(resource);
  }
}

export function containersOf(bundle: Resource): readonly Resource[] {
  return bundle.replicas.map((r) => r.container);
}
