import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { clusterOf, typedAt } from "./typed-at.js";

/** What runs on the node is stopped and moves; it stays a member with its vote. Source: facts, Runbooks 5. */
export const standby = operatorAction({
  name: "standby",
  summary: "A node is put in standby.",
  tellsItself: true,
  params: z.object({
    node: reference("node"),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `pcs cluster standby ${node}`,
  perform: (instant, twin, { node, on }) => {
    const at = typedAt(instant, twin, clusterOf(twin, node), on);
    twin.clusters.operator.standby(instant, at, node, true);
  },
});
