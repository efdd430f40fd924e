import type { CinderBackend } from "../../importers/openstack-facts.js";
import { isAddress } from "../ipv4.js";
import type { DatabaseOnStorage, Lun, Mount, NfsExportOf, StorageTier } from "../openstack-types.js";
import { primitivesOf } from "../primitives.js";
import type { Cluster, TopologyNode, VirtualAddress } from "../types.js";
import { resolve } from "./clusters.js";
import { type Loading, present, sorted, sortedMap } from "./loading.js";
import type { Plant } from "./plant.js";

type Nodes = ReadonlyMap<string, TopologyNode>;
type Clusters = ReadonlyMap<string, Cluster>;
type Addresses = ReadonlyMap<string, VirtualAddress>;

export function loadExports(loading: Loading, nodes: Nodes): ReadonlyMap<string, NfsExportOf> {
  const exports = new Map<string, NfsExportOf & { clients: NfsExportOf["clients"][number][] }>();
  for (const node of nodes.values())
    for (const path of node.files.keys()) {
      const imported = loading.imported(node.files, path);
      if (imported?.kind !== "exports") continue;
      for (const { path: exported, client, readOnly, sync, line } of imported.facts.exports) {
        const id = `${node.id}:${exported}`;
        const known = exports.get(id);
        if (known !== undefined) known.clients.push({ client, readOnly, sync });
        else
          exports.set(id, {
            id,
            node: node.id,
            addresses: node.nics.flatMap((nic) => nic.addresses.map(({ address }) => address)),
            path: exported,
            clients: [{ client, readOnly, sync }],
            place: { file: imported.file, line },
          });
      }
    }
  return sortedMap(exports);
}

/** Local file systems that only their own node sees are left out. */
const LOCAL_TYPES = new Set(["ext2", "ext3", "ext4", "xfs", "swap", "tmpfs", "devpts", "sysfs", "proc", "none"]);

export function loadMounts(
  loading: Loading,
  nodes: Nodes,
  clusters: Clusters,
  addresses: Addresses,
  exports: ReadonlyMap<string, NfsExportOf>,
): Map<string, Mount> {
  const mounts = new Map<string, Mount>();
  for (const node of nodes.values()) {
    const fstab = loading.facts(node.files, "/etc/fstab", "fstab");
    for (const entry of fstab?.mounts ?? []) {
      if (LOCAL_TYPES.has(entry.type)) continue;
      const id = `${node.id}:${entry.mountPoint}`;
      const { device, mountPoint, type, options, line } = entry;
      mounts.set(
        id,
        present({
          id,
          node: node.id,
          mountPoint,
          device,
          type,
          options,
          ...nfsOf(loading, device, type, node, nodes, addresses, exports),
          hard: entry.nfs?.hard ?? true,
          by: { kind: "fstab", atBoot: !entry.noauto } as const,
          place: { file: fstab!.file, line },
        }),
      );
    }
  }
  for (const cluster of clusters.values())
    for (const primitive of primitivesOf(cluster.cib)) {
      if (primitive.agentClass !== "ocf" || primitive.type !== "Filesystem") continue;
      const device = primitive.parameters.get("device") ?? "";
      const mountPoint = primitive.parameters.get("directory") ?? "";
      const type = primitive.parameters.get("fstype") ?? "";
      const options = (primitive.parameters.get("options") ?? "").split(",").filter((option) => option !== "");
      const place = { file: cluster.cibFile, line: primitive.line };
      for (const { node: member } of cluster.nodes) {
        const id = `${member}:${mountPoint}`;
        const known = mounts.get(id);
        if (known !== undefined)
          loading.assume(
            `${id} is mounted by ${primitive.id} and by ${known.place.file}:${known.place.line}`,
            "both say so; the cluster's is taken",
          );
        const node = nodes.get(member)!;
        mounts.set(
          id,
          present({
            id,
            node: member,
            mountPoint,
            device,
            type,
            options,
            ...nfsOf(loading, device, type, node, nodes, addresses, exports),
            hard: !options.includes("soft"),
            by: { kind: "resource", cluster: cluster.id, resource: primitive.id } as const,
            place,
          }),
        );
      }
    }
  return new Map(sortedMap(mounts));
}

