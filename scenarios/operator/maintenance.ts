import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { typedAt } from "./typed-at.js";

/**
 * Maintenance mode of a whole cluster: no monitors, no recovery, until somebody turns it off. Left on, the next failure
 * is nobody's business. Source: facts, Runbooks 5, "maintenance left on".
 */
export const maintenance = operatorAction({
  name: "maintenance",
  summary: "Maintenance mode of a cluster is turned on or off.",
  tellsItself: true,
  params: z.object({
    cluster: reference("cluster"),
    state: z.enum(["on", "off"]),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ cluster }) => `cluster/${cluster}`,
  command: ({ state }) => `pcs property set maintenance-mode=${state === "on"}`,
  perform: (instant, twin, { cluster, state, on }) => {
    const at = typedAt(instant, twin, cluster, on);
    twin.clusters.operator.setOption(instant, at, "maintenance-mode", state === "on" ? "true" : undefined);
  },
});
