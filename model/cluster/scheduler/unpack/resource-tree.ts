import type { XmlElement } from "../../cib/types.js";
import { child, childrenNamed, element } from "../../cib/xml.js";
import type { Unpacking } from "../state/unpacking.js";
import { countOf, parseBoolean } from "../state/values.js";
import { F, type Node, type Replica, Resource, Role, type Variant, zeroPerNode } from "../state/working.js";
import { bundleCloneXml, bundleShape, replicaXmls } from "./bundle-xml.js";
import { connectionXml, guestMeta, isRemoteConnection } from "./remote-nodes.js";
import { readMeta, readProperties } from "./resource-properties.js";
import { mergeTemplate } from "./templates.js";

/** Builds the tree of resources from the configuration, highest priority first at the top. */
export function unpackResources(unpacking: Unpacking): void {
  const { state } = unpacking;
  const section = child(unpacking.configuration, "resources");
  state.unfencingAsked = asksForUnfencing(section) || asksForUnfencing(unpacking.rscDefaults);
  state.unfencing = state.options.stonithEnabled && state.unfencingAsked;
  for (const e of section?.children ?? []) {
    if (e.name === "template") rememberTemplate(unpacking, e);
  }
  const implicit: XmlElement[] = [];
  for (const e of section?.children ?? []) {
    if (e.name === "template") continue;
    const resource = buildResource(unpacking, e, undefined, undefined);
    if (!resource) continue;
    state.resources.push(resource);
    addGuestConnections(resource, implicit);
  }
  for (const e of implicit) {
    const resource = buildResource(unpacking, e, undefined, undefined);
    if (resource) state.resources.push(resource);
  }
  linkFillers(unpacking);
  state.resources.sort((a, b) => b.priority - a.priority);
}

/** Whether a fence device provides unfencing, or anything requires it. */
function asksForUnfencing(e: XmlElement | undefined): boolean {
  if (!e) return false;
  if (e.name === "nvpair") {
    const { name, value } = e.attrs;
    return value === "unfencing" && (name === "provides" || name === "requires");
  }
  return e.children.some(asksForUnfencing);
}

function rememberTemplate(unpacking: Unpacking, e: XmlElement): void {
  const id = e.attrs["id"];
  if (id === undefined) return;
  unpacking.templates.set(id, e);
  unpacking.tags.set(id, []);
}

const VARIANTS: ReadonlyMap<string, Variant> = new Map<string, Variant>([
  ["primitive", "primitive"],
  ["group", "group"],
  ["clone", "clone"],
  ["master", "clone"],
  ["bundle", "bundle"],
]);

/** One resource with what it holds. `number` is the instance's, where it is one. */
export function buildResource(
  unpacking: Unpacking,
  written: XmlElement,
  parent: Resource | undefined,
  number: number | undefined,
): Resource | undefined {
  const variant = VARIANTS.get(written.name);
  const plainId = written.attrs["id"];
  if (variant === undefined || plainId === undefined) return undefined;
  const xml = variant === "primitive" ? mergeTemplate(unpacking, written) : written;
  if (!xml) {
    unpacking.note(written, `resource "${plainId}" refers to a template that is not there`);
    return undefined;
  }
  const { state } = unpacking;
  const id = number === undefined ? plainId : `${plainId}:${number}`;
  const anonymous = number !== undefined && parent !== undefined && !isUniqueInstance(parent);
  const resource = new Resource(state.allResources.length, id, anonymous ? plainId : id, variant);
  state.allResources.push(resource);
  state.resourcesById.set(id, resource);
  if (anonymous && !state.resourcesById.has(plainId)) state.resourcesById.set(plainId, resource);
  resource.xml = xml;
  resource.parent = parent;
  const count = state.nodes.length;
  resource.scores = zeroPerNode(count);
  resource.allowed = unpacking.defaultAllowed.slice();
  resource.discovery = zeroPerNode(count);
  resource.known = zeroPerNode(count);
  resource.role = Role.Stopped;
  if (variant === "primitive") {
    resource.agentClass = xml.attrs["class"] ?? "";
    resource.agentProvider = xml.attrs["provider"];
    resource.agentType = xml.attrs["type"] ?? "";
    resource.operations = operationsOf(unpacking, xml);
    const name = written.attrs["template"];
    if (name !== undefined && !number) unpacking.tags.get(name)?.push(plainId);
    if (isRemoteConnection(xml)) {
      resource.remoteNode = state.nodesByName.get(plainId);
      if (resource.remoteNode) resource.remoteNode.connection = resource;
      state.haveRemoteNodes = true;
    }
  }
  resource.meta = readMeta(unpacking, resource, written);
  // In an opt-in cluster, a guest's connection may be wherever its container may.
  if (resource.remoteNode?.isGuest && !state.options.symmetricCluster) resource.allowed = unpacking.nodesThere.slice();
  readProperties(unpacking, resource);
  if (variant === "group") buildMembers(unpacking, resource, xml, number);
  else if (variant === "clone") buildInstances(unpacking, resource, xml);
  else if (variant === "bundle") buildBundle(unpacking, resource, xml);
  return resource;
}

