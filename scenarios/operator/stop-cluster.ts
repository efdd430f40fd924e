import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** Its resources are moved off or stopped first, then it leaves the membership in order: no fence. Source: facts, Runbooks 8. */
export const stopCluster = operatorAction({
  name: "stop-cluster",
  summary: "The cluster is stopped on a node.",
  tellsItself: true,
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `pcs cluster stop ${node}`,
  perform: (instant, twin, { node }) => void twin.clusters.operator.stopCluster(instant, node),
});
