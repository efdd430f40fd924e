import { createHash } from "node:crypto";
import { InputError } from "../errors.js";
import type { HaproxyFacts } from "../importers/haproxy-facts.js";
import { canonical } from "../kernel/canonical.js";
import { withBase } from "./base.js";
import { checkDuplicateAddresses, loadVirtualAddresses } from "./load/addresses.js";
import { loadClusters } from "./load/clusters.js";
import { checkDurations, loadDurations } from "./load/durations.js";
import { checkIds } from "./load/ids.js";
import { loadJourneys } from "./load/journeys.js";
import { Loading, sorted, sortedMap, type TopologySource } from "./load/loading.js";
import { loadNodes } from "./load/nodes.js";
import { loadGuests, loadImages, loadNeutron } from "./load/openstack.js";
import { loadPlant } from "./load/plant.js";
import { loadPower } from "./load/power.js";
import { loadRelease } from "./load/release.js";
import { loadServices } from "./load/services.js";
import { loadDatabases, loadExports, loadLuns, loadMounts } from "./load/storage.js";
import { loadTiers } from "./load/tiers.js";
import { topologySchema } from "./schema.js";
import { schemaErrors } from "./schema-errors.js";
import type { Cluster, Topology, TopologyNode } from "./types.js";
import { readYaml, YamlErrors } from "./yaml-document.js";

export type { TopologySource } from "./load/loading.js";

/** A topology, or everything that is wrong with it. */
export type LoadedTopology =
  | { readonly ok: true; readonly topology: Topology }
  | { readonly ok: false; readonly errors: readonly InputError[] };

const ERRORS_MAX = 100;

/** Reads a topology from the text of its YAML and the files it names. Pure: `source` hands out the files. */
export function loadTopologyText(text: string, file: string, source: TopologySource): LoadedTopology {
  try {
    const { document, source: files } = withBase(readYaml(text, file), source);
    const parsed = topologySchema.safeParse(document.value);
    if (!parsed.success) return refused(schemaErrors(parsed.error.issues, topologySchema, document));
    const loading = new Loading(parsed.data, document, files);
    const topology = build(loading);
    return loading.errors.length > 0 ? refused(loading.errors) : { ok: true, topology };
  } catch (error) {
    if (error instanceof YamlErrors) return refused(error.errors);
    if (error instanceof InputError) return refused([error]);
    throw error;
  }
}

function refused(errors: readonly InputError[]): LoadedTopology {
  const unique = new Map(errors.map((error) => [error.message, error]));
  return { ok: false, errors: [...unique.values()].slice(0, ERRORS_MAX) };
}

function build(loading: Loading): Topology {
  const durations = loadDurations(loading);
  const plant = loadPlant(loading);
  const bare = loadNodes(loading, plant, durations);
  const controllers = loadPower(loading, plant, bare);
  const clusters = loadClusters(loading, bare, controllers);
  const nodes = withClusters(loading, bare, clusters);
  checkDurations(loading, clusters);
  const virtualAddresses = loadVirtualAddresses(loading, plant, clusters);
  const services = loadServices(loading, nodes, clusters, virtualAddresses);
  const exports = loadExports(loading, nodes);
  const mounts = loadMounts(loading, nodes, clusters, virtualAddresses, exports);
  const luns = loadLuns(loading, plant, nodes);
  const tiers = loadTiers(loading, nodes, clusters, virtualAddresses, exports, luns, mounts);
  const neutron = loadNeutron(loading, plant, nodes, services);
  const images = loadImages(loading);
  const guests = loadGuests(loading, neutron, images, plant.networks);
  checkDuplicateAddresses(loading, { plant, nodes, controllers, virtualAddresses, neutron, guests });
  checkIds(loading);
  const release = loadRelease(loading, clusters);
  return {
    name: loading.yaml.name,
    title: loading.yaml.title ?? loading.yaml.name,
    file: loading.document.file,
    hash: hashOf(loading),
    release,
    sites: plant.sites,
    racks: plant.racks,
    feeds: plant.feeds,
    switches: sortedMap(plant.switches),
    links: sortedMap(plant.links),
    networks: plant.networks,
    routers: plant.routers,
    hypervisors: plant.hypervisors,
    nodes,
    powerControllers: sortedMap(controllers),
    clusters,
    virtualAddresses,
    loadBalancers: loadBalancers(loading, nodes),
    services,
    databases: loadDatabases(loading, nodes, clusters, mounts),
    exports,
    mounts: sortedMap(mounts),
    luns,
    tiers,
    neutron,
    images,
    guests,
    journeys: loadJourneys(loading, { nodes, virtualAddresses, guests, tiers, neutron }),
    durations,
    rates: new Map(
      sorted(loading.yaml.rates).map(([key, rate]) => [key, { rate, place: loading.place(["rates", key]) }]),
    ),
    assumptions: loading.assumptions(),
    ledger: loading.ledger,
  };
}

function withClusters(
  loading: Loading,
  nodes: ReadonlyMap<string, TopologyNode>,
  clusters: ReadonlyMap<string, Cluster>,
): ReadonlyMap<string, TopologyNode> {
  const clusterOf = new Map<string, string>();
  for (const cluster of clusters.values())
    for (const { node } of cluster.nodes) {
      const other = clusterOf.get(node);
      if (other !== undefined && other !== cluster.id)
        loading.error(nodes.get(node)!.place, `${node} belongs to two clusters: ${other} and`, cluster.id);
      clusterOf.set(node, cluster.id);
    }
  return sortedMap(
    [...nodes].map(([id, node]) => {
      const cluster = clusterOf.get(id);
      return [id, cluster === undefined ? node : { ...node, cluster }];
    }),
  );
}

function loadBalancers(loading: Loading, nodes: ReadonlyMap<string, TopologyNode>): ReadonlyMap<string, HaproxyFacts> {
  const found: [string, HaproxyFacts][] = [];
  for (const node of nodes.values()) {
    const facts = loading.facts(node.files, "/etc/haproxy/haproxy.cfg", "haproxy");
    if (facts !== undefined) found.push([node.id, facts]);
  }
  return sortedMap(found);
}

/** Over the YAML's values with keys sorted, and every file read: comments and the order of keys leave it alone. */
function hashOf(loading: Loading): string {
  const files = [...loading.read].sort(([left], [right]) => (left < right ? -1 : 1));
  return topologyHash(canonical(loading.yaml), files);
}

export function topologyHash(value: string, files: Iterable<readonly [string, string]>): string {
  const hash = createHash("sha256").update("fencepost topology 1\n").update(value);
  for (const [path, text] of files) hash.update(`\n${JSON.stringify(path)}:${text.length}\n`).update(text);
  return hash.digest("hex").slice(0, 16);
}
