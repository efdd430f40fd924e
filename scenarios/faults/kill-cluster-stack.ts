import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * The membership layer and Pacemaker die on a node, its resources go on running with nobody to watch them. The peers
 * lose the member as if the node had died, and fence it before they recover what it ran.
 * Source: faults-and-promises, "Corosync, pacemakerd or sbd killed: respawn or fence".
 */
export const killClusterStack = fault({
  name: "kill-cluster-stack",
  summary: "The cluster's own processes die on a node.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  targets: (topology) => [...topology.nodes.values()].filter(({ cluster }) => cluster).map(({ id }) => ({ node: id })),
  inject: (instant, twin, { node }) => void twin.clusters.operator.killStack(instant, node),
  heal: (instant, twin, { node }) => {
    if (twin.hosts.state(instant, node) === "off") twin.hosts.powerOn(instant, node);
    else if (!twin.clusters.isStackRunning(instant, node)) twin.clusters.operator.startCluster(instant, node);
  },
});
