import type { Reader } from "../../model/kernel/index.js";
import type { NodeId } from "../../model/twin/parts.js";
import type { Twin } from "../../model/twin/twin.js";

/**
 * Where a person types a cluster's command: the node they name, else the first member of the cluster whose stack runs,
 * else its first node (where the command fails, as it would).
 */
export function typedAt(read: Reader, twin: Twin, cluster: string, at: NodeId | undefined): NodeId {
  if (at !== undefined) return at;
  const nodes = twin.clusters.nodesOf(cluster);
  return (
    nodes.find((node) => twin.hosts.isRunning(read, node) && twin.clusters.isStackRunning(read, node)) ?? nodes[0]!
  );
}

/** CLUSTER/RESOURCE in its two parts. */
export function splitResource(name: string): { readonly cluster: string; readonly resource: string } {
  const slash = name.indexOf("/");
  return { cluster: name.slice(0, slash), resource: name.slice(slash + 1) };
}

/** The cluster of a node. A node of no cluster gives its own name, so that the command is refused where it is typed. */
export function clusterOf(twin: Twin, node: NodeId): string {
  const cluster = twin.clusters.clusterOf(node);
  if (cluster === undefined) throw new RangeError(`${node} is in no cluster`);
  return cluster;
}
