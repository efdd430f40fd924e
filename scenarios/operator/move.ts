import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { splitResource, typedAt } from "./typed-at.js";

/** Leaves a constraint behind (cli-prefer or cli-ban) that blocks the next failover unless it is cleared. Source: facts, Runbooks 6. */
export const move = operatorAction({
  name: "move",
  summary: "A resource is moved.",
  tellsItself: true,
  params: z.object({
    resource: reference("resource", "CLUSTER/RESOURCE."),
    to: reference("node").optional(),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ resource }) => `resource/${resource}`,
  command: (it) => `pcs resource move ${splitResource(it.resource).resource} ${it.to ?? ""}`,
  perform: (instant, twin, it) => {
    const { cluster, resource } = splitResource(it.resource);
    const at = typedAt(instant, twin, cluster, it.on);
    twin.clusters.operator.move(instant, at, resource, it.to);
  },
});
