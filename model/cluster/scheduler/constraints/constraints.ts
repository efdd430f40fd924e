import { ruleHolds } from "../../cib/rules.js";
import type { XmlElement } from "../../cib/types.js";
import { child, childrenNamed } from "../../cib/xml.js";
import { parseScore } from "../state/score.js";
import type { OrderingKind, ResourceSet, TicketConstraint } from "../state/state.js";
import type { Unpacking } from "../state/unpacking.js";
import { parseBoolean } from "../state/values.js";
import { type Resource, Role } from "../state/working.js";
import { isTag, membersOf, referenced } from "../unpack/reference.js";
import { parseRole } from "../unpack/resource-properties.js";
import { unpackLocation } from "./location-constraints.js";

/** Reads the constraints; what refers to a resource that is not there is left out with a note. */
export function unpackConstraints(unpacking: Unpacking): void {
  for (const e of child(unpacking.configuration, "tags")?.children ?? []) {
    const id = e.attrs["id"];
    if (e.name !== "tag" || id === undefined) continue;
    unpacking.tags.set(
      id,
      childrenNamed(e, "obj_ref").map((o) => o.attrs["id"] ?? ""),
    );
  }
  for (const e of child(unpacking.configuration, "constraints")?.children ?? []) {
    if (!inLifetime(unpacking, e)) continue;
    switch (e.name) {
      case "rsc_location":
        unpackLocation(unpacking, e);
        break;
      case "rsc_colocation":
        unpackColocationXml(unpacking, e);
        break;
      case "rsc_order":
        unpackOrderXml(unpacking, e);
        break;
      case "rsc_ticket":
        unpackTicketXml(unpacking, e);
        break;
      default:
        break;
    }
  }
}

function inLifetime(unpacking: Unpacking, e: XmlElement): boolean {
  const lifetime = child(e, "lifetime");
  if (!lifetime) return true;
  const rules = childrenNamed(lifetime, "rule");
  return rules.length === 0 || rules.some((r) => ruleHolds(r, unpacking.rules()));
}

/** One end of a constraint: a resource, or the set that a template or tag stands for. */
interface End {
  readonly resource: Resource | undefined;
  readonly set: ResourceSet | undefined;
}

function readEnd(unpacking: Unpacking, e: XmlElement, attribute: string): End | undefined {
  const id = e.attrs[attribute];
  if (id === undefined) return undefined;
  const found = unpacking.state.constraintResource(id);
  if (found) return { resource: found, set: undefined };
  if (!isTag(unpacking, id)) {
    unpacking.note(e, `${e.name} "${e.attrs["id"] ?? ""}": ${attribute} "${id}" is not there`);
    return undefined;
  }
  const { resources, missing } = membersOf(unpacking, id);
  const complete = missing === undefined;
  const set = { ...EMPTY_SET, id: `${e.attrs["id"] ?? ""}-${attribute}`, resources, complete, sequential: false };
  return { resource: undefined, set };
}

const EMPTY_SET: ResourceSet = {
  id: "",
  resources: [],
  complete: true,
  last: undefined,
  sequential: true,
  sequentialWritten: undefined,
  requireAll: true,
  ordering: undefined,
  action: undefined,
  role: Role.Unknown,
  score: undefined,
  kind: undefined,
  symmetrical: undefined,
};

function readSet(unpacking: Unpacking, written: XmlElement): ResourceSet {
  const reference = written.attrs["id-ref"];
  const e = reference === undefined ? written : (unpacking.find(reference) ?? written);
  const ids = childrenNamed(e, "resource_ref").map((ref) => ref.attrs["id"] ?? "");
  const { resources, missing } = referenced(unpacking, ids);
  if (missing !== undefined) {
    unpacking.note(e, `resource_set "${e.attrs["id"] ?? ""}" refers to "${missing}", which is not there`);
  }
  const a = e.attrs;
  return {
    id: a["id"] ?? "",
    resources,
    complete: missing === undefined,
    last: referenced(unpacking, ids.slice(-1)).resources.at(-1),
    sequential: parseBoolean(a["sequential"]) ?? true,
    sequentialWritten: parseBoolean(a["sequential"]),
    requireAll: parseBoolean(a["require-all"]) ?? true,
    ordering: a["ordering"] === "listed" ? "listed" : a["ordering"] === "group" ? "group" : undefined,
    action: a["action"],
    role: parseRole(a["role"]),
    score: a["score"] === undefined ? undefined : parseScore(a["score"]),
    kind: a["kind"] === undefined ? undefined : kindOf(unpacking, e),
    symmetrical: parseBoolean(a["symmetrical"]),
  };
}

const NO_SETS: readonly ResourceSet[] = [];

function readSets(unpacking: Unpacking, e: XmlElement): readonly ResourceSet[] {
  let sets: ResourceSet[] | undefined;
  for (const c of e.children) {
    if (c.name !== "resource_set") continue;
    sets ??= [];
    sets.push(readSet(unpacking, c));
  }
  return sets ?? NO_SETS;
}

