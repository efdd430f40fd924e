import type { Cib, XmlElement } from "../cluster/cib/types.js";

/** A primitive of a CIB as its agent sees it: class, type and parameters, templates and references resolved. */
export interface Primitive {
  readonly id: string;
  /** "ocf", "lsb", "systemd", "service", "upstart", "stonith", … */
  readonly agentClass: string;
  /** "heartbeat"; empty where the class has none. */
  readonly provider: string;
  /** "IPaddr2", "haproxy", "fence_ipmilan" */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** The line of each parameter's nvpair. */
  readonly parameterLines: ReadonlyMap<string, number>;
  /** The group, clone or bundle around it, innermost first. */
  readonly containers: readonly string[];
  readonly line: number;
}

/** Every primitive of a CIB in document order. Remembered by the configuration's identity. */
export function primitivesOf(cib: Cib): readonly Primitive[] {
  const known = remembered.get(cib.configuration);
  if (known !== undefined) return known;
  const resources = childNamed(cib.configuration, "resources");
  const byId = new Map<string, XmlElement>();
  indexIds(cib.configuration, byId);
  const found: Primitive[] = [];
  for (const child of resources?.children ?? []) collect(child, [], byId, found);
  remembered.set(cib.configuration, found);
  return found;
}

const remembered = new WeakMap<XmlElement, readonly Primitive[]>();

function collect(
  element: XmlElement,
  containers: readonly string[],
  byId: ReadonlyMap<string, XmlElement>,
  found: Primitive[],
): void {
  if (element.name === "primitive") found.push(primitive(element, containers, byId));
  else if (["group", "clone", "master", "bundle"].includes(element.name))
    for (const child of element.children) collect(child, [element.attrs["id"] ?? "", ...containers], byId, found);
}

function primitive(
  element: XmlElement,
  containers: readonly string[],
  byId: ReadonlyMap<string, XmlElement>,
): Primitive {
  const template = byId.get(element.attrs["template"] ?? "");
  const attribute = (name: string) => element.attrs[name] ?? template?.attrs[name] ?? "";
  const parameters = new Map<string, string>();
  const parameterLines = new Map<string, number>();
  for (const source of template === undefined ? [element] : [element, template])
    for (const { name, value, line } of pairsOf(source, "instance_attributes", byId))
      if (!parameters.has(name)) {
        parameters.set(name, value);
        parameterLines.set(name, line);
      }
  return {
    id: element.attrs["id"] ?? "",
    agentClass: attribute("class"),
    provider: attribute("provider"),
    type: attribute("type"),
    parameters,
    parameterLines,
    containers,
    line: element.line,
  };
}

/**
 * Name-value pairs of an element's sets of one kind: the set of the highest score first, the first value of a name
 * counts. Sets with a rule are left out: whether they hold depends on node and time, which the scheduler knows.
 */
function pairsOf(
  element: XmlElement,
  kind: string,
  byId: ReadonlyMap<string, XmlElement>,
): { name: string; value: string; line: number }[] {
  const score = (set: XmlElement) => (/^-?\d+$/.test(set.attrs["score"] ?? "") ? Number(set.attrs["score"]) : 0);
  return element.children
    .filter((set) => set.name === kind)
    .map((set) => byId.get(set.attrs["id-ref"] ?? "") ?? set)
    .filter((set) => childNamed(set, "rule") === undefined)
    .sort((left, right) => score(right) - score(left))
    .flatMap((set) => set.children)
    .filter((pair) => pair.name === "nvpair")
    .map((pair) => byId.get(pair.attrs["id-ref"] ?? "") ?? pair)
    .map(({ attrs, line }) => ({ name: attrs["name"] ?? "", value: attrs["value"] ?? "", line }));
}

function indexIds(element: XmlElement, byId: Map<string, XmlElement>): void {
  const id = element.attrs["id"];
  if (id !== undefined && !byId.has(id)) byId.set(id, element);
  for (const child of element.children) indexIds(child, byId);
}

function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** A cluster property of the CIB ("stonith-enabled"), undefined where it is not set. */
export function clusterProperty(cib: Cib, name: string): string | undefined {
  return clusterProperties(cib).get(name)?.value;
}

/** Cluster properties as set, with their lines. */
export function clusterProperties(cib: Cib): ReadonlyMap<string, { readonly value: string; readonly line: number }> {
  const found = new Map<string, { value: string; line: number }>();
  for (const set of childNamed(cib.configuration, "crm_config")?.children ?? [])
    for (const pair of set.children) {
      const { name, value } = pair.attrs;
      if (pair.name === "nvpair" && name !== undefined && !found.has(name))
        found.set(name, { value: value ?? "", line: pair.line });
    }
  return found;
}

/** `node` elements of cluster members; remote and ping nodes are not members. */
export function cibNodes(cib: Cib): readonly { readonly id: string; readonly uname: string; readonly line: number }[] {
  return (childNamed(cib.configuration, "nodes")?.children ?? [])
    .filter((node) => node.name === "node" && !["remote", "ping"].includes(node.attrs["type"] ?? "member"))
    .map((node) => ({ id: node.attrs["id"] ?? "", uname: node.attrs["uname"] ?? "", line: node.line }));
}
