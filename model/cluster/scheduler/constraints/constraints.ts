import { ruleHolds } from "../../cib/rules.js";
import type { XmlElement } from "../../cib/types.js";
import { child, childrenNamed } from "../../cib/xml.js";
import { parseBoolean } from "../state/options.js";
import { parseScore } from "../state/score.js";
import type { OrderingKind, ResourceSet, TicketConstraint } from "../state/state.js";
import type { Unpacking } from "../state/unpacking.js";
import { type Resource, Role } from "../state/working.js";
import { readTagSets } from "../unpack/reference.js";
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
  readonly resource?: Resource;
  readonly set?: ResourceSet;
}

function readEnd(
  unpacking: Unpacking,
  e: XmlElement,
  attribute: string,
  roleOrAction: Partial<ResourceSet>,
): End | undefined {
  const id = e.attrs[attribute];
  if (id === undefined) return undefined;
  const found = unpacking.state.constraintResource(id);
  if (found) return { resource: found };
  const members = readTagSets(unpacking, id);
  if (!members) {
    unpacking.note(e, `${e.name} "${e.attrs["id"] ?? ""}": ${attribute} "${id}" is not there`);
    return undefined;
  }
  return {
    set: {
      ...EMPTY_SET,
      id: `${e.attrs["id"] ?? ""}-${attribute}`,
      resources: members,
      sequential: false,
      ...roleOrAction,
    },
  };
}

const EMPTY_SET: ResourceSet = {
  id: "",
  resources: [],
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
  const resources: Resource[] = [];
  for (const ref of childrenNamed(e, "resource_ref")) {
    const id = ref.attrs["id"] ?? "";
    const found = unpacking.state.constraintResource(id);
    if (found) resources.push(found);
    else {
      const members = readTagSets(unpacking, id);
      if (members) resources.push(...members);
      else unpacking.note(ref, `resource_set "${e.attrs["id"] ?? ""}" refers to "${id}", which is not there`);
    }
  }
  const a = e.attrs;
  return {
    id: a["id"] ?? "",
    resources,
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

function readSets(unpacking: Unpacking, e: XmlElement): ResourceSet[] {
  return childrenNamed(e, "resource_set").map((s) => readSet(unpacking, s));
}

/** Two ends where at least one is a template or tag: both as sets. */
function asSets(...ends: readonly End[]): ResourceSet[] {
  return ends.map((end) => end.set ?? { ...EMPTY_SET, id: end.resource!.id, resources: [end.resource!] });
}

function unpackColocationXml(unpacking: Unpacking, e: XmlElement): void {
  const a = e.attrs;
  const base = {
    id: a["id"] ?? "",
    score: parseScore(a["score"]),
    influence: parseBoolean(a["influence"]),
    nodeAttribute: a["node-attribute"] ?? "#uname",
    dependentRole: parseRole(a["rsc-role"]),
    primaryRole: parseRole(a["with-rsc-role"]),
  };
  const sets = readSets(unpacking, e);
  if (sets.length > 0) {
    unpacking.state.colocations.push({ ...base, sets });
    return;
  }
  const dependent = readEnd(unpacking, e, "rsc", { role: base.dependentRole });
  const primary = readEnd(unpacking, e, "with-rsc", { role: base.primaryRole });
  if (!dependent || !primary) return;
  if (dependent.set && primary.set) {
    unpacking.note(e, `rsc_colocation "${base.id}" is ignored: two templates or tags cannot be colocated`);
    return;
  }
  if (dependent.set || primary.set) {
    const [first, second] = asSets(dependent, primary);
    unpacking.state.colocations.push({
      ...base,
      sets: [
        { ...first!, role: base.dependentRole },
        { ...second!, role: base.primaryRole },
      ],
    });
    return;
  }
  const instance = (text: string | undefined): number | undefined => {
    const n = Number.parseInt(text ?? "", 10);
    return Number.isNaN(n) ? undefined : n;
  };
  const dependentInstance = instance(a["rsc-instance"]);
  const primaryInstance = instance(a["with-rsc-instance"]);
  unpacking.state.colocations.push({
    ...base,
    dependent: dependent.resource!,
    primary: primary.resource!,
    ...(dependentInstance === undefined ? {} : { dependentInstance }),
    ...(primaryInstance === undefined ? {} : { primaryInstance }),
    sets: [],
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
  const base = {
    id: a["id"] ?? "",
    kind: kindOf(unpacking, e),
    symmetrical: parseBoolean(a["symmetrical"]),
    requireAll: parseBoolean(a["require-all"]),
    ...(a["first-action"] === undefined ? {} : { firstAction: a["first-action"] }),
    ...(a["then-action"] === undefined ? {} : { thenAction: a["then-action"] }),
  };
  const sets = readSets(unpacking, e);
  if (sets.length > 0) {
    unpacking.state.orderings.push({ ...base, sets });
    return;
  }
  const first = readEnd(unpacking, e, "first", { action: a["first-action"] });
  const then = readEnd(unpacking, e, "then", { action: a["then-action"] });
  if (!first || !then) return;
  if (first.set || then.set) {
    const [one, two] = asSets(first, then);
    const firstSet = { ...one!, action: a["first-action"], requireAll: base.requireAll ?? true };
    unpacking.state.orderings.push({
      ...base,
      sets: [firstSet, { ...two!, action: a["then-action"] ?? a["first-action"] }],
    });
    return;
  }
  // biome-ignore lint/suspicious/noThenProperty: `then` is the constraint's own word, and nothing awaits it
  unpacking.state.orderings.push({ ...base, first: first.resource!, then: then.resource!, sets: [] });
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
  for (const set of sets) for (const resource of set.resources) add(resource, set.role);
  if (sets.length > 0) return;
  const role = parseRole(a["rsc-role"]);
  const end = readEnd(unpacking, e, "rsc", { role });
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