function isUniqueInstance(parent: Resource): boolean {
  const clone = parent.variant === "clone" ? parent : parent.enclosingClone;
  return clone?.is(F.Unique) ?? true;
}

function operationsOf(unpacking: Unpacking, xml: XmlElement): readonly XmlElement[] {
  const all: XmlElement[] = [];
  for (const operations of xml.children) {
    if (operations.name !== "operations") continue;
    const reference = operations.attrs["id-ref"];
    const target = reference === undefined ? operations : unpacking.find(reference);
    for (const op of target?.children ?? []) if (op.name === "op") all.push(op);
  }
  return all;
}

function buildMembers(unpacking: Unpacking, group: Resource, xml: XmlElement, number: number | undefined): void {
  group.ordered = parseBoolean(group.meta.get("ordered")) ?? true;
  group.colocated = parseBoolean(group.meta.get("collocated")) ?? true;
  for (const e of childrenNamed(xml, "primitive")) {
    const member = buildResource(unpacking, e, group, number);
    if (member) group.children.push(member);
  }
}

/** Most instances that one clone may have: more than any cluster runs, less than would fill the memory. */
const MOST_INSTANCES = 2_000;

function buildInstances(unpacking: Unpacking, clone: Resource, xml: XmlElement): void {
  const { meta } = clone;
  if (xml.name === "master" || parseBoolean(meta.get("promotable")) === true) clone.set(F.Promotable);
  if (parseBoolean(meta.get("globally-unique")) === true && mayBeUnique(unpacking, xml)) clone.set(F.Unique);
  else clone.clear(F.Unique);
  clone.cloneNodeMax = countOf(meta.get("clone-node-max"), 1);
  if (!clone.is(F.Unique)) clone.cloneNodeMax = Math.min(clone.cloneNodeMax, 1);
  const wanted = countOf(meta.get("clone-max"), Math.max(1, unpacking.nodesSeen));
  clone.cloneMax = Math.min(MOST_INSTANCES, wanted);
  if (wanted > MOST_INSTANCES) {
    unpacking.note(xml, `clone "${clone.id}": of ${wanted} instances, no more than ${MOST_INSTANCES} are modelled`);
  }
  if (clone.is(F.Promotable)) {
    clone.promotedMax = countOf(meta.get("promoted-max") ?? meta.get("master-max"), 1);
    clone.promotedNodeMax = countOf(meta.get("promoted-node-max") ?? meta.get("master-node-max"), 1);
  }
  clone.interleave = parseBoolean(meta.get("interleave")) ?? false;
  clone.ordered = parseBoolean(meta.get("ordered")) ?? false;
  // One instance exists even where none may run: its configuration is looked at.
  const count = Math.max(1, clone.cloneMax);
  for (let i = 0; i < count; i++) addInstance(unpacking, clone);
}

/** Agents whose standard knows no instances: a clone of them is anonymous whatever it says. */
const ANONYMOUS: ReadonlySet<string> = new Set(["lsb", "systemd", "service", "upstart", "nagios"]);

function mayBeUnique(unpacking: Unpacking, e: XmlElement): boolean {
  for (const c of e.children) {
    if (c.name === "group" && !mayBeUnique(unpacking, c)) return false;
    if (c.name !== "primitive") continue;
    const standard = mergeTemplate(unpacking, c)?.attrs["class"];
    if (standard !== undefined && ANONYMOUS.has(standard)) {
      unpacking.note(
        c,
        `globally-unique is ignored: ${standard} agents such as "${c.attrs["id"] ?? ""}" know no instances`,
      );
      return false;
    }
  }
  return true;
}

/** One more instance of a clone; undefined where the clone holds nothing. */
export function addInstance(unpacking: Unpacking, clone: Resource): Resource | undefined {
  const inner = clone.xml?.children.find((c) => c.name === "primitive" || c.name === "group");
  if (!inner) return undefined;
  const instance = buildResource(unpacking, inner, clone, clone.children.length);
  if (!instance) return undefined;
  clone.children.push(instance);
  if (clone.children.length > clone.cloneMax) markOrphan(instance);
  return instance;
}

/** What the clone has no room for is not to be anywhere. */
function markOrphan(resource: Resource): void {
  resource.set(F.Orphan);
  resource.allowed.fill(0);
  for (const child of resource.children) markOrphan(child);
}

