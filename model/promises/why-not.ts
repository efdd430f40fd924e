import type { Reader } from "../kernel/index.js";
import type { Condition } from "./condition.js";
import { promisedOrder } from "./configuration.js";
import type { Facts } from "./facts.js";

/** Why a resource is not where it should be, as far as its cluster's own state tells: in one line. */
export function whyNoResource(
  read: Reader,
  { clusters, topology }: Facts,
  { cluster, resource, on }: Extract<Condition, { kind: "resource" }>,
): string {
  const status = clusters.status(read, cluster);
  if (!status) return "nobody runs the cluster";
  const reasons: string[] = [];
  if (!status.quorate) reasons.push(`the partition of ${status.by} has no quorum`);
  const devices = topology.clusters.get(cluster)?.fenceDevices ?? [];
  for (const [node, state] of status.nodes) {
    if (!/unclean/i.test(state)) continue;
    const isFenceable = devices.some(({ targets }) => targets.has(node));
    reasons.push(`${node} is unclean and not fenced${isFenceable ? "" : ": no fence device is for it"}`);
  }
  const members = promisedOrder(clusters.cibOf(read, cluster).configuration).primitives.get(resource) ?? [resource];
  for (const member of members)
    for (const { node, failed } of clusters.resourceState(read, cluster, member).places)
      if (failed) reasons.push(`${member} failed on ${node}`);
  const places = members.flatMap((member) => status.resources.get(member) ?? []);
  if (on !== undefined && places.length > 0) reasons.push(`it is ${[...new Set(places)].join(", ")}`);
  return reasons.length > 0 ? reasons.join("; ") : "it is not";
}
