import type { Endpoint } from "../../importers/fact.js";
import type { FactsByKind, FileKind } from "../../importers/imported-file.js";
import type { ServiceLinks } from "../../importers/openstack-facts.js";
import type { Need, NeedPurpose, Place, ServiceInstance } from "../types.js";
import { type CatalogueUnit, catalogueUnit } from "./units.js";

/** How a description gets at a node: its files' facts as they are now, and what its resolver makes of a name. */
export interface NodeReading {
  facts<Kind extends FileKind>(path: string, kind: Kind): FactsByKind[Kind] | undefined;
  has(path: string): boolean;
  /** An address for a name or address; the name itself where nothing knows it. */
  resolve(host: string): string;
}

export type ServiceDescription = Pick<ServiceInstance, "role" | "listens" | "files" | "needs">;

/**
 * What a unit is, listens on and needs, by the catalogue and the node's files as they are. The twin asks again when
 * the unit restarts, so that an edited file takes effect then. Undefined for a unit that the catalogue does not know.
 */
export function describeUnit(unit: string, node: NodeReading): ServiceDescription | undefined {
  const known = catalogueUnit(unit);
  if (known === undefined) return undefined;
  const files = known.files.filter((path) => node.has(path));
  const links = serviceLinks(unit, node);
  return {
    role: known.role,
    files,
    listens: listensOf(unit, known, links, node),
    needs: [
      ...linkNeeds(unit, links, node),
      ...ownNeeds(unit, node),
      ...known.needsRpc.map((need): Need => ({ kind: "rpc", ...need })),
      ...known.needsLocal.map((need): Need => ({ kind: "local", ...need })),
    ],
  };
}

/** Whether one of a unit's files says where it listens; of the others the catalogue's port is an assumption. */
export function isPortInFiles(unit: string): boolean {
  return /^(openstack-(?!swift)|neutron-|haproxy$|mysqld$|mariadb$)/.test(unit);
}

/** The file of a unit that says where database, broker and keystone are. */
function serviceLinks(unit: string, node: NodeReading): ServiceLinks | undefined {
  if (unit === "openstack-keystone") return node.facts("/etc/keystone/keystone.conf", "keystone");
  if (unit === "openstack-glance-api") return node.facts("/etc/glance/glance-api.conf", "glance-api");
  if (unit === "openstack-glance-registry") return node.facts("/etc/glance/glance-registry.conf", "glance-registry");
  if (unit.startsWith("openstack-cinder-")) return node.facts("/etc/cinder/cinder.conf", "cinder");
  if (unit.startsWith("openstack-nova-")) return node.facts("/etc/nova/nova.conf", "nova");
  if (unit.startsWith("neutron-") && !unit.endsWith("-cleanup"))
    return node.facts("/etc/neutron/neutron.conf", "neutron");
  if (unit.startsWith("openstack-heat-")) return node.facts("/etc/heat/heat.conf", "heat");
  if (unit.startsWith("openstack-ceilometer-")) return node.facts("/etc/ceilometer/ceilometer.conf", "ceilometer");
  return undefined;
}

function listensOf(
  unit: string,
  known: CatalogueUnit,
  links: ServiceLinks | undefined,
  node: NodeReading,
): ServiceInstance["listens"] {
  const byPort = (port: number) => known.ports.find((usual) => usual.port === port)?.name;
  if (unit === "haproxy")
    return (node.facts("/etc/haproxy/haproxy.cfg", "haproxy")?.proxies ?? [])
      .filter((proxy) => !proxy.disabled)
      .flatMap((proxy) => proxy.binds.map(({ address, port }) => ({ name: proxy.name, address, port })));
  if (unit === "mysqld" || unit === "mariadb") {
    const facts = node.facts("/etc/my.cnf", "mysql");
    return [{ name: "mysql", address: facts?.bindAddress ?? "*", port: facts?.port ?? 3306 }];
  }
  const said = links?.listens.filter(({ service }) => service === unit) ?? [];
  if (said.length > 0)
    // A file keeps the order of the unit's usual ports (public before admin), so a moved port keeps its name.
    return said.map(({ host, port }, index) => ({
      name: byPort(port) ?? known.ports[index]?.name ?? "api",
      address: host === "0.0.0.0" ? "*" : host,
      port,
    }));
  if (links !== undefined && unit === "openstack-nova-api") return [];
  return known.ports.map(({ name, port }) => ({ name, address: "*", port }));
}

