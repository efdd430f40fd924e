import type { DatabaseOnStorage, Lun, Mount, NfsExportOf } from "../openstack-types.js";
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
export function exportAt(
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
      return [
        id,
        { id, volumeGroup: lun["volume-group"], nodes: lun.nodes, feeds: lun.feeds ?? [], mirror: lun.mirror ?? false },
      ];
    }),
  );
}