function buildBundle(unpacking: Unpacking, bundle: Resource, xml: XmlElement): void {
  const shape = bundleShape(xml);
  if (!shape) {
    unpacking.note(xml, `bundle "${bundle.id}" has no container that is known (docker, podman, rkt)`);
    return;
  }
  const { state } = unpacking;
  bundle.cloneMax = shape.replicas;
  if (shape.wanted > shape.replicas) {
    unpacking.note(
      xml,
      `bundle "${bundle.id}": of ${shape.wanted} replicas, no more than ${shape.replicas} are modelled`,
    );
  }
  bundle.cloneNodeMax = shape.replicasPerHost;
  bundle.promotedMax = shape.promotedMax;
  if (shape.replicasPerHost > 1) bundle.set(F.Unique);
  let clone: Resource | undefined;
  if (shape.primitive) {
    clone = buildResource(unpacking, bundleCloneXml(shape), bundle, undefined);
    if (shape.promotedMax > 0) bundle.set(F.Promotable);
  }
  for (const r of replicaXmls(shape, xml)) {
    const ip = r.ip && buildResource(unpacking, r.ip, bundle, undefined);
    const container = buildResource(unpacking, r.container, bundle, undefined)!;
    const node: Node | undefined = r.remote ? state.nodesByName.get(r.name) : undefined;
    if (node) addBundleNode(unpacking, node);
    const remote = r.remote && buildResource(unpacking, r.remote, bundle, undefined);
    if (remote) unpacking.nodesSeen++;
    const replica: Replica = {
      offset: r.offset,
      bundle,
      container,
      ip,
      remote,
      child: clone?.children[r.offset],
      node,
    };
    container.set(F.IsContainer);
    // What the primitive asks for as to notifications holds for the clone made for it.
    if (clone && replica.child?.is(F.Notify)) clone.set(F.Notify);
    for (const part of [ip, container, remote, replica.child]) if (part) part.replica = replica;
    for (const part of [ip, container, remote]) if (part) bundle.children.push(part);
    bundle.replicas.push(replica);
    if (remote) {
      setContainer(remote, container);
      remote.set(F.AllowRemoteRemotes);
    }
    if (replica.child && node) {
      confineToNode(replica.child, node);
      takeNeedsOver(container, replica.child);
    }
    if (node) reserve(unpacking, node);
  }
  if (clone) bundle.children.push(clone);
}

/** What an instance in a bundle needs of a node is asked for by its container: of the node that this goes to. */
function takeNeedsOver(container: Resource, instance: Resource): void {
  container.utilization = instance.utilization;
  instance.utilization = new Map();
}

/** The instance of a bundle's primitive runs in its own container alone. */
function confineToNode(instance: Resource, node: Node): void {
  instance.allowed.fill(0);
  instance.allowed[node.index] = 1;
  const clone = instance.parent;
  if (!clone) return;
  if (instance === clone.children[0]) clone.allowed.fill(0);
  clone.allowed[node.index] = 1;
}

/** A bundle's guest node is there from now on, but nowhere to go to by default. */
function addBundleNode(unpacking: Unpacking, node: Node): void {
  unpacking.nodesThere[node.index] = 1;
  unpacking.defaultAllowed[node.index] = 0;
  node.ofBundle = true;
}

/** It is for nothing else than the bundle: what was built before may know it, and is banned. */
function reserve(unpacking: Unpacking, node: Node): void {
  for (const r of unpacking.state.allResources) {
    if (r.allowed[node.index] && !holdsReplicaOn(r, node)) r.ban(node);
  }
}

/** The instance of a bundle's primitive on its guest node, and what holds that instance. */
function holdsReplicaOn(resource: Resource, node: Node): boolean {
  return resource.replica?.node === node || resource.children.some((c) => holdsReplicaOn(c, node));
}

function setContainer(filler: Resource, container: Resource): void {
  filler.container = container;
  container.fillers.push(filler);
}

function addGuestConnections(resource: Resource, implicit: XmlElement[]): void {
  const members = resource.variant === "group" ? resource.children : [resource];
  for (const r of members) {
    if (r.variant !== "primitive") continue;
    const guest = guestMeta(r.meta);
    if (guest) implicit.push(connectionXml(guest, r.id));
  }
}

/** Resources that name another as their container (`container` meta-attribute). */
function linkFillers(unpacking: Unpacking): void {
  for (const resource of unpacking.state.allResources) {
    const name = resource.meta.get("container");
    if (name === undefined || resource.container) continue;
    const container = unpacking.state.resourcesById.get(name);
    if (!container || container === resource) {
      unpacking.note(
        resource.xml ?? element("primitive"),
        `resource "${resource.id}" names container "${name}", which is not there`,
      );
      continue;
    }
    container.set(F.IsContainer);
    setContainer(resource, container);
  }
}
