import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** pcs on RHEL 6 does not enable the cluster at boot: after a fence somebody types this. Source: facts, Timing. */
export const startCluster = operatorAction({
  name: "start-cluster",
  summary: "The cluster is started on a node.",
  tellsItself: true,
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `pcs cluster start ${node}`,
  perform: (instant, twin, { node }) => void twin.clusters.operator.startCluster(instant, node),
});