/** Units that talk to the database directly; nova-compute and Neutron's agents go through the bus. */
const WITHOUT_DATABASE =
  /^(openstack-nova-(compute|novncproxy|xvpvncproxy)|neutron-(?!server)|openstack-heat-api|openstack-ceilometer-(central|compute|alarm))/;
const WITHOUT_MESSAGING =
  /^(openstack-glance-registry|openstack-keystone|openstack-ceilometer-api|neutron-metadata-agent)$/;
/** Units that verify tokens or fetch them. Schedulers and conductors do neither. */
const WITH_IDENTITY =
  /^(openstack-(glance-(api|registry)|cinder-api|nova-(api|compute)|heat-(api|api-cfn|engine)|ceilometer-(api|central|compute))|neutron-server)$/;

function linkNeeds(unit: string, links: ServiceLinks | undefined, node: NodeReading): Need[] {
  if (links === undefined) return [];
  const needs: Need[] = [];
  const { database, messaging, identity } = links;
  // A need whose setting is not in the file stays a need: the default (an empty SQLite file, localhost) serves nobody.
  if (database?.value.host !== "" && !WITHOUT_DATABASE.test(unit))
    needs.push(endpointNeed("database", database === undefined ? [] : [database.value], database, node));
  if (!WITHOUT_MESSAGING.test(unit)) {
    // Glance only sends notifications through the bus: images are served without it.
    const bus = endpointNeed("messaging", messaging?.value.brokers ?? [], messaging, node);
    needs.push(unit === "openstack-glance-api" ? { ...bus, for: "notifications" } : bus);
  }
  if (WITH_IDENTITY.test(unit))
    needs.push(endpointNeed("identity", identity === undefined ? [] : [identity.value], identity, node));
  return needs;
}

/** What one unit's own file adds. */
function ownNeeds(unit: string, node: NodeReading): Need[] {
  const one = (purpose: NeedPurpose, fact: Located<Endpoint> | undefined): Need[] =>
    fact === undefined ? [] : [endpointNeed(purpose, [fact.value], fact, node)];
  switch (unit) {
    case "openstack-keystone": {
      const facts = node.facts("/etc/keystone/keystone.conf", "keystone");
      if (facts?.tokenBackend !== "memcache" || facts.memcached.length === 0) return [];
      return [endpointNeed("cache", facts.memcached, undefined, node)];
    }
    case "openstack-glance-api": {
      const facts = node.facts("/etc/glance/glance-api.conf", "glance-api");
      const store = facts?.defaultStore === "file" ? facts.filesystemStoreDirectory : undefined;
      const mounted: Need[] =
        store === undefined
          ? []
          : [{ kind: "mount", mountPoint: withoutSlash(store.value), place: placeOf(store)!, for: "store" }];
      return [...one("registry", facts?.registry), ...mounted];
    }
    case "openstack-nova-api":
    case "openstack-nova-compute": {
      const facts = node.facts("/etc/nova/nova.conf", "nova");
      const boot = (needs: Need[]): Need[] => needs.map((need) => ({ ...need, for: "boot" }));
      return boot([...one("image", facts?.glance), ...one("network", facts?.neutron)]);
    }
    case "openstack-cinder-volume": {
      const facts = node.facts("/etc/cinder/cinder.conf", "cinder");
      return one("image", facts?.glance).map((need) => ({ ...need, for: "create-from-image" }));
    }
    case "neutron-metadata-agent": {
      const facts = node.facts("/etc/neutron/metadata_agent.ini", "metadata-agent");
      return [...one("identity", facts?.identity), ...one("metadata", facts?.novaMetadata)];
    }
    case "httpd": {
      const facts = node.facts("/etc/openstack-dashboard/local_settings", "horizon");
      if (facts === undefined) return [];
      const cache = facts.memcached.length === 0 ? [] : [endpointNeed("cache", facts.memcached, undefined, node)];
      return [...one("identity", facts.identity), ...cache];
    }
    default:
      return [];
  }
}

interface Located<Value> {
  readonly value: Value;
  readonly file?: string;
  readonly line?: number;
}

function endpointNeed(
  purpose: NeedPurpose,
  endpoints: readonly Endpoint[],
  fact: Located<unknown> | undefined,
  node: NodeReading,
): Need {
  const place = fact === undefined ? undefined : placeOf(fact);
  return {
    kind: "endpoint",
    purpose,
    endpoints: endpoints.map(({ host, port }) => ({ address: node.resolve(host), port })),
    ...(place === undefined ? {} : { place }),
  };
}

function placeOf({ file, line }: Located<unknown>): Place | undefined {
  return file === undefined ? undefined : { file, line: line ?? 0 };
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
