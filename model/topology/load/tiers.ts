import type { CinderBackend } from "../../importers/openstack-facts.js";
import { isAddress } from "../ipv4.js";
import type { Lun, Mount, NfsExportOf, StorageTier } from "../openstack-types.js";
import { primitivesOf } from "../primitives.js";
import type { Cluster, TopologyNode, VirtualAddress } from "../types.js";
import { resolve } from "./clusters.js";
import { type Loading, present, sorted, sortedMap } from "./loading.js";
import { exportAt } from "./storage.js";

type Nodes = ReadonlyMap<string, TopologyNode>;
type Clusters = ReadonlyMap<string, Cluster>;
type Addresses = ReadonlyMap<string, VirtualAddress>;

const VOLUME_UNIT = "openstack-cinder-volume";
type TierYaml = NonNullable<NonNullable<Loading["yaml"]["storage"]>["tiers"]>[string];

/** Cinder's backends, from cinder.conf of the nodes that can run cinder-volume; the YAML adds which hosts hold the data. */
export function loadTiers(
  loading: Loading,
  nodes: Nodes,
  clusters: Clusters,
  addresses: Addresses,
  exports: ReadonlyMap<string, NfsExportOf>,
  luns: ReadonlyMap<string, Lun>,
  mounts: Map<string, Mount>,
): ReadonlyMap<string, StorageTier> {
  const tiers = new Map<string, StorageTier>();
  const volumeNodes = [...nodes.values()].filter((node) => runsVolume(node, clusters));
  const backends = new Map<string, { backend: CinderBackend; node: TopologyNode; file: string; nodes: string[] }>();
  for (const node of volumeNodes) {
    const facts = loading.facts(node.files, "/etc/cinder/cinder.conf", "cinder");
    for (const backend of facts?.backends ?? []) {
      const known = backends.get(backend.name);
      if (known === undefined) backends.set(backend.name, { backend, node, file: facts!.file, nodes: [node.id] });
      else known.nodes.push(node.id);
    }
  }
  for (const [name, yaml] of sorted(loading.yaml.storage?.tiers)) {
    loading.refers(["storage", "tiers", name], "backend", name, backends);
    for (const key of ["osds", "bricks", "nsds"] as const)
      yaml[key]?.forEach((node, index) => {
        loading.refers(["storage", "tiers", name, key, index], "node", node, nodes);
      });
  }
  for (const [name, { backend, node, file, nodes: on }] of backends) {
    const yaml = loading.yaml.storage?.tiers?.[name] ?? {};
    const base = { id: name, volumeNodes: on, unit: VOLUME_UNIT, place: { file, line: backend.line } };
    checkTierKeys(loading, name, backend.kind, yaml);
    const tier = tierOf(loading, backend, yaml, node, nodes, addresses, exports, luns);
    tiers.set(name, { ...base, ...tier });
    if (tier.kind === "nfs") {
      const shares = nfsShares(loading, backend, node, nodes, addresses, exports);
      for (const member of on) addDriverMounts(mounts, member, backend, shares, base.place);
    }
  }
  return sortedMap(tiers);
}

function runsVolume(node: TopologyNode, clusters: Clusters): boolean {
  if (node.units.includes(VOLUME_UNIT)) return true;
  const cluster = clusters.get(node.cluster ?? "");
  return cluster !== undefined && primitivesOf(cluster.cib).some(({ type }) => type === VOLUME_UNIT);
}

/** Which hosts hold a tier's data: the keys that each kind takes, all needed, and no others. */
const TIER_KEYS: Readonly<Record<string, readonly (keyof TierYaml)[]>> = {
  ceph: ["osds"],
  gluster: ["bricks", "replica"],
  gpfs: ["nsds"],
};

function checkTierKeys(loading: Loading, name: string, kind: string, yaml: TierYaml): void {
  const wanted = TIER_KEYS[kind] ?? [];
  const path = ["storage", "tiers", name];
  for (const key of Object.keys(yaml))
    if (!(wanted as readonly string[]).includes(key))
      loading.error(loading.place([...path, key]), `a ${kind} tier has no`, key, wanted, "keys");
  for (const key of wanted)
    if (yaml[key] === undefined)
      loading.error(loading.place(path), `${kind} tier ${name}: no file says its ${key}; missing:`, key);
}

