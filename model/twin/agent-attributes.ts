import type { Clusters } from "../cluster/clusters.js";
import type { Blueprint } from "../kernel/index.js";
import { primitivesOf } from "../plant/agents/primitives.js";
import type { Topology } from "../topology/types.js";
import type { Agents } from "./parts.js";

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Carries the transient attributes that agents set (promotion scores, ping's count) to their cluster, as crm_attribute
 * does: when they change, and again when the node's cluster stack comes up.
 */
export function carryAgentAttributes(
  blueprint: Blueprint,
  topology: Topology,
  agents: Agents,
  clusters: Pick<Clusters, "isStackRunning" | "setAttribute">,
): void {
  for (const cluster of topology.clusters.values())
    for (const { id } of primitivesOf(cluster.cib)) {
      const agent = agents.agentFor(cluster.id, id);
      if (agent.attributes === undefined) continue;
      for (const { node } of cluster.nodes)
        blueprint.observer<ReadonlyMap<string, string>>(
          `attributes/${cluster.id}/${id}@${node}`,
          (read) => (clusters.isStackRunning(read, node) ? agent.attributes!(read, node) : NONE),
          (instant, now, before) => {
            if (!clusters.isStackRunning(instant, node)) return;
            for (const name of before?.keys() ?? [])
              if (!now.has(name)) clusters.setAttribute(instant, node, name, undefined);
            for (const [name, value] of now)
              if (before?.get(name) !== value) clusters.setAttribute(instant, node, name, value);
          },
        );
    }
}
