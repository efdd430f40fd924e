import type { Cib, XmlElement } from "../cib/types.js";
import { intervalMs } from "./interval.js";

/** One primitive as the runtime needs it: what to call, how often to look, and what it is part of. */
export interface PrimitiveFacts {
  readonly id: string;
  readonly class: string;
  readonly provider?: string;
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly meta: ReadonlyMap<string, string>;
  readonly operations: readonly { readonly name: string; readonly intervalMs: number; readonly timeoutMs?: number }[];
  /** Ids of its group, clone or bundle, innermost first. */
  readonly parents: readonly string[];
  /** Instances are told apart, so histories carry their numbers; how many there can be. */
  readonly uniqueInstances: number;
}

export interface LocationFacts {
  readonly id: string;
  readonly resource: string;
  readonly node: string;
  readonly score: string;
}

export interface FencingLevel {
  readonly index: number;
  readonly devices: readonly string[];
  readonly target?: string;
  readonly targetPattern?: string;
  readonly targetAttribute?: string;
  readonly targetValue?: string;
}

/** What the runtime reads of a configuration; rules are left to the scheduler. */
export interface Settings {
  readonly options: ReadonlyMap<string, string>;
  readonly primitives: ReadonlyMap<string, PrimitiveFacts>;
  /** Locations of the simple kind (one node, one score). */
  readonly locations: readonly LocationFacts[];
  readonly levels: readonly FencingLevel[];
  /** By uname: the node's permanent attributes. */
  readonly nodeAttributes: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const remembered = new WeakMap<XmlElement, Settings>();

/** Read once for each configuration; configurations are shared between CIBs. */
export function settingsOf(cib: Cib): Settings {
  let found = remembered.get(cib.configuration);
  if (!found) {
    found = readSettings(cib.configuration);
    remembered.set(cib.configuration, found);
  }
  return found;
}

export function option(cib: Cib, name: string): string | undefined {
  return settingsOf(cib).options.get(name);
}

function readSettings(configuration: XmlElement): Settings {
  const section = (name: string) => configuration.children.find((child) => child.name === name)?.children ?? [];
  const templates = new Map<string, XmlElement>();
  for (const e of section("resources")) if (e.name === "template") templates.set(e.attrs["id"] ?? "", e);
  const primitives = new Map<string, PrimitiveFacts>();
  for (const e of section("resources")) readResource(e, [], new Map(), 1, templates, primitives);
  const nodeAttributes = new Map<string, ReadonlyMap<string, string>>();
  for (const e of section("nodes")) {
    if (e.name === "node" && e.attrs["uname"] !== undefined)
      nodeAttributes.set(e.attrs["uname"], pairs(e, "instance_attributes"));
  }
  return {
    options: readOptions(section("crm_config")),
    primitives,
    locations: section("constraints")
      .filter((e) => e.name === "rsc_location" && e.attrs["rsc"] !== undefined && e.attrs["node"] !== undefined)
      .map((e) => ({
        id: e.attrs["id"] ?? "",
        resource: e.attrs["rsc"]!,
        node: e.attrs["node"]!,
        score: e.attrs["score"] ?? "0",
      })),
    levels: section("fencing-topology")
      .filter((e) => e.name === "fencing-level")
      .map(readLevel),
    nodeAttributes,
  };
}

/** The set that tools write comes first, as Pacemaker reads it; the first value of a name counts. */
function readOptions(sets: readonly XmlElement[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  const ordered = [...sets].sort((a, b) => rank(a) - rank(b));
  for (const set of ordered)
    for (const pair of set.children) {
      const { name, value } = pair.attrs;
      if (name !== undefined && value !== undefined && !options.has(name)) options.set(name, value);
    }
  return options;
}

function rank(set: XmlElement): number {
  return set.attrs["id"] === "cib-bootstrap-options" ? 0 : 1;
}

function readResource(
  e: XmlElement,
  parents: readonly string[],
  inherited: ReadonlyMap<string, string>,
  instances: number,
  templates: ReadonlyMap<string, XmlElement>,
  into: Map<string, PrimitiveFacts>,
): void {
  const id = e.attrs["id"] ?? "";
  const template = e.attrs["template"] === undefined ? undefined : templates.get(e.attrs["template"]);
  const meta = new Map([
    ...inherited,
    ...(template ? pairs(template, "meta_attributes") : []),
    ...pairs(e, "meta_attributes"),
  ]);
  if (e.name === "primitive") {
    const agent = template ?? e;
    into.set(id, {
      id,
      class: agent.attrs["class"] ?? "",
      ...(agent.attrs["provider"] !== undefined && { provider: agent.attrs["provider"] }),
      type: agent.attrs["type"] ?? "",
      parameters: new Map([
        ...(template ? pairs(template, "instance_attributes") : []),
        ...pairs(e, "instance_attributes"),
      ]),
      meta,
      operations: [...(template ? operations(template) : []), ...operations(e)],
      parents,
      uniqueInstances: instances,
    });
    return;
  }
  if (e.name !== "group" && e.name !== "clone" && e.name !== "master" && e.name !== "bundle") return;
  const unique = e.name === "clone" || e.name === "master" ? meta.get("globally-unique") === "true" : false;
  const count = unique
    ? Math.max(1, Math.min(64, Number(meta.get("clone-max") ?? meta.get("clone-node-max") ?? 16)))
    : instances;
  for (const inner of e.children) readResource(inner, [id, ...parents], meta, count, templates, into);
}

function operations(e: XmlElement): PrimitiveFacts["operations"] {
  const list = e.children.filter((child) => child.name === "operations").flatMap((child) => child.children);
  return list
    .filter((op) => op.name === "op" && op.attrs["name"] !== undefined)
    .map((op) => ({
      name: op.attrs["name"]!,
      intervalMs: intervalMs(op.attrs["interval"], 0),
      ...(op.attrs["timeout"] !== undefined && { timeoutMs: intervalMs(op.attrs["timeout"], 20_000) }),
    }));
}

/** Name-value pairs of an element's sets of one kind; the first value of a name counts. Sets under rules are skipped. */
function pairs(e: XmlElement, kind: "instance_attributes" | "meta_attributes"): Map<string, string> {
  const found = new Map<string, string>();
  for (const set of e.children) {
    if (set.name !== kind || set.children.some((child) => child.name === "rule")) continue;
    for (const pair of set.children) {
      const { name, value } = pair.attrs;
      if (pair.name === "nvpair" && name !== undefined && value !== undefined && !found.has(name))
        found.set(name, value);
    }
  }
  return found;
}

function readLevel(e: XmlElement): FencingLevel {
  const { target, "target-pattern": pattern, "target-attribute": attribute, "target-value": value } = e.attrs;
  return {
    index: Number(e.attrs["index"] ?? 1),
    devices: (e.attrs["devices"] ?? "").split(",").filter((device) => device !== ""),
    ...(target !== undefined && { target }),
    ...(pattern !== undefined && { targetPattern: pattern }),
    ...(attribute !== undefined && { targetAttribute: attribute }),
    ...(value !== undefined && { targetValue: value }),
  };
}