/** Of an NFS mount: the server's address and its export. */
function nfsOf(
  loading: Loading,
  device: string,
  type: string,
  node: TopologyNode,
  nodes: Nodes,
  addresses: Addresses,
  exports: ReadonlyMap<string, NfsExportOf>,
): { export: string | undefined; serverAddress: string | undefined } {
  if (!type.startsWith("nfs")) return { export: undefined, serverAddress: undefined };
  const colon = device.indexOf(":");
  const host = device.slice(0, colon);
  const serverAddress = resolve(loading, host, node, nodes) ?? host;
  const found = exportAt(serverAddress, device.slice(colon + 1), exports, addresses);
  if (found === undefined)
    loading.assume(`nobody in the topology exports ${device}: it cannot be mounted`, `${node.id} mounts it`);
  return { export: found?.id, serverAddress };
}

/** The export that a server's address and path name; behind a VIP, the first node's that has it. */
function exportAt(
  address: string,
  path: string,
  exports: ReadonlyMap<string, NfsExportOf>,
  addresses: Addresses,
): NfsExportOf | undefined {
  const virtual = addresses.has(address);
  const serving = [...exports.values()].filter((one) => virtual || one.addresses.includes(address));
  return serving.find((one) => one.path === path) ?? serving.find((one) => path.startsWith(`${one.path}/`));
}

export function loadDatabases(
  loading: Loading,
  nodes: Nodes,
  clusters: Clusters,
  mounts: ReadonlyMap<string, Mount>,
): ReadonlyMap<string, DatabaseOnStorage> {
  const databases = new Map<string, DatabaseOnStorage>();
  for (const cluster of clusters.values())
    for (const primitive of primitivesOf(cluster.cib)) {
      if (primitive.agentClass !== "ocf" || !["mysql", "mariadb"].includes(primitive.type)) continue;
      const members = cluster.nodes.map(({ node }) => node);
      const settings = new Map(
        members.flatMap((member) => {
          const facts = loading.facts(nodes.get(member)!.files, "/etc/my.cnf", "mysql");
          return facts === undefined ? [] : [[member, facts] as const];
        }),
      );
      const first = [...settings.values()][0];
      const datadir = primitive.parameters.get("datadir") ?? first?.datadir ?? "/var/lib/mysql";
      const mount = [...mounts.values()].find(
        ({ node, mountPoint }) =>
          node === members[0] && (datadir === mountPoint || datadir.startsWith(`${mountPoint}/`)),
      );
      databases.set(
        databases.has(primitive.id) ? `${cluster.id}/${primitive.id}` : primitive.id,
        present({
          id: primitive.id,
          cluster: cluster.id,
          resource: primitive.id,
          nodes: members,
          datadir,
          device: mount?.device,
          export: mount?.export,
          mountResource: mount?.by.kind === "resource" ? mount.by.resource : undefined,
          port: first?.port ?? 3306,
          settings,
        }),
      );
    }
  return sortedMap(databases);
}

export function loadLuns(loading: Loading, plant: Plant, nodes: Nodes): ReadonlyMap<string, Lun> {
  return sortedMap(
    sorted(loading.yaml.storage?.luns).map(([id, lun]): [string, Lun] => {
      const path = ["storage", "luns", id];
      lun.nodes.forEach((node, index) => {
        loading.refers([...path, "nodes", index], "node", node, nodes);
      });
      loading.feeds(path, lun.feeds ?? [], plant.feeds);
      return [id, { id, volumeGroup: lun["volume-group"], nodes: lun.nodes, feeds: lun.feeds ?? [] }];
    }),
  );
}

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
