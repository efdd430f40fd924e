import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { operatorActions } from "../operator/index.js";
import type { Scenario } from "./read-scenario.js";
import { type ReferenceKind, referencesOf } from "./reference.js";

/** The names of a kind that a topology knows, sorted. */
export function knownNames(topology: Topology, kind: ReferenceKind): readonly string[] {
  switch (kind) {
    case "node":
      return [...topology.nodes.keys()];
    case "hypervisor":
      return [...topology.hypervisors.keys()];
    case "feed":
      return [...topology.feeds.keys()];
    case "rack":
      return [...topology.racks.keys()];
    case "network":
      return [...topology.networks.keys()];
    case "vlan":
      return [...topology.networks.values()].filter(({ role }) => role === "guests").map(({ id }) => id);
    case "switch":
      return [...topology.switches.keys()];
    case "link":
      return [...topology.links.keys()];
    case "address":
      return [...topology.virtualAddresses.keys()];
    case "cluster":
      return [...topology.clusters.keys()];
    case "resource":
      return [...topology.clusters.values()].flatMap(({ id, cib }) =>
        resourceIds(cib.configuration).map((r) => `${id}/${r}`),
      );
    case "fence-device":
      return [...topology.clusters.values()].flatMap(({ id, fenceDevices }) =>
        fenceDevices.map((d) => `${id}/${d.id}`),
      );
    case "controller":
      return [...topology.powerControllers.keys()];
    case "export":
      return [...topology.exports.keys()];
    case "database":
      return [...topology.databases.keys()];
    case "lun":
      return [...topology.luns.keys()];
    case "unit":
      return [...new Set([...topology.services.values()].map(({ unit }) => unit))].sort();
    case "guest":
      return [...topology.guests.keys()];
    case "journey":
      return [...topology.journeys.keys()];
    case "backend":
      return [...topology.tiers.keys()];
    case "neutron-network":
      return [...topology.neutron.networks.keys()];
    case "server":
    case "service":
      return [...topology.services.keys()];
  }
}

interface Element {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

/** Primitives, groups, clones and bundles of a CIB, in document order. */
function resourceIds(configuration: Element): readonly string[] {
  const resources = configuration.children.find(({ name }) => name === "resources");
  const found: string[] = [];
  const walk = (element: Element) => {
    if (/^(primitive|group|clone|master|bundle)$/.test(element.name) && element.attrs["id"])
      found.push(element.attrs["id"]);
    for (const child of element.children) walk(child);
  };
  if (resources) walk(resources);
  return found;
}

/** Looks every name of a scenario up in its topology. Throws InputError with the place and the known names. */
export function checkNames(scenario: Scenario, topology: Topology): void {
  const known = new Map<ReferenceKind, readonly string[]>();
  const check = (kind: ReferenceKind, value: unknown, path: PropertyKey[]) => {
    if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) check(kind, item, [...path, i]);
      return;
    }
    if (typeof value !== "string") return;
    if (!known.has(kind)) known.set(kind, knownNames(topology, kind));
    if (known.get(kind)!.includes(value)) return;
    throw new InputError({
      file: scenario.file,
      line: scenario.lineOf(path),
      message: `unknown ${kind}`,
      value,
      known: known.get(kind)!,
      knownAs: kind.endsWith("s") ? kind : kind.endsWith("ch") ? `${kind}es` : `${kind}s`,
    });
  };
  for (const [i, step] of scenario.steps.entries()) {
    if (step.kind === "heal") continue;
    const definition = step.kind === "fault" ? step.fault : (operatorActions.get(step.action.name) ?? step.action);
    for (const [name, kind] of referencesOf(definition.params)) check(kind, step.params[name], ["timeline", i, name]);
  }
  for (const [i, { first, next }] of scenario.expect.order.entries()) {
    check("resource", first, ["expect", "order", i, "first"]);
    check("resource", next, ["expect", "order", i, "next"]);
  }
  for (const [i, item] of scenario.expect.within.entries()) {
    const path = ["expect", "within", i];
    if (item.served?.startsWith("journey/"))
      check("journey", item.served.slice("journey/".length), [...path, "served"]);
    check("resource", item.resource, [...path, "resource"]);
    check("node", item.on, [...path, "on"]);
    check("node", item.node, [...path, "node"]);
    check("cluster", item.settled, [...path, "settled"]);
  }
  for (const [i, { subject = "" }] of scenario.expect.sometimes.entries())
    for (const [kind, name] of namedBy(subject)) check(kind, name, ["expect", "sometimes", i, "subject"]);
  for (const [i, { journey }] of scenario.expect.served.entries())
    if (journey !== "*") check("journey", journey, ["expect", "served", i, "journey"]);
}

/**
 * Looks the names of services and journeys up among those that a built twin knows (`service/…`, `journey/…`).
 * Throws InputError.
 */
export function checkServedNames(scenario: Scenario, known: readonly string[]): void {
  const check = (name: string | undefined, path: PropertyKey[]) => {
    if (name === undefined || known.includes(name)) return;
    throw new InputError({
      file: scenario.file,
      line: scenario.lineOf(path),
      message: "unknown service or journey",
      value: name,
      known,
      knownAs: "services and journeys",
    });
  };
  for (const [i, { served }] of scenario.expect.within.entries()) check(served, ["expect", "within", i, "served"]);
  for (const [i, { journey, service }] of scenario.expect.served.entries()) {
    if (service !== undefined && service !== "*") check(`service/${service}`, ["expect", "served", i, "service"]);
    if (journey !== undefined && journey !== "*") check(`journey/${journey}`, ["expect", "served", i, "journey"]);
  }
}

/** Kinds whose things stand in the trace under `KIND/NAME`. */
const SUBJECTS: ReadonlySet<string> = new Set<ReferenceKind>([
  ...(["node", "hypervisor", "feed", "rack", "switch", "cluster", "guest", "journey", "service", "database"] as const),
]);

/** The things that the subject of a trace entry names, as far as a name stands there whole. */
function namedBy(subject: string): readonly (readonly [ReferenceKind, string])[] {
  const [, kind = "", name = ""] = /^([^/*]+)\/(.+)$/.exec(subject) ?? [];
  const [resource = "", node] = kind === "resource" ? name.split("@") : [];
  const found: (readonly [ReferenceKind, string])[] = [];
  if (SUBJECTS.has(kind)) found.push([kind as ReferenceKind, name]);
  if (kind === "resource") found.push(["resource", resource]);
  if (kind === "power-controller") found.push(["controller", name]);
  if (node !== undefined) found.push(["node", node]);
  return found.filter(([, named]) => !named.includes("*"));
}
