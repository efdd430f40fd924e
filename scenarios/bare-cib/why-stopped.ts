import type { Cib, XmlElement } from "../../model/cluster/cib/types.js";
import type { Reader } from "../../model/kernel/index.js";
import { clusterProperty } from "../../model/topology/primitives.js";
import type { NodeId } from "../../model/twin/parts.js";
import type { Twin } from "../../model/twin/twin.js";

/** What is known of a cluster at an instant, for telling why something is not started. */
export interface Placed {
  readonly cib: Cib;
  readonly nodes: readonly NodeId[];
  /** Members that may run resources. */
  readonly online: readonly NodeId[];
  /** Whether those have quorum. */
  readonly quorate: boolean;
  /** Nodes on which a primitive is active. */
  activeOn(primitive: string): readonly NodeId[];
}

/** What the DC of a cluster's quorate (else first) partition sees. */
export function placedIn(read: Reader, { clusters }: Twin, cluster: string, activeOn: Placed["activeOn"]): Placed {
  const dc = clusters.dcOf(read, cluster);
  return {
    cib: clusters.cibOf(read, cluster),
    nodes: clusters.nodesOf(cluster),
    online: dc === undefined ? [] : clusters.members(read, dc),
    quorate: dc !== undefined && clusters.isQuorate(read, dc),
    activeOn,
  };
}

interface Found {
  readonly element: XmlElement;
  /** Group, clone or bundle around it, innermost first. */
  readonly parents: readonly XmlElement[];
}

/**
 * Why a primitive is not active anywhere, as a chain of sentences from it to the root: `nova-api is stopped: it must
 * start after keystone-clone (order-…)`, `keystone is stopped: target-role=Stopped (cib.xml:233)`. Told from what the
 * configuration and the status say, in the order in which they bind: the resource's own role, failures and bans, then
 * what it must follow or stand beside.
 */
export function whyStopped(placed: Placed, primitive: string): readonly string[] {
  const index = indexOf(placed.cib);
  const chain: string[] = [];
  const seen = new Set<string>();
  let at: string | undefined = primitive;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const reason = reasonFor(placed, index, at);
    chain.push(`${at} is stopped: ${reason.text}`);
    at = reason.next;
  }
  return chain;
}

interface Reason {
  readonly text: string;
  /** The primitive that this one waits for. */
  readonly next?: string;
}

function reasonFor(placed: Placed, index: ReadonlyMap<string, Found>, id: string): Reason {
  const found = index.get(id);
  if (!found) return { text: "it is not in the configuration" };
  const around = [found.element, ...found.parents];
  if (placed.online.length === 0) return { text: "no node may run resources" };
  for (const holder of around) {
    const role = metaPair(holder, "target-role");
    if (role && /^stopped$/i.test(role.attrs["value"] ?? ""))
      return { text: `target-role=Stopped is set on ${holder.attrs["id"]}${lineText(role)}` };
  }
  const policy = clusterProperty(placed.cib, "no-quorum-policy") ?? "stop";
  if (!placed.quorate && policy !== "ignore")
    return { text: `the nodes that hear each other have no quorum (no-quorum-policy=${policy})` };
  const maintained = around.find((holder) => metaPair(holder, "is-managed")?.attrs["value"] === "false");
  if (maintained)
    return { text: `${maintained.attrs["id"]} is unmanaged${lineText(metaPair(maintained, "is-managed"))}` };
  const names = around.map((holder) => holder.attrs["id"] ?? "");
  const bans = placed.online.map((node) => banOn(placed, names, id, node));
  if (bans.every((ban) => ban !== undefined)) return { text: [...new Set(bans)].join("; ") };
  return (
    groupReason(placed, found, id) ??
    orderReason(placed, index, names) ??
    colocationReason(placed, index, names) ?? {
      text: bans.some(Boolean)
        ? `no node is left for it (${[...new Set(bans.filter(Boolean))].join("; ")})`
        : "the scheduler leaves it so",
    }
  );
}

/** Why it may not run on a node: failures, or a location of -INFINITY. */
function banOn({ cib }: Placed, names: readonly string[], id: string, node: NodeId): string | undefined {
  const attributes = cib.status.nodes.get(node)?.attributes;
  for (const [name, value] of attributes ?? [])
    if (name.startsWith("fail-count-") && value === "INFINITY" && failCountOf(name) === id)
      return `its failures ban it from ${node} (fail-count INFINITY)`;
  for (const location of constraints(cib)) {
    if (location.name !== "rsc_location" || !names.includes(location.attrs["rsc"] ?? "")) continue;
    if (location.attrs["node"] === node && location.attrs["score"] === "-INFINITY")
      return `${location.attrs["id"]} keeps it off ${node}${lineText(location)}`;
  }
  return undefined;
}

