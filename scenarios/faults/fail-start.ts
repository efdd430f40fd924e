import { operationFault } from "./operation-fault.js";

/**
 * With start-failure-is-fatal a failed start sets the fail-count to INFINITY: the resource is banned from that
 * node until somebody cleans up. On every node: it stays down. Source: facts, "Agents"; Pacemaker Explained,
 * start-failure-is-fatal.
 */
export const failStart = operationFault("fail-start", "A resource cannot be started.", "start", {
  rc: 1,
  exitReason: "start made to fail",
});
