import { z } from "zod";
import { duration } from "../file/duration.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A power controller takes its time: a loaded vCenter that lists a thousand machines at every poll. Recovery grows by
 * as much; beyond pcmk_reboot_timeout (60 s) the attempt counts as failed and is retried. Source: facts, "Fencing"
 * (fence_vmware_soap lists all VMs at every poll; pcmk_reboot_timeout 60s, retries 2).
 */
export const fenceSlow = fault({
  name: "fence-slow",
  summary: "A power controller takes longer over everything.",
  params: z.object({ controller: reference("controller"), by: duration }),
  subject: ({ controller }) => `controller/${controller}`,
  targets: (topology) => [...topology.powerControllers.keys()].map((controller) => ({ controller, by: "20s" })),
  inject: (instant, twin, { controller, by }) =>
    twin.power.setController(instant, controller, { kind: "slow", byMs: by }),
  heal: (instant, twin, { controller }) => twin.power.setController(instant, controller, { kind: "works" }),
});
