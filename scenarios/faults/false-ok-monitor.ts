import { operationFault } from "./operation-fault.js";

/**
 * A check too shallow or broken: the resource may be dead and stays Started; only users and deeper checks notice.
 * Source: facts, "Filesystem's monitor checks the mount table only; mysql's at depth 0 the PID only".
 */
export const falseOkMonitor = operationFault(
  "false-ok-monitor",
  "A resource's monitor says that all is well, whatever is.",
  "monitor",
  { rc: 0, exitReason: "monitor made to succeed" },
);
