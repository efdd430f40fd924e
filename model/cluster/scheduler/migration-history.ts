import type { OperationHistory } from "../cib/types.js";
import { addRunning } from "./add-running.js";
import { compareOperations } from "./history.js";
import type { Unpacking } from "./unpacking.js";
import { F, type Node, type Resource, Role } from "./working.js";

/** Operations of a resource in a node's history, in any order. */
function operationsOn(unpacking: Unpacking, resource: Resource, nodeName: string): readonly OperationHistory[] {
  const node = unpacking.state.cib.status.nodes.get(nodeName);
  return (node?.resources.get(resource.historyName) ?? node?.resources.get(resource.id))?.operations ?? [];
}

/** The last operation of a kind on a node, of a migration from there or to there where that is asked. */
function findOperation(
  unpacking: Unpacking,
  resource: Resource,
  operation: string,
  nodeName: string,
  more: { source?: string; target?: string } = {},
): OperationHistory | undefined {
  let last: OperationHistory | undefined;
  for (const op of operationsOn(unpacking, resource, nodeName)) {
    if (op.operation !== operation) continue;
    if (more.source !== undefined && op.migrateSource !== more.source) continue;
    if (more.target !== undefined && op.migrateTarget !== more.target) continue;
    if (!last || compareOperations(last, op) <= 0) last = op;
  }
  return last;
}

/** Whether an operation came after another: by call id on one node, by time across nodes. */
function isAfter(op: OperationHistory, other: OperationHistory, sameNode: boolean): boolean {
  if (sameNode) return compareOperations(op, other) > 0;
  return (op.lastRcChange ?? 0) > (other.lastRcChange ?? 0);
}

/** Whether a start, stop or migration followed on that node. */
function changedAfter(
  unpacking: Unpacking,
  resource: Resource,
  nodeName: string,
  op: OperationHistory,
  sameNode: boolean,
): boolean {
  return operationsOn(unpacking, resource, nodeName).some(
    (o) =>
      o !== op &&
      (o.operation === "start" ||
        o.operation === "stop" ||
        o.operation === "migrate_to" ||
        o.operation === "migrate_from") &&
      isAfter(o, op, sameNode),
  );
}

/** Whether a monitor that followed found it not running there. */
function foundStoppedAfter(
  unpacking: Unpacking,
  resource: Resource,
  nodeName: string,
  op: OperationHistory,
  sameNode: boolean,
): boolean {
  return operationsOn(unpacking, resource, nodeName).some(
    (o) => o.operation === "monitor" && o.rcCode === 7 && isAfter(o, op, sameNode),
  );
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
 * The source has let go. Whether the target has it, is taking it, or lost it, is for the target's history to say; what
 * is known afterwards is that the resource may be active on one or both.
 */
export function migrateToSucceeded(unpacking: Unpacking, resource: Resource, node: Node, op: OperationHistory): void {
  const source = op.migrateSource ?? node.name;
  const target = op.migrateTarget;
  if (target === undefined) return;
  const fromThere = findOperation(unpacking, resource, "migrate_from", target, { source });
  const targetChanged = changedAfter(unpacking, resource, target, op, false);
  if (changedAfter(unpacking, resource, source, op, true) || foundStoppedAfter(unpacking, resource, source, op, true))
    return;
  if (fromThere === undefined && (targetChanged || foundStoppedAfter(unpacking, resource, target, op, false))) {
    // The target's later history decides; the source has nothing.
    resource.role = Role.Stopped;
    if (!targetChanged) return;
    return;
  }
  resource.role = Role.Started;
  if (fromThere) {
    if (fromThere.opStatus === 0 && fromThere.rcCode === 0) {
      // Only the stop on the source is missing.
      resource.role = Role.Stopped;
      resource.danglingMigrations.unshift(node);
      return;
    }
    if (fromThere.opStatus !== -1) {
      const targetNode = onlineNode(unpacking, target);
      if (targetNode) addRunning(resource, targetNode);
      else forceRestart(resource);
      return;
    }
  }
  const targetNode = onlineNode(unpacking, target);
  const sourceNode = onlineNode(unpacking, source);
  if (targetNode) {
    addRunning(resource, targetNode);
    if (sourceNode) {
      resource.partialTarget = targetNode;
      resource.partialSource = sourceNode;
    }
  } else {
    forceRestart(resource);
  }
}

/** The source did not let go: it has it still, and the target may have taken part of it. */
export function migrateToFailed(unpacking: Unpacking, resource: Resource, op: OperationHistory): void {
  const source = op.migrateSource;
  const target = op.migrateTarget;
  resource.role = Role.Started;
  if (source === undefined || target === undefined) return;
  if (
    !changedAfter(unpacking, resource, target, op, false) &&
    !foundStoppedAfter(unpacking, resource, target, op, false)
  ) {
    const targetNode = onlineNode(unpacking, target);
    if (targetNode) addRunning(resource, targetNode);
  } else if (!findOperation(unpacking, resource, "migrate_from", target, { source })) {
    const sourceNode = unpacking.state.nodesByName.get(source);
    if (sourceNode) resource.danglingMigrations.unshift(sourceNode);
  }
}

/** The target did not take it: the source may have it still. */
export function migrateFromFailed(unpacking: Unpacking, resource: Resource, op: OperationHistory): void {
  const source = op.migrateSource;
  const target = op.migrateTarget;
  resource.role = Role.Started;
  if (source === undefined || target === undefined) return;
  const stoppedThere =
    changedAfter(unpacking, resource, source, op, false) || foundStoppedAfter(unpacking, resource, source, op, false);
  const migrateTo = findOperation(unpacking, resource, "migrate_to", source, { target });
  if (!stoppedThere || migrateTo === undefined) {
    const sourceNode = onlineNode(unpacking, source);
    if (sourceNode && !stoppedThere) addRunning(resource, sourceNode);
  }
}
