import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { splitResource, typedAt } from "./typed-at.js";

/** Leaves a constraint with score -INFINITY behind. Source: facts, Runbooks 6. */
export const ban = operatorAction({
  name: "ban",
  summary: "A resource is kept off a node.",
  tellsItself: true,
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE."),
    from: reference("node").optional(),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ resource }) => `resource/${resource}`,
  command: (it) => `pcs resource ban ${splitResource(it.resource).resource} ${it.from ?? ""}`,
  perform: (instant, twin, it) => {
    const { cluster, resource } = splitResource(it.resource);
    const at = typedAt(instant, twin, cluster, it.on);
    twin.clusters.operator.ban(instant, at, resource, it.from);
  },
});
