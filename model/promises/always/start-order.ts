import type { Instant } from "../../kernel/index.js";
import { promisedOrder } from "../configuration.js";
import type { Facts, StartBegun } from "../facts.js";
import { type AlwaysPromise, breakPromise, exercise } from "../promise.js";

export const text = "Nothing starts before what it must follow is active, as far as the cluster knows.";

/** What a person says must be so, whatever the constraints of the day say. Names are CLUSTER/RESOURCE. */
export interface ExpectedOrder {
  readonly first: string;
  readonly next: string;
}

/**
 * Mandatory order constraints and the order of groups (Pacemaker Explained, "Resource Constraints"), and the orders that
 * a scenario expects, both by what the cluster believes.
 */
export function checkStart(
  instant: Instant,
  promise: AlwaysPromise,
  facts: Facts,
  start: StartBegun,
  expected: readonly ExpectedOrder[],
): void {
  checkExpected(instant, promise, facts, start, expected);
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

function checkExpected(
  instant: Instant,
  promise: AlwaysPromise,
  facts: Facts,
  start: StartBegun,
  expected: readonly ExpectedOrder[],
): void {
  for (const { first, next } of expected) {
    if (next !== `${start.cluster}/${start.resource}`) continue;
    exercise(instant, promise);
    const slash = first.indexOf("/");
    const cluster = first.slice(0, slash);
    const resource = first.slice(slash + 1);
    // What has begun to start answers its monitor already: only the history tells what has finished.
    const seenBy = cluster === start.cluster ? start.node : undefined;
    const { places } = facts.clusters.resourceState(instant, cluster, resource, seenBy);
    if (places.some(({ role }) => role === "Started" || role === "Promoted" || role === "Unpromoted")) continue;
    breakPromise(
      instant,
      promise,
      `${start.resource} is started on ${start.node} before ${resource} is active (the scenario expects that order)`,
    );
    return;
  }
}
