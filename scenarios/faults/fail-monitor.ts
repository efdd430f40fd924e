import { operationFault } from "./operation-fault.js";

/**
 * The monitor says failed though nothing else is wrong: the resource is recovered (stopped and started) where it
 * is, its fail-count grows, and at migration-threshold it moves. Source: Pacemaker Explained, "Handling Resource
 * Failure".
 */
export const failMonitor = operationFault("fail-monitor", "A resource's monitor reports a failure.", "monitor", {
  rc: 1,
  exitReason: "monitor made to fail",
});
