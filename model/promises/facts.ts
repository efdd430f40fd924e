import type { Clusters } from "../cluster/clusters.js";
import type { Reader } from "../kernel/index.js";
import type { Topology } from "../topology/types.js";
import type { Agents, Hosts, NodeId } from "../twin/parts.js";

/** What the promises look at. */
export interface Facts {
  readonly topology: Topology;
  readonly hosts: Hosts;
  /** The agents themselves, not what monitors were made to say. */
  readonly agents: Agents;
  readonly clusters: Clusters;
}

/** A cluster is about to start a resource on a node. */
export interface StartBegun {
  readonly cluster: string;
  readonly resource: string;
  readonly node: NodeId;
}

/** A resource is active on a node in truth, whatever the cluster believes. */
export function isActive(read: Reader, facts: Facts, cluster: string, resource: string, node: NodeId): boolean {
  if (!facts.hosts.isRunning(read, node)) return false;
  const { rc } = facts.agents.agentFor(cluster, resource).monitor(read, node);
  return rc === 0 || rc === 8;
}
