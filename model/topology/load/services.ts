import type { FileKind } from "../../importers/imported-file.js";
import { describeUnit, isPortInFiles, type NodeReading, type ServiceDescription } from "../catalogue/describe.js";
import { CLUSTER_UNITS, catalogueNames, catalogueUnit, unitOfPrimitive } from "../catalogue/units.js";
import { isAddress } from "../ipv4.js";
import { primitivesOf } from "../primitives.js";
import type { Cluster, Need, ServiceInstance, TopologyNode, VirtualAddress } from "../types.js";
import { resolve } from "./clusters.js";
import { type Loading, sorted, sortedMap } from "./loading.js";

type Nodes = ReadonlyMap<string, TopologyNode>;
type StartedBy = ServiceInstance["startedBy"];

/** Every unit that init or a cluster can start on a node, with what its files say it needs. */
export function loadServices(
  loading: Loading,
  nodes: Nodes,
  clusters: ReadonlyMap<string, Cluster>,
  addresses: ReadonlyMap<string, VirtualAddress>,
): ReadonlyMap<string, ServiceInstance> {
  const own = ownServices(loading, nodes, addresses);
  const services: [string, ServiceInstance][] = [];
  const unknown = new Set<string>();
  const usualPorts = new Set<string>();
  for (const node of nodes.values()) {
    const reading = nodeReading(loading, node, nodes);
    for (const [unit, startedBy] of unitsOf(node, clusters)) {
      let described = own.get(unit) ?? describeUnit(unit, reading);
      if (described === undefined) {
        unknown.add(unit);
        described = { role: "generic", listens: [], files: [], needs: [] };
      }
      if (described.listens.length > 0 && !own.has(unit) && !isPortInFiles(unit)) usualPorts.add(unit);
      const needs = withNeutron(described.needs, unit, loading, nodes);
      const files = described.files.filter((path) => node.files.has(path));
      services.push([
        `${unit}@${node.id}`,
        { id: `${unit}@${node.id}`, unit, node: node.id, startedBy, ...described, files, needs },
      ]);
    }
  }
  for (const unit of unknown)
    loading.assume(
      `unit ${unit} runs as a process without ports and dependencies`,
      "it is neither in the catalogue nor under services:",
    );
  if (usualPorts.size > 0)
    loading.assume(
      `listening where their packages have them: ${[...usualPorts].sort().join(", ")}`,
      "the catalogue; no file says",
    );
  const started = new Set(services.map(([, { unit }]) => unit));
  for (const unit of own.keys())
    if (!started.has(unit))
      loading.error(
        loading.place(["services", unit]),
        "no node starts this unit, nor does a cluster:",
        unit,
        started,
        "units",
      );
  return sortedMap(services);
}

/** A node's units: the cluster's first, since what a cluster starts init should not. */
function unitsOf(node: TopologyNode, clusters: ReadonlyMap<string, Cluster>): Map<string, StartedBy> {
  const units = new Map<string, StartedBy>();
  const cluster = node.cluster === undefined ? undefined : clusters.get(node.cluster);
  for (const primitive of cluster === undefined ? [] : primitivesOf(cluster.cib)) {
    const unit = unitOfPrimitive(primitive);
    if (unit !== undefined && !units.has(unit))
      units.set(unit, { kind: "cluster", cluster: cluster!.id, resource: primitive.id });
  }
  for (const unit of node.units) if (!units.has(unit) && !CLUSTER_UNITS.has(unit)) units.set(unit, { kind: "init" });
  return units;
}

function nodeReading(loading: Loading, node: TopologyNode, nodes: Nodes): NodeReading {
  return {
    facts: <Kind extends FileKind>(path: string, kind: Kind) => loading.facts(node.files, path, kind),
    has: (path) => node.files.has(path),
    resolve: (host) => resolve(loading, host, node, nodes) ?? host,
  };
}

