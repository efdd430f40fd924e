import { operationFault } from "./operation-fault.js";

/**
 * A failed promotion counts as a failure of the resource on that node: it is demoted and recovered, elsewhere if
 * its on-fail or threshold says so. Source: Pacemaker Explained, "Promotable clones".
 */
export const failPromote = operationFault("fail-promote", "A resource cannot be promoted.", "promote", {
  rc: 1,
  exitReason: "promote made to fail",
});
