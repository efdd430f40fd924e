import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { clusterOf, typedAt } from "./typed-at.js";

/** The cluster takes the node as fenced and recovers its resources, unchecked: a live node then writes beside its successor. Source: facts, Runbooks 2. */
export const confirmFence = operatorAction({
  name: "confirm-fence",
  summary: "Somebody swears that a node is down.",
  tellsItself: true,
  params: z.object({
    node: reference("node"),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `pcs stonith confirm ${node}`,
  perform: (instant, twin, { node, on }) => {
    const at = typedAt(instant, twin, clusterOf(twin, node), on);
    twin.clusters.operator.confirmFenced(instant, at, node);
  },
});
