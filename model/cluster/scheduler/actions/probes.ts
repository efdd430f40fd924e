import { orderActionThenTask, orderTasks } from "../constraints/orderings.js";
import { A, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { assignedNode, currentNodes } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { isTrue } from "../state/values.js";
import { Discovery, F, type Node, type Resource, Role } from "../state/working.js";
import { probeBundle } from "./bundle-actions.js";
import { fenceNode } from "./fencing.js";
import { connectionState } from "./remote-orderings.js";
import { orderAfterUnfencing } from "./unfencing.js";

/** Probes every resource on every node where its state is not known. */
export function scheduleProbes(plan: Plan): void {
  for (const node of plan.nodes) {
    if (!node.online) {
      if (node.kind === "remote" && node.connection && connectionState(node, node.connection) === "failed") {
        fenceNode(plan, node, "the connection is unrecoverable");
      }
      continue;
    }
    if (node.unclean || !node.discoveryEnabled) continue;
    if (!isTrue(node.attributes.get("probe_complete"), true)) {
      // The controller of older releases told so that its node is yet to look; it does so by itself once it is asked.
      plan.clusterAction(`probe_again-${node.name}`, Task.ProbeAgain, node, false);
      continue;
    }
    for (const resource of plan.resources) probe(plan, resource, node);
  }
}

function probe(plan: Plan, resource: Resource, node: Node): boolean {
  switch (resource.variant) {
    case "primitive":
      return probePrimitive(plan, resource, node);
    case "group": {
      let any = false;
      for (const member of resource.children) if (probe(plan, member, node)) any = true;
      return any;
    }
    case "clone":
      return probeClone(plan, resource, node);
    default:
      return probeBundle(plan, resource, node, (part) => probe(plan, part, node));
  }
}

function probeClone(plan: Plan, clone: Resource, node: Node): boolean {
  if (clone.exclusiveDiscovery && clone.discovery[node.index] !== Discovery.Exclusive) return false;
  if (clone.is(F.Unique)) {
    let any = false;
    for (const instance of clone.children) if (probe(plan, instance, node)) any = true;
    return any;
  }
  // One look answers for all anonymous instances: by the one that is there, is to be there, or any.
  const instance =
    clone.children.find((c) => currentNodes(c).includes(node)) ??
    clone.children.find((c) => isKnown(c, node)) ??
    clone.children.find((c) => assignedNode(c) === node) ??
    clone.children[0];
  return instance ? probe(plan, instance, node) : false;
}

function isKnown(resource: Resource, node: Node): boolean {
  if (resource.variant === "primitive") return resource.known[node.index] === 1;
  return resource.children.some((c) => isKnown(c, node));
}

function probePrimitive(plan: Plan, resource: Resource, node: Node): boolean {
  const { options } = plan;
  if (!options.enableStartupProbes || resource.is(F.Orphan)) return false;
  if (node.isRemote && (resource.is(F.FenceDevice) || resource.remoteNode)) return false;
  if (node.isGuest && holdsGuest(resource)) return false;
  // What lives in a container is looked after through it.
  if (resource.container && !resource.remoteNode) return false;
  const i = node.index;
  if (resource.known[i]) return false;
  const top = resource.top;
  if (resource.exclusiveDiscovery || top.exclusiveDiscovery) {
    if (!resource.allowed[i] || resource.discovery[i] !== Discovery.Exclusive) return false;
  }
  if (resource.allowed[i] && resource.discovery[i] === Discovery.Never) return false;
  // In a bundle's node only the bundle's own is looked for, whatever else a constraint allows there.
  const own = resource.replica?.node === node && resource.replica.child === resource;
  if (node.ofBundle && !own && resource.discovery[i] !== Discovery.Exclusive) return false;
  if (node.isGuest) {
    const container = node.connection?.container;
    if (!container) return false;
    if (container.role === Role.Stopped) {
      // Nothing can be active in a guest that is not there, if so it is where the guest is to start.
      const host = container.assignedTo;
      if (host && !container.known[host.index]) orderTasks(plan, container, Task.Monitor, top, Task.Start, O.Optional);
      return false;
    }
    if (willStop(container)) {
      orderTasks(plan, container, Task.Stop, top, Task.Start, O.Optional);
      return false;
    }
  }
  const action = plan.action(resource, Task.Monitor, node, false);
  action.clear(A.Optional);
  orderAfterUnfencing(plan, resource, node, action, O.Optional);
  if (!resource.runningOn.includes(node)) action.expectedRc = 7;
  else if (resource.role === Role.Promoted) action.expectedRc = 8;
  const before = resource.parent?.variant === "group" && !top.isCollective ? resource : anonymousTop(resource);
  // Where it cannot be looked for yet, it does not start; but what is active is not stopped for that.
  const flags = action.is(A.Runnable) || resource.runningOn.length > 0 ? O.Optional : O.Optional | O.RunnableLeft;
  orderActionThenTask(plan, action, before, Task.Start, flags);
  orderActionThenTask(plan, action, resource, Task.Reload, O.Optional);
  return true;
}

/** Whether a guest's container is to be stopped, be it to start again. */
function willStop(container: Resource): boolean {
  if (container.is(F.Failed) || container.nextRole === Role.Stopped) return true;
  const next = container.assignedTo;
  return container.role > Role.Stopped && next !== undefined && !container.runningOn.includes(next);
}

/** A probe of an anonymous clone's instance stands for the whole clone. */
function anonymousTop(resource: Resource): Resource {
  return resource.enclosingClone ?? resource;
}

function holdsGuest(resource: Resource): boolean {
  return resource.fillers.some((f) => f.remoteNode);
}
