import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { Facts, StartBegun } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "Nothing of a lost node is started elsewhere before its fence is confirmed or it stopped in order.";

/**
 * At each start: what does the starting side's CIB say of nodes it does not hear? One that left in order or was fenced
 * is expected down; another one was lost, and what its history shows active there may still run.
 * Source: Pacemaker Explained, "Fencing".
 */
export function checkStart(instant: Instant, promise: AlwaysPromise, facts: Facts, start: StartBegun): void {
  const { clusters } = facts;
  const members = clusters.members(instant, start.node);
  for (const other of clusters.nodesOf(start.cluster)) {
    if (other === start.node || members.includes(other)) continue;
    const state = clusters.cibOf(instant, start.cluster, start.node).status.nodes.get(other);
    if (!state) continue;
    exercise(instant, promise);
    if (state.expected === "down" || !mayStillRun(instant, facts, start, other)) continue;
    breakPromise(
      instant,
      promise,
      `${start.resource} is started on ${start.node} while ${other}, where it was active, is lost and was not fenced`,
    );
    return;
  }
}

function mayStillRun(instant: Instant, facts: Facts, start: StartBegun, node: NodeId): boolean {
  const { places } = facts.clusters.resourceState(instant, start.cluster, start.resource, start.node);
  return places.some((place) => place.node === node && place.role !== "Stopped");
}
