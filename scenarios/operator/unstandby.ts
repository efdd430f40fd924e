import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { clusterOf, typedAt } from "./typed-at.js";

/** The node may run resources again; stickiness decides what comes back. Source: facts, Runbooks 5. */
export const unstandby = operatorAction({
  name: "unstandby",
  summary: "A node is taken out of standby.",
  tellsItself: true,
  params: z.object({
    node: reference("node"),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `pcs cluster unstandby ${node}`,
  perform: (instant, twin, { node, on }) => {
    const at = typedAt(instant, twin, clusterOf(twin, node), on);
    twin.clusters.operator.standby(instant, at, node, false);
  },
});