type TierOfKind = StorageTier extends infer Tier
  ? Tier extends StorageTier
    ? Omit<Tier, "id" | "volumeNodes" | "unit" | "place">
    : never
  : never;

function tierOf(
  loading: Loading,
  backend: CinderBackend,
  yaml: TierYaml,
  node: TopologyNode,
  nodes: Nodes,
  addresses: Addresses,
  exports: ReadonlyMap<string, NfsExportOf>,
  luns: ReadonlyMap<string, Lun>,
): TierOfKind {
  switch (backend.kind) {
    case "lvm": {
      const volumeGroup = backend.volumeGroup ?? "cinder-volumes";
      const lun = [...luns.values()].find((one) => one.volumeGroup === volumeGroup)?.id;
      const address = backend.iscsiAddress ?? node.nics.flatMap((nic) => nic.addresses)[0]?.address ?? "127.0.0.1";
      return present({ kind: "lvm" as const, volumeGroup, lun, address, port: backend.iscsiPort ?? 3260 });
    }
    case "nfs":
      return { kind: "nfs", exports: nfsShares(loading, backend, node, nodes, addresses, exports).map(({ id }) => id) };
    case "ceph": {
      const ceph = loading.facts(node.files, backend.cephConf ?? "/etc/ceph/ceph.conf", "ceph");
      const monitors = (ceph?.monitors ?? []).map(({ host, port }) => {
        const address = resolve(loading, host, node, nodes) ?? host;
        return present({ node: nodeOf(address, nodes), address, port });
      });
      if (ceph?.poolSize === undefined) loading.assume(`Ceph keeps 3 copies`, "osd_pool_default_size is not set");
      const size = ceph?.poolSize?.value ?? 3;
      const minSize = ceph?.poolMinSize?.value ?? size - Math.floor(size / 2);
      return { kind: "ceph", monitors, osdNodes: yaml.osds ?? [], size, minSize };
    }
    case "gluster":
      return { kind: "gluster", brickNodes: yaml.bricks ?? [], replica: yaml.replica ?? 1 };
    case "gpfs":
      return { kind: "gpfs", nsdNodes: yaml.nsds ?? [] };
    case "local":
      return { kind: "local" };
    case "other":
      return { kind: "other", driver: backend.driver };
  }
}

function nodeOf(address: string, nodes: Nodes): string | undefined {
  if (!isAddress(address)) return undefined;
  for (const node of nodes.values())
    if (node.nics.some((nic) => nic.addresses.some((own) => own.address === address))) return node.id;
  return undefined;
}

interface Share {
  /** Id in `exports`. */
  readonly id: string;
  readonly serverAddress: string;
  readonly device: string;
}

function nfsShares(
  loading: Loading,
  backend: CinderBackend,
  node: TopologyNode,
  nodes: Nodes,
  addresses: Addresses,
  exports: ReadonlyMap<string, NfsExportOf>,
): Share[] {
  const shares = loading.facts(node.files, backend.sharesConfig ?? "/etc/cinder/nfs_shares", "shares");
  return (shares?.shares ?? []).flatMap(({ server, path, line }) => {
    const serverAddress = resolve(loading, server, node, nodes) ?? server;
    const device = `${server}:${path}`;
    const found = exportAt(serverAddress, path, exports, addresses);
    if (found !== undefined) return [{ id: found.id, serverAddress, device }];
    loading.assume(`nobody in the topology exports ${device}: it cannot be mounted`, `${shares!.file}:${line}`);
    return [];
  });
}

/** Cinder's NFS driver mounts each share below its own folder (there named by a digest, here by its number). */
function addDriverMounts(
  mounts: Map<string, Mount>,
  node: string,
  backend: CinderBackend,
  shares: readonly Share[],
  place: Mount["place"],
): void {
  const base = backend.mountPointBase ?? "/var/lib/cinder/mnt";
  shares.forEach(({ id, serverAddress, device }, index) => {
    const mountPoint = `${base}/${index}`;
    mounts.set(`${node}:${mountPoint}`, {
      id: `${node}:${mountPoint}`,
      node,
      mountPoint,
      device,
      type: "nfs",
      options: [],
      export: id,
      serverAddress,
      hard: true,
      by: { kind: "driver", tier: backend.name },
      place,
    });
  });
}
