import { orderActionThenTask, orderTasks } from "../constraints/orderings.js";
import { A, type Action, findAction, findActions, O, orderActions } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { assignedNode, currentNodes } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
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
  if (node.ofBundle && !resource.allowed[i]) return false;
  if (node.isGuest) {
    const container = node.connection?.container;
    if (!container) return false;
    if (container.role === Role.Stopped) {
      // Nothing can be active in a guest that is not there.
      for (const p of findActions(container, Task.Monitor)) orderActionThenTask(plan, p, top, Task.Start, O.Optional);
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
  for (let r: Resource | undefined = resource.parent; r; r = r.parent) {
    if (r.variant === "clone") return r;
  }
  return resource;
}

function holdsGuest(resource: Resource): boolean {
  return resource.fillers.some((f) => f.remoteNode);
}

/** Orders probes before the restarts that hang on what they may find, and before what follows a stop. */
export function orderProbes(plan: Plan): void {
  const leads = leadingToRestarts(plan);
  for (const resource of plan.resources) orderProbesThenRestarts(resource, leads);
  for (const ordering of plan.orderings.slice()) {
    const { firstResource, thenResource } = ordering;
    if (firstResource?.variant !== "primitive") continue;
    const stops = ordering.firstAction ? ordering.firstAction.task === Task.Stop : ordering.firstTask === Task.Stop;
    if (!stops || thenResource === firstResource) continue;
    // A probe of what is in a container may well run only after the container has started again.
    const thenStops = ordering.thenAction ? ordering.thenAction.task === Task.Stop : ordering.thenTask === Task.Stop;
    if (thenStops && thenResource !== undefined && firstResource.container === thenResource) continue;
    if (ordering.thenAction?.task === Task.Shutdown || ordering.thenAction?.task === Task.LoadStopped) continue;
    const probes = probesOf(firstResource);
    if (probes.length === 0) continue;
    const thens = ordering.thenAction
      ? [ordering.thenAction]
      : thenResource
        ? findActions(thenResource, ordering.thenTask)
        : [];
    // Two that must not be together mind each other's probes, as their stops, on the node in question alone.
    const flags = ordering.flags & O.AntiColocation ? O.AntiColocation : O.Optional;
    for (const p of probes) for (const then of thens) orderActions(p, then, flags);
  }
}

function probesOf(resource: Resource): Action[] {
  return resource.actions.filter((a) => a.task === Task.Monitor && a.intervalMs === 0);
}

/** 1 for each action that is a restart's second half, or is followed by one: the only ones worth following. */
function leadingToRestarts(plan: Plan): Uint8Array {
  const leads = new Uint8Array(plan.actions.length);
  const ahead: Action[] = [];
  const mark = (action: Action): void => {
    if (leads[action.id]) return;
    leads[action.id] = 1;
    ahead.push(action);
  };
  for (const action of plan.actions) if (undoOf(action)) mark(action);
  for (let then = ahead.pop(); then; then = ahead.pop()) {
    for (const edge of then.inputs) if (edge.flags & FOLLOWED) mark(edge.first);
  }
  return leads;
}

const FOLLOWED = O.ImpliesThen | O.ImpliesFirstPrinted;

/** What is done first where a start or promotion is the second half of a restart. */
function undoOf({ task, resource }: Action): Action | undefined {
  if (resource?.variant !== "primitive") return undefined;
  const undo = task === Task.Start ? Task.Stop : task === Task.Promote ? Task.Demote : Task.None;
  const action = undo === Task.None ? undefined : findAction(resource, undo, 0, undefined);
  return action?.is(A.Pseudo) ? undefined : action;
}

function orderProbesThenRestarts(resource: Resource, leads: Uint8Array): void {
  if (resource.variant !== "primitive") {
    for (const child of resource.children) orderProbesThenRestarts(child, leads);
    return;
  }
  for (const p of probesOf(resource)) {
    const seen = new Set<Action>();
    for (let i = p.outputs.length - 1; i >= 0; i--) addRestartOrderings(p, p.outputs[i]!.then, seen, leads);
  }
}

/** Follows what comes after, however far that goes: by a list of its own, as chains may be longer than a stack. */
function addRestartOrderings(p: Action, start: Action, seen: Set<Action>, leads: Uint8Array): void {
  const ahead = [start];
  for (let then = ahead.pop(); then; then = ahead.pop()) {
    if (!leads[then.id] || seen.has(then)) continue;
    seen.add(then);
    if (!then.resource) continue;
    orderBeforeRestart(p, then, then.resource);
    for (const edge of then.outputs) if (edge.flags & FOLLOWED) ahead.push(edge.then);
  }
}

function orderBeforeRestart(p: Action, then: Action, resource: Resource): void {
  if (resource.variant === "primitive" && resource !== p.resource && !areSiblingsInClone(resource, p.resource!)) {
    const interleaved = resource.top.variant === "clone" && resource.top.interleave;
    if (!interleaved || p.node === then.node) {
      const undo = undoOf(then);
      if (undo) orderActions(p, undo, O.Optional);
    }
  }
}

/** Whether two primitives are instances of one clone, or members of one instance of a cloned group. */
function areSiblingsInClone(a: Resource, b: Resource): boolean {
  return a.parent !== undefined && a.parent === b.parent && a.top.isCollective;
}
