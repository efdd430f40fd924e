import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";
import { typedAt } from "./typed-at.js";

/** Cluster-wide properties: stonith-enabled, no-quorum-policy, and what else crm_config knows. Source: pcs(8). */
export const setProperty = operatorAction({
  name: "set-property",
  summary: "A cluster property is set.",
  tellsItself: true,
  params: z.object({
    cluster: reference("cluster"),
    name: z.string().min(1).max(100),
    value: z.string().max(200).optional().describe("Without it, the property is unset."),
    on: reference("node", "Where it is typed; without it, on a member that runs.").optional(),
  }),
  subject: ({ cluster }) => `cluster/${cluster}`,
  command: ({ name, value }) => `pcs property ${value === undefined ? `unset ${name}` : `set ${name}=${value}`}`,
  perform: (instant, twin, { cluster, name, value, on }) => {
    twin.clusters.operator.setOption(instant, typedAt(instant, twin, cluster, on), name, value);
  },
});
