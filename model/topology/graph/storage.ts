import type { TopologyGraph } from "../graph.js";
import type { Topology } from "../types.js";
import { carries, vertex, vertexKey } from "./edges.js";

/** Exports, mounts, LUNs, databases, Cinder's tiers. */
export function addStorage(graph: TopologyGraph, topology: Topology): void {
  for (const one of topology.exports.values()) {
    const key = vertex(graph, "export", one.id);
    carries(graph, "served-by", key, vertexKey("node", one.node));
  }
  for (const mount of topology.mounts.values()) {
    const key = vertex(graph, "mount", mount.id);
    carries(graph, "part-of", key, vertexKey("node", mount.node));
    if (mount.export !== undefined) carries(graph, "mounts", key, vertexKey("export", mount.export));
    if (mount.serverAddress !== undefined) carries(graph, "mounts", key, vertexKey("address", mount.serverAddress));
  }
  for (const lun of topology.luns.values()) {
    const key = vertex(graph, "lun", lun.id);
    for (const feed of lun.feeds) carries(graph, "powered-by", key, vertexKey("feed", feed), { group: "power" });
  }
  for (const [id, database] of topology.databases) {
    const key = vertex(graph, "database", id);
    carries(graph, "runs-on", key, vertexKey("resource", `${database.cluster}/${database.resource}`));
    if (database.export !== undefined) carries(graph, "stored-on", key, vertexKey("export", database.export));
  }
  // A cluster's Filesystem resource stands while the export does that it mounts.
  for (const mount of topology.mounts.values())
    if (mount.by.kind === "resource" && mount.export !== undefined)
      carries(
        graph,
        "mounts",
        vertexKey("resource", `${mount.by.cluster}/${mount.by.resource}`),
        vertexKey("export", mount.export),
      );
  for (const tier of topology.tiers.values()) addTier(graph, topology, tier.id);
}

function addTier(graph: TopologyGraph, topology: Topology, id: string): void {
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
      for (const one of tier.exports) carries(graph, "stored-on", key, vertexKey("export", one));
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