/** The sets up to the first that names what is not there: Pacemaker reads no further; and that one, as far as it goes. */
function untilIncomplete(sets: readonly ResourceSet[]): {
  whole: readonly ResourceSet[];
  part: ResourceSet | undefined;
} {
  const at = sets.findIndex((s) => !s.complete);
  return at < 0 ? { whole: sets, part: undefined } : { whole: sets.slice(0, at), part: sets[at] };
}

/** An end beside one that is a template or tag: as a set too. */
function asSet({ resource, set }: End, more: Partial<ResourceSet>): ResourceSet {
  if (set) return { ...set, ...more };
  return { ...EMPTY_SET, id: resource!.id, resources: [resource!], last: resource, ...more };
}

function unpackColocationXml(unpacking: Unpacking, e: XmlElement): void {
  const a = e.attrs;
  const id = a["id"] ?? "";
  const dependentRole = parseRole(a["rsc-role"]);
  const primaryRole = parseRole(a["with-rsc-role"]);
  let sets = readSets(unpacking, e);
  let dependent: End | undefined;
  let primary: End | undefined;
  if (sets.length === 0) {
    dependent = readEnd(unpacking, e, "rsc");
    primary = readEnd(unpacking, e, "with-rsc");
    if (!dependent || !primary) return;
    if (dependent.set && primary.set) {
      unpacking.note(e, `rsc_colocation "${id}" is ignored: two templates or tags cannot be colocated`);
      return;
    }
    if (dependent.set || primary.set) {
      sets = [asSet(dependent, { role: dependentRole }), asSet(primary, { role: primaryRole })];
    }
  }
  unpacking.state.colocations.push({
    id,
    score: parseScore(a["score"]),
    influence: parseBoolean(a["influence"]),
    nodeAttribute: a["node-attribute"] ?? "#uname",
    dependent: dependent?.resource,
    dependentRole,
    primary: primary?.resource,
    primaryRole,
    sets,
  });
}

/** `kind`; without it a score of 0 means Optional. A kind that is none of the three counts as Mandatory. */
function kindOf(unpacking: Unpacking, e: XmlElement): OrderingKind {
  const text = e.attrs["kind"];
  if (text === undefined) {
    const score = e.attrs["score"];
    return score !== undefined && parseScore(score) === 0 ? "Optional" : "Mandatory";
  }
  switch (text.toLowerCase()) {
    case "mandatory":
      return "Mandatory";
    case "optional":
      return "Optional";
    case "serialize":
      return "Serialize";
    default:
      unpacking.note(e, `kind "${text}" is not known; taken as Mandatory`);
      return "Mandatory";
  }
}

function unpackOrderXml(unpacking: Unpacking, e: XmlElement): void {
  const a = e.attrs;
  const firstAction = a["first-action"];
  const thenAction = a["then-action"];
  const requireAll = parseBoolean(a["require-all"]);
  let sets = readSets(unpacking, e);
  let first: End | undefined;
  let then: End | undefined;
  if (sets.length === 0) {
    first = readEnd(unpacking, e, "first");
    then = readEnd(unpacking, e, "then");
    if (!first || !then) return;
    if (first.set || then.set) {
      sets = [
        asSet(first, { action: firstAction, requireAll: requireAll ?? true }),
        asSet(then, { action: thenAction ?? firstAction }),
      ];
    }
  }
  unpacking.state.orderings.push({
    id: a["id"] ?? "",
    kind: kindOf(unpacking, e),
    symmetrical: parseBoolean(a["symmetrical"]),
    first: first?.resource,
    firstAction,
    // biome-ignore lint/suspicious/noThenProperty: `then` is the constraint's own word, and nothing awaits it
    then: then?.resource,
    thenAction,
    requireAll,
    sets: untilIncomplete(sets).whole,
  });
}

function unpackTicketXml(unpacking: Unpacking, e: XmlElement): void {
  const a = e.attrs;
  const ticket = a["ticket"];
  if (ticket === undefined) return;
  const add = (resource: Resource, role: Role): void => {
    unpacking.state.ticketConstraints.push({
      id: a["id"] ?? "",
      resource,
      role,
      ticket,
      lossPolicy: lossPolicy(unpacking, a["loss-policy"], role),
    });
  };
  const sets = readSets(unpacking, e);
  const { whole, part } = untilIncomplete(sets);
  for (const set of part ? [...whole, part] : whole) for (const resource of set.resources) add(resource, set.role);
  if (sets.length > 0) return;
  const role = parseRole(a["rsc-role"]);
  const end = readEnd(unpacking, e, "rsc");
  if (end?.resource) add(end.resource, role);
  else for (const resource of end?.set?.resources ?? []) add(resource, role);
}

function lossPolicy(unpacking: Unpacking, text: string | undefined, role: Role): TicketConstraint["lossPolicy"] {
  switch (text?.toLowerCase()) {
    case "fence":
      return unpacking.state.options.stonithEnabled ? "fence" : "stop";
    case "freeze":
      return "freeze";
    case "demote":
      return "demote";
    case "stop":
      return "stop";
    default:
      return role === Role.Promoted ? "demote" : "stop";
  }
}
