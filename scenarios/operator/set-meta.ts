import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { splitResource, typedAt } from "./typed-at.js";

/** Source: pcs(8). */
export const setMeta = operatorAction({
  name: "set-meta",
  summary: "A meta attribute of a resource is set.",
  tellsItself: true,
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE."),
    name: z.string().min(1).max(100),
    value: z.string().max(200).optional().describe("Without it, the attribute is removed."),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ resource }) => `resource/${resource}`,
  command: (it) => `pcs resource meta ${splitResource(it.resource).resource} ${it.name}=${it.value ?? ""}`,
  perform: (instant, twin, it) => {
    const { cluster, resource } = splitResource(it.resource);
    const at = typedAt(instant, twin, cluster, it.on);
    twin.clusters.operator.setMeta(instant, at, resource, it.name, it.value);
  },
});
