import type { FactsByKind, FileKind } from "../importers/index.js";
import type { Reader } from "../kernel/index.js";
import type { FileChanges } from "../plant/files/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import { describeUnit } from "../topology/catalogue/describe.js";
import { isAddress } from "../topology/ipv4.js";
import type { Need, ServiceInstance, Topology } from "../topology/types.js";
import { factsOf } from "./configuration.js";

/**
 * What a running service needs, by the configuration that it has read: the topology's needs as long as nobody edited
 * its files, else what its own files say now.
 */
export function needsByConfiguration(topology: Topology, units: UnitsPart) {
  const described = new WeakMap<FileChanges, Map<string, readonly Need[]>>();
  const files = new Map([...topology.services.values()].map((one) => [one.id, new Set(one.files)]));
  return (read: Reader, service: ServiceInstance): readonly Need[] => {
    if (!units.has(service.node, service.unit)) return service.needs;
    const changes = read.get(units.configurationCell(service.node, service.unit));
    if (changes.size === 0) return service.needs;
    let byService = described.get(changes);
    if (!byService) {
      byService = new Map();
      described.set(changes, byService);
    }
    let found = byService.get(service.id);
    if (!found) {
      const touched = [...changes.keys()].some((path) => files.get(service.id)!.has(path));
      found = touched ? (describe(read, topology, units, service) ?? service.needs) : service.needs;
      byService.set(service.id, found);
    }
    return found;
  };
}

function describe(
  read: Reader,
  topology: Topology,
  units: UnitsPart,
  service: ServiceInstance,
): readonly Need[] | undefined {
  const { node, unit } = service;
  const text = (path: string) => units.configuration(read, node, unit, path);
  const now = describeUnit(unit, {
    facts<Kind extends FileKind>(path: string, kind: Kind): FactsByKind[Kind] | undefined {
      const facts = factsOf(kind, path, text(path));
      return typeof facts === "string" ? undefined : facts;
    },
    has: (path) => text(path) !== undefined,
    resolve: (host) => resolve(topology, host, text("/etc/hosts")),
  });
  if (!now) return undefined;
  // What the topology added to the catalogue's needs (the metadata agent's way to Neutron) no file says.
  const purposes = new Set(now.needs.map((need) => (need.kind === "endpoint" ? need.purpose : need.kind)));
  const added = service.needs.filter(
    (need) => need.kind === "endpoint" && !purposes.has(need.purpose) && need.purpose === "network",
  );
  return [...now.needs, ...added];
}

/** A name as the node's resolver makes an address of it: /etc/hosts, then the nodes' first addresses. */
export function resolve(topology: Topology, host: string, hosts: string | undefined): string {
  if (isAddress(host)) return host;
  const facts = factsOf("hosts", "/etc/hosts", hosts);
  const said = typeof facts === "object" ? facts.addresses.get(host)?.value : undefined;
  return said ?? topology.nodes.get(host)?.nics.flatMap((nic) => nic.addresses)[0]?.address ?? host;
}
