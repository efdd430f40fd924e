import { operationFault } from "./operation-fault.js";

/**
 * The start runs into its time-out, counts as failed, and bans the resource from the node; a stop follows.
 * Source: facts, "Agents"; faults-and-promises, "Crash recovery longer than the start time-out: ban ping-pong".
 */
export const hangStart = operationFault("hang-start", "A resource's start does not come back.", "start", {
  rc: 1,
  hangs: true,
  exitReason: "start made to hang",
});
