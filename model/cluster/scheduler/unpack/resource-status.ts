import type { NodeState, ResourceHistory } from "../../cib/types.js";
import { Task } from "../state/tasks.js";
import type { Unpacking } from "../state/unpacking.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { addRunning } from "./add-running.js";
import { inOrder, linkOrphansToContainers, resourceOfHistory } from "./history.js";
import { isRemoteNodeConnection, OnFail } from "./on-fail.js";
import { Reading, readOperation } from "./operation-results.js";
import { targetRole } from "./resource-properties.js";

/** Reads what one node remembers of its resources. */
export function readHistories(unpacking: Unpacking, node: Node, nodeState: NodeState): void {
  for (const history of nodeState.resources.values()) readHistory(unpacking, node, history);
  linkOrphansToContainers(unpacking, nodeState.resources.values());
}

function readHistory(unpacking: Unpacking, node: Node, history: ResourceHistory): void {
  const { state } = unpacking;
  if (history.operations.length === 0 && history.shutdownLock === undefined) return;
  const resource = resourceOfHistory(unpacking, node, history);
  if (history.shutdownLock !== undefined) readLock(unpacking, node, resource, history.shutdownLock);
  if (history.operations.length === 0) return;
  const operations = inOrder(history.operations);
  state.histories.push({ node, resource, history, operations });
  const savedRole = resource.role;
  resource.role = Role.Unknown;
  const reading = new Reading();
  for (const op of operations) readOperation(unpacking, resource, node, op, reading);
  settle(unpacking, resource, node, reading.onFail);
  const wanted = targetRole(resource);
  if (wanted !== Role.Unknown && (resource.nextRole === Role.Unknown || wanted < resource.nextRole)) {
    resource.nextRole = wanted;
  }
  if (savedRole > resource.role) resource.role = savedRole;
}

function readLock(unpacking: Unpacking, node: Node, resource: Resource, since: number): void {
  const { options, nowEpochSeconds } = unpacking.state;
  if (!options.shutdownLock) return;
  const limit = Math.floor(options.shutdownLockLimitMs / 1000);
  if (limit > 0 && nowEpochSeconds > since + limit) {
    unpacking.state.forgets.push({ resource, node });
    return;
  }
  resource.lockNode = node;
  resource.lockTime = since;
}

/** What a node's history as a whole means: known there, active there, and what its failures ask for. */
function settle(unpacking: Unpacking, resource: Resource, node: Node, failure: OnFail): void {
  if (resource.role !== Role.Unknown) markKnown(resource, node);
  if (resource.role > Role.Stopped && !node.online && !node.maintenance && resource.is(F.Managed)) {
    fenceForActive(unpacking, resource, node);
  }
  let onFail: OnFail = failure;
  if (node.unclean) onFail = OnFail.Ignore;
  applyFailure(unpacking, resource, node, onFail);
  if (resource.is(F.Failed) && resource.remoteNode) {
    if (resource.remoteNode.unclean) resource.remoteNode.unseen = false;
  }
  if (resource.role !== Role.Stopped && resource.role !== Role.Unknown) {
    addRunning(resource, node);
    if (onFail === OnFail.Demote || onFail === OnFail.Block) resource.set(F.Failed);
    else if (onFail !== OnFail.Ignore) resource.set(F.Failed | F.StopIfFail);
  } else if (resource.historyName.includes(":") && !resource.is(F.Unique)) {
    resource.historyName = resource.id.slice(0, resource.id.lastIndexOf(":"));
    resource.seenName = undefined;
  }
  if (
    resource.role === Role.Stopped &&
    resource.partialSource === node &&
    resource.partialTarget &&
    resource.runningOn.length > 0
  ) {
    resource.role = Role.Started;
  }
}

function markKnown(resource: Resource, node: Node): void {
  for (let r: Resource | undefined = resource; r; r = r.parent) {
    r.known[node.index] = 1;
    if (r.is(F.Unique)) break;
  }
}

function fenceForActive(unpacking: Unpacking, resource: Resource, node: Node): void {
  const { stonithEnabled } = unpacking.state.options;
  let reason = `${resource.id} is thought to be active there`;
  if (node.isGuest) resource.set(F.Failed | F.StopIfFail);
  else if (!stonithEnabled) return;
  else if (node.kind === "remote" && node.connection && !node.connection.is(F.Failed)) {
    node.unseen = true;
    reason = `${resource.id} is active there (fencing will be revoked if remote connection can be re-established elsewhere)`;
  }
  fence(unpacking, node, reason);
}

/** Marks a node as to be fenced; a guest by failing its container. */
export function fence(unpacking: Unpacking, node: Node, reason: string): void {
  if (node.isGuest) {
    const container = node.connection?.container;
    if (container && !container.is(F.Failed)) {
      if (!container.is(F.Managed)) return;
      node.requiresReset = true;
      container.set(F.Failed | F.StopIfFail);
    }
    return;
  }
  const { fencingsNeeded } = unpacking.state;
  if (!fencingsNeeded.includes(node)) fencingsNeeded.push(node);
  node.unclean = true;
  node.fenceReason ??= reason;
}

function applyFailure(unpacking: Unpacking, resource: Resource, node: Node, onFail: OnFail): void {
  const active = resource.role !== Role.Stopped && resource.role !== Role.Unknown;
  switch (onFail) {
    case OnFail.Ignore:
      break;
    case OnFail.Demote:
      resource.set(F.Failed);
      unpacking.state.recoveries.push({ resource, node, task: Task.Demote, optional: false });
      break;
    case OnFail.ResetRemote:
      resetRemote(unpacking, resource);
      break;
    case OnFail.Fence:
      fence(unpacking, node, `${resource.id} failed there`);
      break;
    case OnFail.Standby:
      node.standby = true;
      node.standbyOnFail = true;
      break;
    case OnFail.Block:
      resource.clear(F.Managed);
      resource.set(F.Blocked);
      break;
    case OnFail.Migrate:
      resource.ban(node);
      break;
    case OnFail.Stop:
      resource.nextRole = Role.Stopped;
      resource.nextRoleReason = "on-fail=stop";
      break;
    case OnFail.Recover:
      if (!active) break;
      resource.set(F.Failed | F.StopIfFail);
      unpacking.state.recoveries.push({ resource, node, task: Task.Stop, optional: true });
      // A stop that is asked for where nothing can be done.
      if (!node.online && resource.is(F.Managed) && (!node.isGuest || node.requiresReset)) {
        fence(unpacking, node, "stop is unrunnable");
      }
      break;
    case OnFail.RestartContainer:
      resource.set(F.Failed | F.StopIfFail);
      if (!resource.container) break;
      // What is in a bundle may have failed elsewhere than where the container is.
      if (resource.replica) unpacking.stopNeeded.push(resource.container);
      else unpacking.state.recoveries.push({ resource: resource.container, node, task: Task.Stop, optional: false });
      break;
  }
}

function resetRemote(unpacking: Unpacking, resource: Resource): void {
  resource.set(F.Failed | F.StopIfFail);
  const node = resource.remoteNode;
  if (unpacking.state.options.stonithEnabled && node && isRemoteNodeConnection(resource) && !node.remoteWasFenced) {
    fence(unpacking, node, "remote connection is unrecoverable");
  }
  if (resource.remoteReconnectMs > 0) {
    resource.nextRole = Role.Stopped;
    resource.nextRoleReason = "remote reset";
  }
}
