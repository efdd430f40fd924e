import { instancesOf } from "./instances.js";
import { F, type Node, type Resource, Role } from "./working.js";

/** The role a resource has now (a collective: the highest of its members, a group: that of all, lowest first found). */
export function currentRole(resource: Resource): Role {
  if (resource.variant === "primitive") return resource.role;
  return highestRole(resource, (r) => r.role);
}

/** The role it is to have. */
export function plannedRole(resource: Resource): Role {
  if (resource.variant === "primitive") return resource.nextRole;
  return highestRole(resource, (r) => r.nextRole);
}

function highestRole(resource: Resource, of: (r: Resource) => Role): Role {
  let highest: Role = Role.Unknown;
  for (const child of instancesOf(resource)) {
    const role = child.variant === "primitive" ? of(child) : highestRole(child, of);
    if (role > highest) highest = role;
  }
  return highest;
}

/** Whether a primitive runs at least as the collective needs: every member for a group, any instance for a clone. */
export function isActive(resource: Resource, all: boolean): boolean {
  switch (resource.variant) {
    case "primitive":
      return resource.runningOn.length > 0;
    case "group": {
      let any = false;
      for (const child of resource.children) {
        if (isActive(child, all)) any = true;
        else if (all) return false;
      }
      return any;
    }
    default: {
      for (const child of instancesOf(resource)) {
        const active = isActive(child, all);
        if (all && !active) return false;
        if (!all && active) return true;
      }
      return all;
    }
  }
}

/** The nodes a resource (or any of its members) is active on. */
export function currentNodes(resource: Resource): Node[] {
  if (resource.variant === "primitive") return resource.runningOn;
  const nodes: Node[] = [];
  for (const child of instancesOf(resource)) {
    for (const node of currentNodes(child)) if (!nodes.includes(node)) nodes.push(node);
  }
  return nodes;
}

/** The nodes a resource (or any of its members) is assigned to. */
export function assignedNodes(resource: Resource, found: Node[] = []): Node[] {
  if (resource.variant === "primitive") {
    const node = resource.assignedTo;
    if (node && !found.includes(node)) found.push(node);
    return found;
  }
  for (const child of instancesOf(resource)) assignedNodes(child, found);
  return found;
}

/** The one node it is assigned to; undefined where that is none, or (collectives) more than one. */
export function assignedNode(resource: Resource): Node | undefined {
  if (resource.variant === "primitive") return resource.assignedTo;
  const nodes = assignedNodes(resource);
  return nodes.length === 1 ? nodes[0] : undefined;
}

/** The node it is active on now; of several, an online and clean one first, and the source of a migration before all. */
export function currentNode(resource: Resource): Node | undefined {
  const nodes = currentNodes(resource);
  if (nodes.length < 2) return nodes[0];
  if (resource.partialSource && resource.partialTarget && nodes.includes(resource.partialSource)) {
    return resource.partialSource;
  }
  if (resource.is(F.NeedsFencing)) return nodes[0];
  for (const node of nodes) if (node.online && !node.unclean) return node;
  for (const node of nodes) if (node.online) return node;
  return nodes[0];
}

/** Whether a node may take resources at all. */
export function isAvailable(node: Node): boolean {
  return node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance;
}

/** Whether a node may take this resource, its score apart: a guest node needs a container that has a node. */
export function canRun(node: Node, considerGuest: boolean): boolean {
  if (!isAvailable(node)) return false;
  if (considerGuest && node.isGuest) {
    const container = node.connection?.container;
    if (container && !container.assignedTo) return false;
  }
  return true;
}

export function isAnonymousClone(resource: Resource): boolean {
  return resource.variant === "clone" && !resource.is(F.Unique);
}

/** Whether two resources are the same or one holds the other. */
export function isAncestor(ancestor: Resource, resource: Resource): boolean {
  for (let r: Resource | undefined = resource.parent; r; r = r.parent) if (r === ancestor) return true;
  return false;
}
