import type { Instant } from "../../kernel/index.js";
import { promisedOrder } from "../configuration.js";
import { type Facts, isActive, type StartBegun } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text =
  "A resource that is not cloned is not started where it is already active elsewhere, as far as the cluster could know.";

/**
 * At each start of an exclusive resource: is it active in truth on another node that executes? It could be known where
 * the other node is lost (then a fence was due) or where the history shows the resource there. What somebody started
 * behind the cluster's back on a member was never probed: that harm is the writers' promise, not this one's.
 */
export function checkStart(instant: Instant, promise: AlwaysPromise, facts: Facts, start: StartBegun): void {
  const { clusters } = facts;
  const cib = clusters.cibOf(instant, start.cluster, start.node);
  if (!promisedOrder(cib.configuration).exclusive.includes(start.resource)) return;
  const members = clusters.members(instant, start.node);
  for (const other of clusters.nodesOf(start.cluster)) {
    if (other === start.node) continue;
    exercise(instant, promise);
    if (!isActive(instant, facts, start.cluster, start.resource, other)) continue;
    const believed = clusters.resourceState(instant, start.cluster, start.resource, start.node).places;
    const couldKnow =
      !members.includes(other) || believed.some(({ node, role }) => node === other && role !== "Stopped");
    if (!couldKnow) continue;
    breakPromise(
      instant,
      promise,
      `${start.resource} is started on ${start.node} while it is active on ${other}, which still runs`,
    );
    return;
  }
}