/** `services:` of the YAML, which name what no catalogue knows. */
function ownServices(
  loading: Loading,
  nodes: Nodes,
  addresses: ReadonlyMap<string, VirtualAddress>,
): Map<string, ServiceDescription> {
  const described = new Map<string, ServiceDescription>();
  for (const [unit, service] of sorted(loading.yaml.services)) {
    const path = ["services", unit];
    if (catalogueUnit(unit) !== undefined)
      loading.error(
        loading.place(path),
        "the catalogue already says what this unit listens on, and its files what it needs; a fact has one home:",
        unit,
      );
    const needs = (service.needs ?? []).flatMap((need, index): Need[] => {
      const place = loading.place([...path, "needs", index]);
      const kinds = Object.keys(need);
      if (kinds.length !== 1) {
        loading.error(place, "a need is one of", kinds.join(", "), ["endpoint", "rpc", "mount", "local"], "kinds");
        return [];
      }
      if (need.rpc !== undefined) return [{ kind: "rpc", unit: need.rpc }];
      if (need.local !== undefined) return [{ kind: "local", unit: need.local }];
      if (need.mount !== undefined) return [{ kind: "mount", mountPoint: need.mount, place }];
      const endpoint = loadEndpoint(loading, [...path, "needs", index, "endpoint"], need.endpoint!, nodes, addresses);
      return endpoint === undefined ? [] : [{ kind: "endpoint", purpose: "other", endpoints: [endpoint], place }];
    });
    const listens = (service.listens ?? []).map((port) => ({ name: "api", address: "*", port }));
    described.set(unit, { role: "generic", listens, files: service.files ?? [], needs });
  }
  checkOwnNeeds(loading, described);
  return described;
}

/** Units that need one another on the same node or through the bus must exist, and must not go round. */
function checkOwnNeeds(loading: Loading, described: ReadonlyMap<string, ServiceDescription>): void {
  const known = [...described.keys(), ...catalogueNames()];
  const unitNeeds = (unit: string) =>
    (described.get(unit)?.needs ?? []).flatMap((need) =>
      need.kind === "rpc" || need.kind === "local" ? [need.unit] : [],
    );
  for (const unit of described.keys()) {
    (loading.yaml.services![unit]!.needs ?? []).forEach((need, index) => {
      const needed = need.rpc ?? need.local;
      if (needed !== undefined && !known.includes(needed))
        loading.error(loading.place(["services", unit, "needs", index]), "unknown unit", needed, known, "units");
    });
    const round = cycleFrom(unit, unitNeeds);
    // Told once, at the first of its members by name.
    if (round?.every((member) => member >= unit))
      loading.error(
        loading.place(["services", unit, "needs"]),
        `these units need one another in a circle: ${[...round, unit].join(" → ")}`,
      );
  }
}

/** The shortest way from a vertex back to itself. */
function cycleFrom(start: string, next: (vertex: string) => readonly string[]): string[] | undefined {
  const seen = new Set<string>();
  let paths = [[start]];
  while (paths.length > 0) {
    const longer: string[][] = [];
    for (const path of paths)
      for (const vertex of next(path.at(-1)!)) {
        if (vertex === start) return path;
        if (!seen.has(vertex)) {
          seen.add(vertex);
          longer.push([...path, vertex]);
        }
      }
    paths = longer;
  }
  return undefined;
}

/** `NAME:PORT` of the YAML: an IPv4 address, a VIP's resource or a node. */
export function loadEndpoint(
  loading: Loading,
  path: readonly PropertyKey[],
  text: string,
  nodes: Nodes,
  addresses: ReadonlyMap<string, VirtualAddress>,
): { address: string; port: number } | undefined {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, colon);
  const port = Number(text.slice(colon + 1));
  if (port < 1 || port > 65_535)
    loading.error(loading.place(path), "expected a port from 1 to 65535, found", String(port));
  if (isAddress(host)) return { address: host, port };
  const virtual = [...addresses.values()].find(({ resource }) => resource === host);
  const address = virtual?.address ?? nodes.get(host)?.nics.flatMap((nic) => nic.addresses)[0]?.address;
  if (address !== undefined) return { address, port };
  const known = [...[...addresses.values()].map(({ resource }) => resource), ...nodes.keys()];
  loading.error(loading.place(path), "unknown VIP or node", host, known, "VIPs and nodes");
  return undefined;
}

/**
 * The metadata agent asks keystone where Neutron is; keystone's catalogue stands in its database. Taken from where
 * Nova is told to find it.
 */
function withNeutron(needs: readonly Need[], unit: string, loading: Loading, nodes: Nodes): readonly Need[] {
  if (unit !== "neutron-metadata-agent") return needs;
  for (const node of nodes.values()) {
    const neutron = loading.facts(node.files, "/etc/nova/nova.conf", "nova")?.neutron;
    if (neutron === undefined) continue;
    const { host, port } = neutron.value;
    loading.assume(
      `keystone's catalogue names Neutron at ${host}:${port}`,
      `${neutron.file}:${neutron.line} says so to Nova`,
    );
    const address = resolve(loading, host, node, nodes) ?? host;
    return [
      ...needs,
      {
        kind: "endpoint",
        purpose: "network",
        endpoints: [{ address, port }],
        place: { file: neutron.file, line: neutron.line },
      },
    ];
  }
  return needs;
}