/** `fail-count-R`, `fail-count-R#start_0`, `fail-count-R:0#…` */
function failCountOf(attribute: string): string {
  return attribute.slice("fail-count-".length).replace(/#.*$/, "").replace(/:\d+$/, "");
}

function groupReason(placed: Placed, { parents }: Found, id: string): Reason | undefined {
  const group = parents.find(({ name }) => name === "group");
  if (!group) return undefined;
  for (const member of group.children) {
    const other = member.attrs["id"];
    if (member.name !== "primitive" || other === undefined) continue;
    if (other === id) return undefined;
    if (placed.activeOn(other).length === 0)
      return { text: `it comes after ${other} in the group ${group.attrs["id"]}`, next: other };
  }
  return undefined;
}

function orderReason(placed: Placed, index: ReadonlyMap<string, Found>, names: readonly string[]): Reason | undefined {
  for (const order of constraints(placed.cib)) {
    if (order.name !== "rsc_order" || !isMandatory(order)) continue;
    for (const [first, then] of pairsOf(order)) {
      if (!names.includes(then)) continue;
      const missing = primitivesUnder(index, first).find((primitive) => placed.activeOn(primitive).length === 0);
      if (missing !== undefined)
        return { text: `it must start after ${first} (${order.attrs["id"]}${lineText(order)})`, next: missing };
    }
  }
  return undefined;
}

function colocationReason(
  placed: Placed,
  index: ReadonlyMap<string, Found>,
  names: readonly string[],
): Reason | undefined {
  for (const colocation of constraints(placed.cib)) {
    if (colocation.name !== "rsc_colocation" || !names.includes(colocation.attrs["rsc"] ?? "")) continue;
    if (colocation.attrs["score"] !== "INFINITY") continue;
    const other = colocation.attrs["with-rsc"] ?? "";
    const missing = primitivesUnder(index, other).find((primitive) => placed.activeOn(primitive).length === 0);
    if (missing !== undefined)
      return { text: `it must run beside ${other} (${colocation.attrs["id"]}${lineText(colocation)})`, next: missing };
  }
  return undefined;
}

/** First and then of a simple order, or of neighbours in ordered sets. */
function pairsOf(order: XmlElement): readonly (readonly [string, string])[] {
  const { first, then } = order.attrs;
  if (first !== undefined && then !== undefined) return [[first, then]];
  const sets = order.children.filter(({ name }) => name === "resource_set");
  const members = sets.map((set) => set.children.map((child) => child.attrs["id"] ?? ""));
  const pairs: (readonly [string, string])[] = [];
  for (const [i, set] of members.entries()) {
    if (sets[i]!.attrs["sequential"] !== "false")
      for (let j = 1; j < set.length; j++) pairs.push([set[j - 1]!, set[j]!]);
    for (const before of members[i - 1] ?? []) for (const after of set) pairs.push([before, after]);
  }
  return pairs;
}

function isMandatory({ attrs: { kind, score } }: XmlElement): boolean {
  if (kind !== undefined) return kind === "Mandatory";
  return score === undefined || /^\+?(INFINITY|1000000)$/.test(score);
}

function constraints(cib: Cib): readonly XmlElement[] {
  return cib.configuration.children.find(({ name }) => name === "constraints")?.children ?? [];
}

const indexes = new WeakMap<XmlElement, ReadonlyMap<string, Found>>();

/** Every resource of a configuration with what is around it. */
function indexOf({ configuration }: Cib): ReadonlyMap<string, Found> {
  const known = indexes.get(configuration);
  if (known) return known;
  const index = new Map<string, Found>();
  const walk = (element: XmlElement, parents: readonly XmlElement[]) => {
    if (!/^(primitive|group|clone|master|bundle)$/.test(element.name)) return;
    index.set(element.attrs["id"] ?? "", { element, parents });
    for (const child of element.children) walk(child, [element, ...parents]);
  };
  const resources = configuration.children.find(({ name }) => name === "resources");
  for (const child of resources?.children ?? []) walk(child, []);
  indexes.set(configuration, index);
  return index;
}

function primitivesUnder(index: ReadonlyMap<string, Found>, id: string): readonly string[] {
  const found = index.get(id);
  if (!found) return [];
  if (found.element.name === "primitive") return [id];
  return found.element.children.flatMap((child) => primitivesUnder(index, child.attrs["id"] ?? ""));
}

/** Every primitive of a configuration in document order, fence devices included. */
export function primitiveIds(cib: Cib): readonly string[] {
  return [...indexOf(cib)].filter(([, { element }]) => element.name === "primitive").map(([id]) => id);
}

function metaPair(holder: XmlElement, name: string): XmlElement | undefined {
  for (const set of holder.children)
    if (set.name === "meta_attributes") for (const pair of set.children) if (pair.attrs["name"] === name) return pair;
  return undefined;
}

function lineText(at: XmlElement | undefined): string {
  return at && at.line > 0 ? `, line ${at.line}` : "";
}
