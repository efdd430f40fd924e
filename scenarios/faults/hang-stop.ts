import { operationFault } from "./operation-fault.js";

/**
 * The stop runs into its time-out and counts as failed: the node is fenced, or without fencing the resource is
 * blocked. Source: facts, "Agents"; Pacemaker Explained, on-fail of stop.
 */
export const hangStop = operationFault("hang-stop", "A resource's stop does not come back.", "stop", {
  rc: 1,
  hangs: true,
  exitReason: "stop made to hang",
});
