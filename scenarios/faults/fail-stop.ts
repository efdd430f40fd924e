import { operationFault } from "./operation-fault.js";

/**
 * A stop that fails leaves it unknown whether the resource still runs: the node is fenced where fencing is
 * enabled, else the resource is blocked. Source: facts, "Agents"; Pacemaker Explained, on-fail of stop.
 */
export const failStop = operationFault("fail-stop", "A resource cannot be stopped.", "stop", {
  rc: 1,
  exitReason: "stop made to fail",
});
