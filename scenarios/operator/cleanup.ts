import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { splitResource, typedAt } from "./typed-at.js";

/** The cluster forgets the failed operations and their count and probes again. Source: facts, Runbooks 4. */
export const cleanup = operatorAction({
  name: "cleanup",
  summary: "The failures of a resource are forgotten.",
  tellsItself: true,
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE."),
    node: reference("node").optional(),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ resource }) => `resource/${resource}`,
  command: (it) => `pcs resource cleanup ${splitResource(it.resource).resource}`,
  perform: (instant, twin, it) => {
    const { cluster, resource } = splitResource(it.resource);
    const at = typedAt(instant, twin, cluster, it.on);
    twin.clusters.operator.cleanup(instant, at, resource, it.node);
  },
});
