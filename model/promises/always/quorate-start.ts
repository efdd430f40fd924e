import type { Instant } from "../../kernel/index.js";
import { promisedOrder } from "../configuration.js";
import type { Facts, StartBegun } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "Resources start only in a partition with quorum, or as no-quorum-policy allows.";

/** Source: Pacemaker Explained, no-quorum-policy: with `ignore` a partition acts as if it had quorum. */
export function checkStart(instant: Instant, promise: AlwaysPromise, facts: Facts, start: StartBegun): void {
  const { clusters } = facts;
  const { configuration } = clusters.cibOf(instant, start.cluster, start.node);
  const order = promisedOrder(configuration);
  if (!order.primitives.has(start.resource)) return;
  exercise(instant, promise);
  if (clusters.isQuorate(instant, start.node) || order.noQuorumPolicy === "ignore") return;
  breakPromise(instant, promise, `${start.resource} is started on ${start.node}, whose partition has no quorum`);
}
