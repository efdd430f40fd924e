import type { XmlElement } from "../cluster/cib/types.js";

/** What promises need of a CIB's configuration; worked out once for each configuration. */
export interface PromisedOrder {
  /** Primitives that one resource stands for: itself, a group's members, a clone's primitive. */
  readonly primitives: ReadonlyMap<string, readonly string[]>;
  /** Primitives that may be active on one node at a time: not cloned, no fence devices. */
  readonly exclusive: readonly string[];
  readonly cloned: ReadonlySet<string>;
  /** What must be active before a primitive may start: by its constraints, and on the same node by its group. */
  readonly before: ReadonlyMap<string, readonly Predecessor[]>;
  readonly noQuorumPolicy: string;
}

export interface Predecessor {
  /** Primitives, all of which must be active. */
  readonly resources: readonly string[];
  readonly sameNode: boolean;
  /** The constraint or the group, for people. */
  readonly because: string;
}

const known = new WeakMap<XmlElement, PromisedOrder>();

export function promisedOrder(configuration: XmlElement): PromisedOrder {
  let found = known.get(configuration);
  if (!found) {
    found = readOrder(configuration);
    known.set(configuration, found);
  }
  return found;
}

function readOrder(configuration: XmlElement): PromisedOrder {
  const primitives = new Map<string, readonly string[]>();
  const exclusive: string[] = [];
  const clones = new Set<string>();
  const before = new Map<string, Predecessor[]>();
  const add = (id: string, predecessor: Predecessor) => {
    const list = before.get(id);
    if (list) list.push(predecessor);
    else before.set(id, [predecessor]);
  };
  const walk = (element: XmlElement, cloned: boolean): readonly string[] => {
    const id = element.attrs["id"] ?? "";
    const isClone = element.name === "clone" || element.name === "master" || element.name === "bundle";
    if (element.name === "primitive") {
      primitives.set(id, [id]);
      if (cloned) clones.add(id);
      else if (element.attrs["class"] !== "stonith") exclusive.push(id);
      return [id];
    }
    const inside: string[] = [];
    for (const child of element.children) {
      if (!/^(primitive|group|clone|master|bundle)$/.test(child.name)) continue;
      const members = walk(child, cloned || isClone);
      if (element.name === "group" && inside.length > 0 && metaOf(element, "ordered") !== "false")
        for (const member of members)
          add(member, { resources: [inside[inside.length - 1]!], sameNode: true, because: `group ${id}` });
      inside.push(...members);
    }
    if (id) primitives.set(id, inside);
    return inside;
  };
  for (const section of configuration.children)
    if (section.name === "resources") for (const child of section.children) walk(child, false);
  for (const order of sectionOf(configuration, "constraints")) {
    const first = order.attrs["first"];
    const then = order.attrs["then"];
    if (order.name !== "rsc_order" || first === undefined || then === undefined || !isMandatory(order)) continue;
    if (!isStart(order.attrs["first-action"]) || !isStart(order.attrs["then-action"] ?? order.attrs["first-action"]))
      continue;
    const resources = primitives.get(first) ?? [];
    // A group starts with its first member.
    const led = primitives.get(then)?.[0];
    if (resources.length > 0 && led !== undefined)
      add(led, { resources, sameNode: false, because: `order ${order.attrs["id"] ?? `${first} then ${then}`}` });
  }
  return {
    primitives,
    exclusive,
    cloned: clones,
    before,
    noQuorumPolicy: optionOf(configuration, "no-quorum-policy") ?? "stop",
  };
}

function sectionOf(configuration: XmlElement, name: string): readonly XmlElement[] {
  return configuration.children.find((child) => child.name === name)?.children ?? [];
}

/** `kind` where it is given, else a score above 0 (default INFINITY). */
function isMandatory(order: XmlElement): boolean {
  const { kind, score } = order.attrs;
  if (kind !== undefined) return kind === "Mandatory";
  return score === undefined || /^\+?(INFINITY|1000000)$/.test(score);
}

function isStart(action: string | undefined): boolean {
  return action === undefined || action === "start";
}

function optionOf(configuration: XmlElement, name: string): string | undefined {
  for (const set of sectionOf(configuration, "crm_config"))
    for (const pair of set.children) if (pair.attrs["name"] === name) return pair.attrs["value"];
  return undefined;
}

function metaOf(element: XmlElement, name: string): string | undefined {
  for (const set of element.children) {
    if (set.name !== "meta_attributes") continue;
    for (const pair of set.children) if (pair.attrs["name"] === name) return pair.attrs["value"];
  }
  return undefined;
}
