import type { Cib, XmlElement } from "../../cluster/cib/types.js";

/** A primitive of a CIB as its agent sees it. */
export interface Primitive {
  readonly id: string;
  /** "ocf", "lsb", "systemd", "service", "upstart", "stonith", … */
  readonly agentClass: string;
  readonly provider: string | undefined;
  readonly type: string;
  /** `class:provider:type`, for people. */
  readonly agent: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Within a promotable clone. */
  readonly promotable: boolean;
  /** Time-outs that the CIB sets, in milliseconds, by operation. */
  readonly timeouts: ReadonlyMap<string, number>;
}

/** All primitives, in groups, clones and bundles too, by document order. Templates and id-refs are resolved. */
export function primitivesOf(cib: Cib): readonly Primitive[] {
  let found = remembered.get(cib.configuration);
  if (found === undefined) {
    found = read(cib.configuration);
    remembered.set(cib.configuration, found);
  }
  return found;
}

export function isServiceClass(agentClass: string): boolean {
  return agentClass === "lsb" || agentClass === "systemd" || agentClass === "service" || agentClass === "upstart";
}

const remembered = new WeakMap<XmlElement, readonly Primitive[]>();

function read(configuration: XmlElement): readonly Primitive[] {
  const resources = configuration.children.find((child) => child.name === "resources");
  if (resources === undefined) return [];
  const templates = new Map(
    resources.children.filter((child) => child.name === "template").map((child) => [child.attrs["id"] ?? "", child]),
  );
  const attributeSets = new Map<string, XmlElement>();
  collectSets(resources, attributeSets);
  const found: Primitive[] = [];
  const visit = (element: XmlElement, promotable: boolean): void => {
    if (element.name !== "primitive") {
      const within = promotable || element.name === "master" || isPromotable(element);
      for (const child of element.children) visit(child, within);
      return;
    }
    const template = templates.get(element.attrs["template"] ?? "");
    const attribute = (name: string) => element.attrs[name] ?? template?.attrs[name];
    const agentClass = attribute("class") ?? "";
    const provider = attribute("provider");
    const type = attribute("type") ?? "";
    const parameters = new Map<string, string>();
    if (template) readParameters(template, attributeSets, parameters);
    readParameters(element, attributeSets, parameters);
    found.push({
      id: element.attrs["id"] ?? "",
      agentClass,
      provider,
      type,
      agent: [agentClass, provider, type].filter((part) => part !== undefined).join(":"),
      parameters,
      promotable,
      timeouts: timeoutsOf(template === undefined ? [element] : [template, element]),
    });
  };
  for (const child of resources.children) if (child.name !== "template") visit(child, false);
  return found;
}

function collectSets(element: XmlElement, into: Map<string, XmlElement>): void {
  if (element.name === "instance_attributes" && element.attrs["id"] !== undefined)
    into.set(element.attrs["id"], element);
  for (const child of element.children) collectSets(child, into);
}

function readParameters(element: XmlElement, sets: ReadonlyMap<string, XmlElement>, into: Map<string, string>): void {
  for (const child of element.children) {
    if (child.name !== "instance_attributes") continue;
    const set = sets.get(child.attrs["id-ref"] ?? "") ?? child;
    // Rules are not evaluated here: a set under a rule is left to the cluster's own reading.
    if (set.children.some((inner) => inner.name === "rule")) continue;
    for (const pair of set.children)
      if (pair.name === "nvpair" && pair.attrs["name"] !== undefined)
        into.set(pair.attrs["name"], pair.attrs["value"] ?? "");
  }
}

function isPromotable(element: XmlElement): boolean {
  if (element.name === "bundle")
    return element.children.some(({ attrs }) => Number(attrs["promoted-max"] ?? attrs["masters"] ?? 0) > 0);
  if (element.name !== "clone") return false;
  return element.children.some(
    (set) =>
      set.name === "meta_attributes" &&
      set.children.some(
        ({ attrs }) => attrs["name"] === "promotable" && /^(true|1|yes|on|y)$/i.test(attrs["value"] ?? ""),
      ),
  );
}

function timeoutsOf(elements: readonly XmlElement[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const element of elements)
    for (const operations of element.children)
      if (operations.name === "operations")
        for (const { attrs } of operations.children) {
          const ms = timeMs(attrs["timeout"]);
          if (attrs["name"] !== undefined && ms !== undefined) found.set(attrs["name"], ms);
        }
  return found;
}

/** Pacemaker's times: seconds without a unit. */
function timeMs(text: string | undefined): number | undefined {
  const match = /^\s*(\d+)\s*(ms|msec|s|sec|m|min|h|hr)?\s*$/i.exec(text ?? "");
  if (match === null) return undefined;
  const unit = (match[2] ?? "s").toLowerCase();
  const factor = unit.startsWith("ms") ? 1 : unit.startsWith("m") ? 60_000 : unit.startsWith("h") ? 3_600_000 : 1000;
  return Number(match[1]) * factor;
}
