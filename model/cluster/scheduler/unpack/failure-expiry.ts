import type { OperationHistory } from "../../cib/types.js";
import type { Unpacking } from "../state/unpacking.js";
import type { Node, Resource } from "../state/working.js";
import { countExpiry, failCount } from "./fail-counts.js";
import { configured } from "./on-fail.js";
import { effectiveRc, isProbe, OpStatus, Rc, targetRc } from "./result-codes.js";

/** Whether an operation's result is forgotten by failure-timeout; schedules clearing the fail count where it is. */
export function isExpired(
  unpacking: Unpacking,
  resource: Resource,
  node: Node,
  op: OperationHistory,
  rc: number,
): boolean {
  const { state } = unpacking;
  if (resource.failureTimeoutMs > 0) noteBlockingFailures(unpacking, resource, node);
  const timeout = Math.floor(resource.failureTimeoutMs / 1000);
  const lastFailureEntry = op.id.endsWith("_last_failure_0");
  let expired = false;
  let unexpired = 0;
  if (timeout > 0 && op.lastRcChange !== undefined && op.lastRcChange > 0) {
    if (state.nowEpochSeconds >= op.lastRcChange + timeout && !waitsForFencing(unpacking, resource, op)) expired = true;
    const counted = failCount(state, resource, node);
    unexpired = counted.count;
    const expiry = countExpiry(resource, counted.lastFailure);
    if (unexpired > 0 && state.nowEpochSeconds < expiry) state.recheckBy(expiry);
  }
  if (!expired) return false;
  if (failCount(state, resource, node, { effective: false }).count > 0) {
    if (unexpired === 0) clearFailures(unpacking, resource, node, "it expired");
    else expired = false;
  } else if (lastFailureEntry && resource.remoteReconnectMs > 0) {
    clearFailures(unpacking, resource, node, "reconnect interval is set");
  }
  if (expired) state.expiredOperations.add(op);
  if (
    expired &&
    isProbe(op) &&
    (rc === Rc.Ok || rc === Rc.NotRunning || rc === Rc.RunningPromoted || rc === Rc.FailedPromoted)
  ) {
    return false;
  }
  return expired;
}

/** Failures of operations with on-fail=block do not expire: only the administrator may end them. */
function noteBlockingFailures(unpacking: Unpacking, resource: Resource, node: Node): void {
  const blocking = resource.operations.filter((op) => op.attrs["on-fail"] === "block");
  if (blocking.length === 0 || unpacking.state.blocksExpiry(resource, node)) return;
  const history = unpacking.state.cib.status.nodes.get(node.name)?.resources.get(resource.historyName);
  for (const op of history?.operations ?? []) {
    if (op.opStatus === OpStatus.Pending || effectiveRc(op) === targetRc(op)) continue;
    const config = configured(resource, op.operation, op.intervalMs);
    if (config && blocking.includes(config)) {
      unpacking.state.blockExpiry(resource, node);
      return;
    }
  }
}

/** A failed connection to a remote node is remembered until the node was fenced. */
function waitsForFencing(unpacking: Unpacking, resource: Resource, op: OperationHistory): boolean {
  if (resource.remoteReconnectMs === 0 || !unpacking.state.options.stonithEnabled) return false;
  if (op.operation !== "monitor" || op.intervalMs === 0) return false;
  return resource.remoteNode !== undefined && !resource.remoteNode.remoteWasFenced;
}

export function clearFailures(unpacking: Unpacking, resource: Resource, node: Node, reason: string): void {
  const { failCountClears } = unpacking.state;
  if (!failCountClears.some((c) => c.resource === resource && c.node === node)) {
    failCountClears.push({ resource, node, reason });
  }
}
