import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { Facts } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "No node is fenced that is a reachable member with nothing failed.";

/**
 * When a power controller switches a node off: is it running, in a membership with another running node that sees it
 * too, and has no operation failed there? Then somebody else was meant, or nobody.
 */
export function checkFence(
  instant: Instant,
  promise: AlwaysPromise,
  facts: Facts,
  node: NodeId,
  wanted: boolean,
): void {
  exercise(instant, promise);
  const { clusters, hosts } = facts;
  const cluster = clusters.clusterOf(node);
  if (wanted || !hosts.isRunning(instant, node)) return;
  if (cluster === undefined) {
    breakPromise(instant, promise, `${node}, a member of no cluster, is switched off by a fence device`);
    return;
  }
  if (!clusters.isStackRunning(instant, node)) return;
  const seen = clusters.members(instant, node);
  const peer = clusters
    .nodesOf(cluster)
    .find(
      (other) =>
        other !== node &&
        seen.includes(other) &&
        hosts.isRunning(instant, other) &&
        clusters.isStackRunning(instant, other) &&
        clusters.members(instant, other).includes(node),
    );
  if (peer === undefined || hasFailure(instant, facts, cluster, node, peer)) return;
  breakPromise(
    instant,
    promise,
    `${node} is fenced though ${peer} and it are members together and nothing failed on it`,
  );
}

function hasFailure(instant: Instant, facts: Facts, cluster: string, node: NodeId, by: NodeId): boolean {
  const history = facts.clusters.cibOf(instant, cluster, by).status.nodes.get(node)?.resources;
  if (!history) return false;
  for (const { operations } of history.values())
    if (operations.some(({ id }) => id.endsWith("_last_failure_0"))) return true;
  return false;
}
