import type { Instant } from "../../kernel/index.js";
import { promisedOrder } from "../configuration.js";
import type { Facts, StartBegun } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "Nothing starts before what it must follow is active, as far as the cluster knows.";

/** Mandatory order constraints and the order of groups. Source: Pacemaker Explained, "Resource Constraints". */
export function checkStart(instant: Instant, promise: AlwaysPromise, facts: Facts, start: StartBegun): void {
  const { clusters } = facts;
  const { configuration } = clusters.cibOf(instant, start.cluster, start.node);
  for (const { resources, sameNode, because } of promisedOrder(configuration).before.get(start.resource) ?? []) {
    exercise(instant, promise);
    for (const first of resources) {
      const { places } = clusters.resourceState(instant, start.cluster, first, start.node);
      const active = places.some(
        ({ node, role }) => role !== "Stopped" && role !== "Unknown" && (!sameNode || node === start.node),
      );
      if (active) continue;
      breakPromise(
        instant,
        promise,
        `${start.resource} is started on ${start.node} before ${first} is active (${because})`,
      );
      return;
    }
  }
}
