import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { splitResource, typedAt } from "./typed-at.js";

/** Removes target-role=Stopped. Source: pcs(8). */
export const enable = operatorAction({
  name: "enable",
  summary: "A resource is enabled.",
  tellsItself: true,
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE."),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ resource }) => `resource/${resource}`,
  command: (it) => `pcs resource enable ${splitResource(it.resource).resource}`,
  perform: (instant, twin, it) => {
    const { cluster, resource } = splitResource(it.resource);
    const at = typedAt(instant, twin, cluster, it.on);
    twin.clusters.operator.enable(instant, at, resource);
  },
});
