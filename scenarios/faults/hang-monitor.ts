import { operationFault } from "./operation-fault.js";

/**
 * The monitor runs into its time-out (20 s by default where pcs 0.9.90 left it to default-action-timeout) and
 * counts as failed. Source: facts, "Five corrections" 4; Pacemaker Explained, "Handling Resource Failure".
 */
export const hangMonitor = operationFault("hang-monitor", "A resource's monitor does not come back.", "monitor", {
  rc: 1,
  hangs: true,
  exitReason: "monitor made to hang",
});
