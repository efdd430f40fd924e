import { posixPattern } from "../../cib/posix-pattern.js";
import { expandMatches, ruleHolds } from "../../cib/rules.js";
import type { XmlElement } from "../../cib/types.js";
import { childrenNamed } from "../../cib/xml.js";
import { INFINITY, parseScore } from "../state/score.js";
import type { Unpacking } from "../state/unpacking.js";
import { Discovery, type Node, type Resource, Role } from "../state/working.js";
import { membersOf, type Referenced, referenced } from "../unpack/reference.js";
import { parseRole } from "../unpack/resource-properties.js";

/** Reads one rsc_location: a node with a score, or rules, for one resource, a pattern, a template or tag, or sets. */
export function unpackLocation(unpacking: Unpacking, e: XmlElement): void {
  const { rsc, role } = e.attrs;
  const pattern = e.attrs["rsc-pattern"];
  const sets = childrenNamed(e, "resource_set");
  for (const written of sets) {
    const reference = written.attrs["id-ref"];
    const set = reference === undefined ? written : (unpacking.find(reference) ?? written);
    const ids = childrenNamed(set, "resource_ref").map((ref) => ref.attrs["id"] ?? "");
    const { resources, missing } = named(unpacking, e, referenced(unpacking, ids));
    for (const r of resources) locate(unpacking, e, r, set.attrs["role"] ?? role, set.attrs["score"], undefined);
    if (missing !== undefined) return;
  }
  if (sets.length > 0) return;
  if (rsc !== undefined)
    for (const r of named(unpacking, e, membersOf(unpacking, rsc)).resources)
      locate(unpacking, e, r, role, undefined, undefined);
  else if (pattern !== undefined) locatePattern(unpacking, e, pattern, role);
}

function named(unpacking: Unpacking, e: XmlElement, found: Referenced): Referenced {
  if (found.missing !== undefined) {
    const what = `rsc_location "${e.attrs["id"] ?? ""}" refers to resource "${found.missing}", which is not there`;
    unpacking.note(e, what);
  }
  return found;
}

/** POSIX extended regular expressions over the ids of top-level resources; a leading `!` takes those that do not match. */
function locatePattern(unpacking: Unpacking, e: XmlElement, text: string, role: string | undefined): void {
  const inverted = text.startsWith("!");
  const pattern = posixPattern(inverted ? text.slice(1) : text);
  if (!pattern) {
    unpacking.note(e, `rsc_location "${e.attrs["id"] ?? ""}": pattern "${text}" cannot be read`);
    return;
  }
  for (const r of unpacking.state.resources) {
    const match = pattern.exec(r.id);
    if (inverted ? match : !match) continue;
    locate(unpacking, e, r, role, undefined, match ? [...match].map((m) => m ?? "") : undefined);
  }
}

function locate(
  unpacking: Unpacking,
  e: XmlElement,
  resource: Resource,
  role: string | undefined,
  score: string | undefined,
  matches: readonly string[] | undefined,
): void {
  const { state } = unpacking;
  const id = e.attrs["id"] ?? "";
  const discovery = discoveryOf(e.attrs["resource-discovery"]);
  const nodeName = e.attrs["node"];
  if (nodeName !== undefined) {
    const node = state.nodesByName.get(nodeName) ?? state.nodesById.get(nodeName);
    if (!node) return;
    const value = parseScore(score ?? e.attrs["score"]);
    state.locations.push({ id, resource, role: parseRole(role), discovery, nodes: [node], scores: [value] });
    return;
  }
  for (const written of childrenNamed(e, "rule")) {
    const reference = written.attrs["id-ref"];
    const rule = reference === undefined ? written : unpacking.find(reference);
    if (rule) locateByRule(unpacking, rule, id, resource, discovery, matches);
    else unpacking.note(written, `a rule refers to "${reference}", which is not there`);
  }
}

function locateByRule(
  unpacking: Unpacking,
  rule: XmlElement,
  id: string,
  resource: Resource,
  discovery: 0 | 1 | 2,
  matches: readonly string[] | undefined,
): void {
  const byAttribute = rule.attrs["score-attribute"];
  const attribute = byAttribute === undefined ? undefined : expandMatches(byAttribute, matches);
  const fixed = parseScore(rule.attrs["score"]);
  const nodes: Node[] = [];
  const scores: number[] = [];
  const role = roleOfRule(rule);
  const { meta } = resource;
  const parameters = asksForParameters(rule) ? parametersOf(unpacking, resource) : undefined;
  for (const node of unpacking.state.nodes) {
    if (!ruleHolds(rule, unpacking.rules({ node: node.attributes, meta, parameters, matches }))) continue;
    nodes.push(node);
    scores.push(attribute === undefined ? fixed : attributeScore(node, attribute));
  }
  unpacking.state.locations.push({ id: rule.attrs["id"] ?? id, resource, role, discovery, nodes, scores });
}

/** A rule holds for its own role, whatever the constraint says; one for what is started holds for nothing. */
function roleOfRule(rule: XmlElement): Role {
  const role = parseRole(rule.attrs["role"]);
  return role === Role.Started ? Role.Stopped : role;
}

function asksForParameters(rule: XmlElement): boolean {
  return rule.attrs["value-source"] === "param" || rule.children.some(asksForParameters);
}

/** The agent's parameters, where they depend on the node as the first of the nodes has them. */
function parametersOf(unpacking: Unpacking, resource: Resource): Map<string, string> {
  const parameters = new Map<string, string>();
  const node = unpacking.state.nodes[0]?.attributes;
  unpacking.pairs(resource.xml, "instance_attributes", parameters, unpacking.rules({ node }));
  return parameters;
}

/** A node without the attribute is not to be used. */
function attributeScore(node: Node, attribute: string): number {
  const value = node.attributes.get(attribute);
  return value === undefined ? -INFINITY : parseScore(value);
}

function discoveryOf(text: string | undefined): 0 | 1 | 2 {
  switch (text?.toLowerCase()) {
    case "never":
      return Discovery.Never;
    case "exclusive":
      return Discovery.Exclusive;
    default:
      return Discovery.Always;
  }
}
