import type { OperationHistory } from "../../cib/types.js";
import type { Unpacking } from "../state/unpacking.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { addRunning } from "./add-running.js";
import { parseKey } from "./history.js";

/** Operations of a resource in a node's history, in any order. */
function operationsOn(unpacking: Unpacking, resource: Resource, nodeName: string): readonly OperationHistory[] {
  const node = unpacking.state.cib.status.nodes.get(nodeName);
  return node?.resources.get(resource.id)?.operations ?? [];
}

/** Whether one operation came after another: by call id on one node, by time across nodes. */
function isAfter(a: OperationHistory, b: OperationHistory, sameNodeOtherwise: boolean): boolean {
  const sameNode = a.onNode !== undefined && b.onNode !== undefined ? a.onNode === b.onNode : sameNodeOtherwise;
  if (a.callId === -1 && b.callId === -1) return false;
  if (sameNode && a.callId >= 0 && a.callId < b.callId) return false;
  if (sameNode && b.callId >= 0 && a.callId > b.callId) return true;
  if (a.callId >= 0 && b.callId >= 0) {
    const earlier = b.lastRcChange ?? -1;
    return earlier >= 0 && (a.lastRcChange ?? -1) > earlier;
  }
  const x = parseKey(a.transitionMagic);
  const y = parseKey(b.transitionMagic);
  if (!x || !y) return false;
  // Of two transitions of different controllers, what is still pending is the newer.
  if (x.uuid !== y.uuid || x.transition === y.transition) return a.callId === -1;
  return x.transition > y.transition;
}

/** Whether a start, stop, promotion or migration followed on a node. */
function changedAfter(
  unpacking: Unpacking,
  resource: Resource,
  nodeName: string,
  op: OperationHistory,
  sameNode: boolean,
): boolean {
  for (const o of operationsOn(unpacking, resource, nodeName)) {
    if (o === op || !CHANGES.has(o.operation)) continue;
    if (isAfter(o, op, sameNode)) return true;
  }
  return false;
}

const CHANGES: ReadonlySet<string> = new Set(["start", "stop", "promote", "demote", "migrate_to", "migrate_from"]);

/** Whether a monitor that followed found it not running there. */
function foundStoppedAfter(
  unpacking: Unpacking,
  resource: Resource,
  nodeName: string,
  op: OperationHistory,
  sameNode: boolean,
): boolean {
  return operationsOn(unpacking, resource, nodeName).some(
    (o) => o.operation === "monitor" && o.rcCode === 7 && o.opStatus === 0 && isAfter(o, op, sameNode),
  );
}

/** Whether a node's history says more of the resource than the two halves of a migration do. */
function newerState(
  unpacking: Unpacking,
  resource: Resource,
  nodeName: string,
  migrateTo: OperationHistory | undefined,
  migrateFrom: OperationHistory | undefined,
  atTarget: boolean,
): boolean {
  // Compare with the half that happened on that very node, where it is there: call ids tell more than times.
  const own = atTarget ? migrateFrom : migrateTo;
  const reference = own ?? migrateFrom ?? migrateTo;
  if (!reference) return false;
  const sameNode = own !== undefined;
  return (
    changedAfter(unpacking, resource, nodeName, reference, sameNode) ||
    foundStoppedAfter(unpacking, resource, nodeName, reference, sameNode)
  );
}

/** The `migrate_from` on a target, or `migrate_to` on a source, that belongs to the other end; `done`: only if it worked. */
function otherHalf(
  unpacking: Unpacking,
  resource: Resource,
  operation: "migrate_from" | "migrate_to",
  nodeName: string,
  otherName: string,
  done: boolean,
): OperationHistory | undefined {
  return operationsOn(unpacking, resource, nodeName).find(
    (o) =>
      o.operation === operation &&
      (operation === "migrate_from" ? o.migrateSource : o.migrateTarget) === otherName &&
      (!done || (o.rcCode === 0 && o.opStatus === 0)),
  );
}

function isUnknownOn(unpacking: Unpacking, resource: Resource, nodeName: string): boolean {
  return !operationsOn(unpacking, resource, nodeName).some((o) => o.rcCode !== 193);
}

function onlineNode(unpacking: Unpacking, name: string): Node | undefined {
  const node = unpacking.state.nodesByName.get(name);
  return node?.online ? node : undefined;
}

/** A migration that cannot be made whole forces a stop and start. */
function forceRestart(resource: Resource): void {
  resource.set(F.Failed | F.StopIfFail);
  resource.clear(F.AllowMigrate);
}

/**
 * A migration counts only where its ends are told, and one of them is the node that remembers it.
 *
 * The source has let go. Without a migrate_from the migration is partial; with one but without a stop on the source it
 * dangles. Either node's history may have been cleaned or moved on since.
 */
export function migrateToSucceeded(unpacking: Unpacking, resource: Resource, node: Node, op: OperationHistory): void {
  const source = op.migrateSource;
  const target = op.migrateTarget;
  if (source !== node.name || target === undefined) return;
  const sourceChanged = changedAfter(unpacking, resource, source, op, true);
  const from = otherHalf(unpacking, resource, "migrate_from", target, source, false);
  if (from && sourceChanged) return;
  const targetNewer = newerState(unpacking, resource, target, op, from, true);
  if (sourceChanged && targetNewer) return;
  if (from && from.rcCode === 0 && from.opStatus === 0) {
    resource.role = Role.Stopped;
    resource.danglingMigrations.unshift(node);
    return;
  }
  resource.role = Role.Started;
  const online = onlineNode(unpacking, target);
  const activeThere = targetNewer ? undefined : online;
  if (from && from.opStatus !== -1) {
    if (activeThere) addRunning(resource, activeThere);
    else forceRestart(resource);
    return;
  }
  // A target that knows nothing was cleaned: a probe will tell.
  if (online && isUnknownOn(unpacking, resource, target)) return;
  if (activeThere) {
    addRunning(resource, activeThere);
    const sourceNode = onlineNode(unpacking, source);
    if (sourceNode) {
      resource.partialTarget = activeThere;
      resource.partialSource = sourceNode;
    }
  } else if (!sourceChanged) {
    forceRestart(resource);
  }
}

/** The source did not let go: it has it still, and the target may have taken part of it. */
export function migrateToFailed(unpacking: Unpacking, resource: Resource, node: Node, op: OperationHistory): void {
  const source = op.migrateSource;
  const target = op.migrateTarget;
  if (source !== node.name || target === undefined) return;
  resource.role = Role.Started;
  const from = otherHalf(unpacking, resource, "migrate_from", target, source, true);
  if (!isUnknownOn(unpacking, resource, target) && !newerState(unpacking, resource, target, op, from, true)) {
    const online = onlineNode(unpacking, target);
    if (online) addRunning(resource, online);
  } else if (!changedAfter(unpacking, resource, source, op, true)) {
    resource.danglingMigrations.unshift(node);
  }
}

/** The target did not take it: the source may have it still. */
export function migrateFromFailed(unpacking: Unpacking, resource: Resource, node: Node, op: OperationHistory): void {
  const source = op.migrateSource;
  const target = op.migrateTarget;
  if (source === undefined || target !== node.name) return;
  resource.role = Role.Started;
  const to = otherHalf(unpacking, resource, "migrate_to", source, target, true);
  if (!isUnknownOn(unpacking, resource, source) && !newerState(unpacking, resource, source, to, op, false)) {
    const online = onlineNode(unpacking, source);
    if (online) addRunning(resource, online);
  }
}
