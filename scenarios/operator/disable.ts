import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { splitResource, typedAt } from "./typed-at.js";

/** Sets target-role=Stopped: what must follow it stops with it. Source: pcs(8). */
export const disable = operatorAction({
  name: "disable",
  summary: "A resource is disabled.",
  tellsItself: true,
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE."),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ resource }) => `resource/${resource}`,
  command: (it) => `pcs resource disable ${splitResource(it.resource).resource}`,
  perform: (instant, twin, it) => {
    const { cluster, resource } = splitResource(it.resource);
    const at = typedAt(instant, twin, cluster, it.on);
    twin.clusters.operator.disable(instant, at, resource);
  },
});
