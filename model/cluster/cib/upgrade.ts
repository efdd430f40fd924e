import { InputError } from "../../errors.js";
import type { CibNote, XmlElement } from "./types.js";
import { element, withAttrs, withChildren } from "./xml.js";

export interface Upgraded {
  readonly attrs: Readonly<Record<string, string>>;
  readonly configuration: XmlElement;
}

/** What is written by Pacemaker 2.1.5, and so what an upgraded configuration says of itself. */
const NEWEST = "pacemaker-3.9";
const OLD = /^(?:pacemaker-(?:0\.[67]|1\.\d|2\.(?:\d|10))|transitional-0\.6)$/;
const PRESENT = /^pacemaker-3\.\d$/;

/**
 * Brings a configuration to the newest schema, as `cibadmin --upgrade` of Pacemaker 2.1.5 does where it was tried:
 * defaults that were cluster options, underscores in their names, `requires` of operations, nodes of type normal.
 * Throws InputError for a schema that Pacemaker 2.1.5 does not know.
 */
export function upgradeConfiguration(
  root: XmlElement,
  configuration: XmlElement,
  file: string,
  notes: CibNote[],
): Upgraded {
  const schema = root.attrs["validate-with"];
  if (schema === undefined || schema === "none" || PRESENT.test(schema)) return { attrs: root.attrs, configuration };
  if (!OLD.test(schema)) {
    throw new InputError({
      file,
      line: root.line,
      message: "unknown schema",
      value: schema,
      known: ["pacemaker-1.0 to 3.9", "none"],
      knownAs: "schemas",
    });
  }
  notes.push({ kind: "upgraded", line: root.line, text: `configuration upgraded from ${schema} to ${NEWEST}` });
  const defaults: Defaults = { resource: [], operation: [] };
  const children = configuration.children.map((section) => {
    if (section.name === "crm_config") return upgradeOptions(section, defaults);
    if (section.name === "nodes") return upgradeNodes(section);
    return section.name === "resources" ? upgradeResource(section) : section;
  });
  addDefaults(children, "op_defaults", "_2TO3_-op-defaults", defaults.operation);
  addDefaults(children, "rsc_defaults", "_2TO3_-rsc-defaults", defaults.resource);
  return {
    attrs: withAttrs(root, { ...root.attrs, "validate-with": NEWEST }).attrs,
    configuration: withChildren(configuration, children),
  };
}

interface Defaults {
  readonly resource: XmlElement[];
  readonly operation: XmlElement[];
}

function upgradeOptions(section: XmlElement, defaults: Defaults): XmlElement {
  const sets = section.children.flatMap((set) => {
    const kept: XmlElement[] = [];
    for (const pair of set.children) {
      const name = pair.attrs["name"]?.replaceAll("_", "-");
      if (pair.name !== "nvpair" || name === undefined) kept.push(pair);
      else if (name === "default-resource-stickiness") defaults.resource.push(renamed(pair, "resource-stickiness"));
      else if (name === "is-managed-default") defaults.resource.push(renamed(pair, "is-managed"));
      else if (name === "default-action-timeout") defaults.operation.push(renamed(pair, "timeout"));
      else if (name === "transition-idle-timeout") kept.push(renamed(pair, "cluster-delay"));
      else if (!isGone(name, pair.attrs["value"])) kept.push(renamed(pair, name));
    }
    return kept.length === 0 && set.children.length > 0 ? [] : [withChildren(set, kept)];
  });
  return withChildren(section, sets);
}

/** Options that Pacemaker 2 has no more. */
const GONE = new Set([
  "default-migration-threshold",
  "default-resource-failure-stickiness",
  "expected-quorum-votes",
  "notification-agent",
  "notification-recipient",
]);
/** What a cluster ran on, and Pacemaker 2 does not. */
const GONE_INFRASTRUCTURES = new Set([
  "heartbeat",
  "openais",
  "classic openais",
  "classic openais (with plugin)",
  "cman",
]);

function isGone(name: string, value: string | undefined): boolean {
  return GONE.has(name) || (name === "cluster-infrastructure" && GONE_INFRASTRUCTURES.has(value ?? ""));
}

function renamed(pair: XmlElement, name: string): XmlElement {
  return pair.attrs["name"] === name ? pair : withAttrs(pair, { ...pair.attrs, name });
}

function upgradeNodes(section: XmlElement): XmlElement {
  const children = section.children.map((n) =>
    n.attrs["type"] === "normal" ? withAttrs(n, { ...n.attrs, type: "member" }) : n,
  );
  return withChildren(section, children);
}

/** What an operation requires became what its resource requires; only starts and promotions ever asked. */
function upgradeResource(e: XmlElement): XmlElement {
  let requires: XmlElement | undefined;
  const children = e.children.map((part) => {
    if (part.name !== "operations") return upgradeResource(part);
    const operations = part.children.map((op) => {
      const { id, name, requires: value } = op.attrs;
      if (op.name !== "op" || value === undefined) return op;
      if (name === "start" || name === "promote") {
        requires ??= element("nvpair", { id: `_2TO3_${id}-meta-requires`, name: "requires", value });
      }
      return withAttrs(op, { ...op.attrs, requires: undefined });
    });
    return withChildren(part, operations);
  });
  if (requires && !saysRequires(e)) {
    children.push(element("meta_attributes", { id: `_2TO3_${e.attrs["id"]}-meta` }, [requires]));
  }
  return withChildren(e, children);
}

function saysRequires(e: XmlElement): boolean {
  return e.children.some(
    (set) => set.name === "meta_attributes" && set.children.some((pair) => pair.attrs["name"] === "requires"),
  );
}

/** Into the first set there is (by standing behind its pairs), else into one of its own. */
function addDefaults(sections: XmlElement[], name: string, id: string, pairs: readonly XmlElement[]): void {
  if (pairs.length === 0) return;
  const set = element("meta_attributes", { id }, pairs);
  const at = sections.findIndex((s) => s.name === name);
  if (at < 0) sections.push(element(name, {}, [set]));
  else sections[at] = withChildren(sections[at]!, [set, ...sections[at]!.children]);
}
