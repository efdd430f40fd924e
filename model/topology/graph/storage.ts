import type { TopologyGraph } from "../graph.js";
import type { Topology } from "../types.js";
import { carries, vertex, vertexKey } from "./edges.js";

/** Exports, mounts, LUNs, databases, Cinder's tiers. */
export function addStorage(graph: TopologyGraph, topology: Topology): void {
  const on = (kind: "mounts" | "stored-on", key: string, id: string) => {
    const servers = serversOf(topology, id);
    for (const one of servers)
      carries(graph, kind, key, vertexKey("export", one), servers.length > 1 ? { group: "servers" } : undefined);
  };
  for (const one of topology.exports.values()) {
    const key = vertex(graph, "export", one.id);
    carries(graph, "served-by", key, vertexKey("node", one.node));
  }
  for (const mount of topology.mounts.values()) {
    const key = vertex(graph, "mount", mount.id);
    carries(graph, "part-of", key, vertexKey("node", mount.node));
    if (mount.export !== undefined) on("mounts", key, mount.export);
    if (mount.serverAddress !== undefined) carries(graph, "mounts", key, vertexKey("address", mount.serverAddress));
  }
  for (const lun of topology.luns.values()) {
    const key = vertex(graph, "lun", lun.id);
    for (const feed of lun.feeds) carries(graph, "powered-by", key, vertexKey("feed", feed), { group: "power" });
  }
  for (const [id, database] of topology.databases) {
    const key = vertex(graph, "database", id);
    carries(graph, "runs-on", key, vertexKey("resource", `${database.cluster}/${database.resource}`));
    if (database.export !== undefined) on("stored-on", key, database.export);
  }
  // A cluster's Filesystem resource stands while the export does that it mounts.
  for (const mount of topology.mounts.values())
    if (mount.by.kind === "resource" && mount.export !== undefined)
      on("mounts", vertexKey("resource", `${mount.by.cluster}/${mount.by.resource}`), mount.export);
  for (const tier of topology.tiers.values()) addTier(graph, topology, tier.id, on);
}

/** Behind a virtual address every node with the same path can serve it. */
function serversOf({ exports, mounts, virtualAddresses }: Topology, id: string): readonly string[] {
  const isVirtual = [...mounts.values()].some(
    (mount) => mount.export === id && virtualAddresses.has(mount.serverAddress ?? ""),
  );
  const path = exports.get(id)?.path;
  return isVirtual ? [...exports.values()].filter((one) => one.path === path).map((one) => one.id) : [id];
}

function addTier(
  graph: TopologyGraph,
  topology: Topology,
  id: string,
  on: (kind: "stored-on", key: string, id: string) => void,
): void {
  const tier = topology.tiers.get(id)!;
  const key = vertex(graph, "tier", id);
  const nodes = (ids: readonly string[], group: string, atLeast: number) => {
    for (const node of ids) carries(graph, "stored-on", key, vertexKey("node", node), { group, atLeast });
  };
  for (const node of tier.volumeNodes)
    carries(graph, "served-by", key, vertex(graph, "unit", `${tier.unit}@${node}`), { group: "volume" });
  switch (tier.kind) {
    case "lvm":
      if (tier.lun !== undefined) carries(graph, "stored-on", key, vertexKey("lun", tier.lun));
      carries(graph, "depends-on", key, vertexKey("address", tier.address));
      break;
    case "nfs":
      for (const one of tier.exports) on("stored-on", key, one);
      break;
    case "ceph":
      nodes(
        tier.monitors.flatMap(({ node }) => node ?? []),
        "monitors",
        Math.floor(tier.monitors.length / 2) + 1,
      );
      nodes(tier.osdNodes, "osds", tier.minSize);
      break;
    case "gluster":
      nodes(tier.brickNodes, "bricks", Math.max(1, tier.brickNodes.length - tier.replica + 1));
      break;
    case "gpfs":
      nodes(tier.nsdNodes, "nsds", 1);
      break;
    case "local":
    case "other":
      break;
  }
}
