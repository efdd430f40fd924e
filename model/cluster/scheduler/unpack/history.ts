import type { OperationHistory, ResourceHistory, XmlElement } from "../../cib/types.js";
import { wholeNumber } from "../../cib/whole-number.js";
import { element } from "../../cib/xml.js";
import { withoutNumber } from "../state/names.js";
import type { Unpacking } from "../state/unpacking.js";
import { F, type Node, type Resource } from "../state/working.js";
import { addInstance, buildResource } from "./resource-tree.js";

/** The resource that a node's history belongs to; an orphan is made where the configuration has none. */
export function resourceOfHistory(unpacking: Unpacking, node: Node, history: ResourceHistory): Resource {
  return findResource(unpacking, node, history.id) ?? makeOrphan(unpacking, history);
}

function findResource(unpacking: Unpacking, node: Node, id: string): Resource | undefined {
  const { resourcesById } = unpacking.state;
  let resource = resourcesById.get(id);
  let parent: Resource | undefined;
  if (!resource) {
    // A history of an instance that is not there any more: the clone itself may be.
    const first = resourcesById.get(`${withoutNumber(id)}:0`);
    if (!first || first.is(F.Unique)) return undefined;
    resource = first;
    parent = first.whole;
  } else if (resource.variant !== "primitive") return undefined;
  else parent = resource.whole === resource ? undefined : resource.whole;
  if (parent && isAnonymous(parent)) {
    const base = withoutNumber(id);
    if (resource.parent && resource.replica === undefined && resource.whole.variant === "bundle") {
      const found = bundledInstance(resource.whole, node) ?? anonymousInstance(unpacking, node, resource.parent, base);
      if (found) rename(found, id);
      return found;
    }
    if (resource.replica) {
      if (resource.replica.child !== resource) return resource;
      const found = bundledInstance(resource.whole, node);
      if (found) rename(found, id);
      return found;
    }
    const found = anonymousInstance(unpacking, node, resource.enclosingClone!, base);
    if (found) rename(found, id);
    return found;
  }
  return resource;
}

/** An instance goes by the name that its history has. */
function rename(resource: Resource, id: string): void {
  if (id === resource.id) return;
  resource.historyName = id;
  resource.seenName = id;
}

function isAnonymous(top: Resource): boolean {
  return (top.variant === "clone" || top.variant === "bundle") && !top.is(F.Unique);
}

/** The instance in the replica whose guest node this is. */
function bundledInstance(bundle: Resource, node: Node): Resource | undefined {
  for (const replica of bundle.replicas) if (replica.node === node) return replica.child;
  return undefined;
}

function isActiveAnywhere(resource: Resource): boolean {
  if (resource.variant === "primitive") return resource.runningOn.length > 0;
  return resource.children.some(isActiveAnywhere);
}

/** The first node of an instance's whereabouts, as a group's members tell it. */
function firstNode(instance: Resource): Node | undefined {
  if (instance.variant === "primitive") return instance.runningOn[0];
  for (const c of instance.children) {
    const node = firstNode(c);
    if (node) return node;
  }
  return undefined;
}

/** The primitive of an instance (itself, or the member of a cloned group) by its id without number. */
function memberOf(instance: Resource, base: string): Resource | undefined {
  if (instance.variant === "primitive") return withoutNumber(instance.id) === base ? instance : undefined;
  return instance.children.find((c) => withoutNumber(c.id) === base);
}

/**
 * The instance of an anonymous clone that a node's history is about: the one active there already, else the first that
 * is active nowhere, else a new orphan. Instances that need no fencing are not spent on nodes that are down.
 */
function anonymousInstance(unpacking: Unpacking, node: Node, clone: Resource, base: string): Resource | undefined {
  let found: Resource | undefined;
  let inactive: Resource | undefined;
  let skipInactive = false;
  for (const instance of clone.children) {
    const at = firstNode(instance);
    if (at) {
      if (at !== node) continue;
      const member = memberOf(instance, base);
      if (!member) continue;
      if (member.runningOn.length > 0) {
        // Two histories for one node: the second is an orphan, maybe one that is there already.
        skipInactive = true;
        continue;
      }
      found = member;
      break;
    }
    if (!skipInactive && !inactive && !instance.is(F.Blocked) && !isActiveAnywhere(instance)) {
      const member = memberOf(instance, base);
      if (member && (!member.pendingNode || member.pendingNode === node)) inactive = member;
    }
  }
  if (!found && !skipInactive) found = inactive;
  if (
    found &&
    !found.is(F.NeedsFencing) &&
    (!node.online || node.unclean) &&
    !node.isGuest &&
    clone.cloneMax !== unpacking.state.nodes.length
  ) {
    found = undefined;
  }
  return found ?? orphanInstance(unpacking, clone, base);
}

