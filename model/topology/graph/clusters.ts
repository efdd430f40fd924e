import type { XmlElement } from "../../cluster/cib/types.js";
import type { TopologyGraph } from "../graph.js";
import { primitivesOf } from "../primitives.js";
import type { Cluster, Topology } from "../types.js";
import { carries, relates, vertex, vertexKey } from "./edges.js";

/** Clusters, their members, resources, constraints, fence devices and addresses. */
export function addClusters(graph: TopologyGraph, topology: Topology): void {
  for (const cluster of topology.clusters.values()) {
    const key = vertex(graph, "cluster", cluster.id);
    for (const { node } of cluster.nodes) {
      relates(graph, "member-of", vertexKey("node", node), key);
      carries(graph, "runs-on", key, vertexKey("node", node), { group: "quorum", atLeast: votesNeeded(cluster) });
    }
    addResources(graph, cluster, key);
    for (const device of cluster.fenceDevices) {
      const fence = vertex(graph, "fence-device", `${cluster.id}/${device.id}`);
      carries(graph, "switches-through", fence, vertexKey("power-controller", device.controller));
      for (const node of device.targets.keys()) relates(graph, "powers", fence, vertexKey("node", node));
    }
  }
  for (const virtual of topology.virtualAddresses.values()) {
    const key = vertex(graph, "address", virtual.address);
    carries(graph, "held-by", key, vertexKey("resource", `${virtual.cluster}/${virtual.resource}`));
    for (const { node } of topology.clusters.get(virtual.cluster)?.nodes ?? []) {
      const nic = topology.nodes
        .get(node)
        ?.nics.find(({ name, networks }) => (virtual.nic ?? name) === name && networks.includes(virtual.network));
      if (nic !== undefined) carries(graph, "held-by", key, vertexKey("nic", `${node}.${nic.name}`), { group: "nics" });
    }
  }
}

/** Nodes that must be there: all of them may go but this many. */
function votesNeeded({ nodes, quorum }: Cluster): number {
  return quorum.twoNode ? 1 : Math.floor(nodes.length / 2) + 1;
}

function addResources(graph: TopologyGraph, cluster: Cluster, clusterKey: string): void {
  const resource = (id: string) => vertexKey("resource", `${cluster.id}/${id}`);
  const members = new Map<string, string[]>();
  for (const primitive of primitivesOf(cluster.cib)) {
    if (primitive.agentClass === "stonith") continue;
    const key = vertex(graph, "resource", `${cluster.id}/${primitive.id}`);
    carries(graph, "runs-on", key, clusterKey);
    for (const { node } of cluster.nodes) carries(graph, "runs-on", key, vertexKey("node", node), { group: "nodes" });
    for (const container of primitive.containers) {
      vertex(graph, "resource", `${cluster.id}/${container}`);
      const of = members.get(container) ?? [];
      members.set(container, [...of, primitive.id]);
      // A group or clone is there while its members are.
      carries(graph, "member-of", resource(container), key);
    }
  }
  addGroupOrder(graph, cluster, members, resource);
  addConstraints(graph, cluster, resource);
}

/** A group's member follows the one before it: without that, it does not run. */
function addGroupOrder(
  graph: TopologyGraph,
  cluster: Cluster,
  members: ReadonlyMap<string, readonly string[]>,
  resource: (id: string) => string,
): void {
  const groups = elementsNamed(cluster.cib.configuration, "group").map((group) => group.attrs["id"] ?? "");
  for (const group of groups) {
    const ids = members.get(group) ?? [];
    for (let index = 1; index < ids.length; index++)
      carries(graph, "ordered-after", resource(ids[index]!), resource(ids[index - 1]!));
  }
}

/** Plain two-resource constraints; sets are the scheduler's to read. */
function addConstraints(graph: TopologyGraph, cluster: Cluster, resource: (id: string) => string): void {
  for (const order of elementsNamed(cluster.cib.configuration, "rsc_order")) {
    const { first, then, kind = "Mandatory" } = order.attrs;
    if (first === undefined || then === undefined) continue;
    if (kind === "Mandatory") carries(graph, "ordered-after", resource(then), resource(first));
    else relates(graph, "ordered-after", resource(then), resource(first));
  }
  for (const colocation of elementsNamed(cluster.cib.configuration, "rsc_colocation")) {
    const { rsc, "with-rsc": withRsc, score } = colocation.attrs;
    if (rsc === undefined || withRsc === undefined) continue;
    if (score === "INFINITY" || score === "+INFINITY")
      carries(graph, "colocated-with", resource(rsc), resource(withRsc));
    else relates(graph, "colocated-with", resource(rsc), resource(withRsc));
  }
}

function elementsNamed(element: XmlElement, name: string): XmlElement[] {
  return [
    ...(element.name === name ? [element] : []),
    ...element.children.flatMap((child) => elementsNamed(child, name)),
  ];
}