function orphanInstance(unpacking: Unpacking, clone: Resource, base: string): Resource | undefined {
  const instance = addInstance(unpacking, clone);
  return instance && memberOf(instance, base);
}

/** A resource that only a history knows: it exists to be stopped. */
function makeOrphan(unpacking: Unpacking, history: ResourceHistory): Resource {
  const { state } = unpacking;
  const xml: XmlElement = element("primitive", {
    id: history.id,
    class: history.class,
    provider: history.provider,
    type: history.type,
  });
  const configured = state.resourcesById.get(history.id);
  const resource = buildResource(unpacking, xml, undefined, undefined)!;
  // Where a group or clone has the id today, that is what constraints mean by it.
  if (configured?.id === history.id) state.resourcesById.set(history.id, configured);
  state.resources.push(resource);
  resource.set(F.Orphan);
  if (history.container !== undefined) resource.set(F.OrphanContainerFiller);
  if (resource.remoteNode) resource.remoteNode.shutdown = true;
  if (!state.options.stopOrphanResources) resource.clear(F.Managed);
  else for (const node of state.nodes) resource.ban(node);
  return resource;
}

/** Links orphans that were in a container to it, once all of a node's histories are read. */
export function linkOrphansToContainers(unpacking: Unpacking, histories: Iterable<ResourceHistory>): void {
  const { resourcesById } = unpacking.state;
  for (const { id, container: name } of histories) {
    if (name === undefined) continue;
    const container = resourcesById.get(name);
    const resource = resourcesById.get(id);
    if (!container || !resource?.is(F.OrphanContainerFiller) || resource.container) continue;
    resource.container = container;
    container.set(F.IsContainer);
    container.fillers.push(resource);
  }
}

/** Operations in the order in which they happened: by call id, pending ones by the transition they belong to. */
export function inOrder(operations: readonly OperationHistory[]): OperationHistory[] {
  return mergeSort(operations.slice().reverse());
}

/**
 * The order is not consistent once pending operations and others mix (a before b before c before a), so how it is
 * brought about matters: the newest entry first, halves sorted and merged.
 */
function mergeSort(operations: OperationHistory[]): OperationHistory[] {
  if (operations.length < 2) return operations;
  const half = Math.floor(operations.length / 2);
  const left = mergeSort(operations.slice(0, half));
  const right = mergeSort(operations.slice(half));
  const sorted: OperationHistory[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    sorted.push(compareOperations(left[l]!, right[r]!) <= 0 ? left[l++]! : right[r++]!);
  }
  while (l < left.length) sorted.push(left[l++]!);
  while (r < right.length) sorted.push(right[r++]!);
  return sorted;
}

export function compareOperations(a: OperationHistory, b: OperationHistory): number {
  if (a === b || a.id === b.id) return 0;
  if (a.callId === -1 && b.callId === -1) return 0;
  if (a.callId >= 0 && a.callId < b.callId) return -1;
  if (b.callId >= 0 && a.callId > b.callId) return 1;
  if (a.callId === b.callId) {
    // One call may have left two entries, its last result and its last failure.
    if (a.lastRcChange !== undefined && b.lastRcChange !== undefined) return a.lastRcChange - b.lastRcChange;
    return 0;
  }
  if (!MAGIC.test(a.transitionMagic) || !MAGIC.test(b.transitionMagic)) return 0;
  const x = parseKey(a.transitionMagic);
  const y = parseKey(b.transitionMagic);
  if (!x || !y || x.uuid !== y.uuid || x.transition === y.transition) return b.callId === -1 ? -1 : 1;
  // A transition of -1 is nobody's: its result was made up after all others.
  if ((x.transition >= 0 && x.transition < y.transition) || y.transition === -1) return -1;
  return 1;
}

/** A magic that says everything: those of the oldest histories tell no order. */
const MAGIC = /^\s*-?\d+:\s*-?\d+;\s*-?\d+:\s*-?\d+:\s*-?\d+:./;

/** `ACTION:TRANSITION:TARGET-RC:UUID`, with the result `STATUS:RC;` before it in a magic. */
export interface TransitionKey {
  readonly action: number;
  readonly transition: number;
  readonly targetRc: number;
  readonly uuid: string;
}

export function parseKey(text: string): TransitionKey | undefined {
  const first = text.indexOf(";") + 1;
  const second = text.indexOf(":", first) + 1;
  const third = second > 0 ? text.indexOf(":", second) + 1 : 0;
  if (third === 0) return undefined;
  const fourth = text.indexOf(":", third) + 1;
  // The oldest keys have no expected result.
  return {
    action: wholeNumber(text, first, second - 1) ?? Number.NaN,
    transition: wholeNumber(text, second, third - 1) ?? Number.NaN,
    targetRc: fourth === 0 ? -1 : (wholeNumber(text, third, fourth - 1) ?? -1),
    uuid: text.slice(fourth === 0 ? third : fourth),
  };
}
