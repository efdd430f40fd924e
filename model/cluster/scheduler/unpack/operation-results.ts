import type { OperationHistory } from "../../cib/types.js";
import { canFence } from "../state/can-fence.js";
import type { Unpacking } from "../state/unpacking.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { isExpired } from "./failure-expiry.js";
import { migrateFromFailed, migrateToFailed, migrateToSucceeded } from "./migration-history.js";
import { type FailurePolicy, failurePolicy, OnFail } from "./on-fail.js";
import { effectiveRc, isProbe, OpStatus, Rc, targetRc } from "./result-codes.js";

/** What the operations read so far say of one resource on one node. */
export class Reading {
  onFail: OnFail = OnFail.Ignore;
  lastFailure: OperationHistory | undefined = undefined;
}

/** The node lacks something that the operation needs. */
const CANNOT_RUN_HERE: ReadonlySet<number> = new Set([
  OpStatus.NotInstalled,
  OpStatus.NoFenceDevice,
  OpStatus.NoSecrets,
]);

/** Takes one operation's result into the resource's role, failures and pending tasks. */
export function readOperation(
  unpacking: Unpacking,
  resource: Resource,
  node: Node,
  op: OperationHistory,
  reading: Reading,
): void {
  if (op.operation === "" || op.operation === "notify" || op.operation === "meta-data") return;
  let status = op.opStatus;
  if (status < OpStatus.Pending || status > OpStatus.NoSecrets) return;
  const operation = op.operation;
  if (CANNOT_RUN_HERE.has(status)) status = OpStatus.ErrorHard;
  const expected = targetRc(op);
  const rc = effectiveRc(op);
  const expired = isExpired(unpacking, resource, node, op, rc);
  const remapped = remap(unpacking, resource, node, op, status, rc, expected, expired, reading);
  status = remapped;

  if (expired && rc !== expected) {
    if (op.intervalMs === 0) return;
    if (node.online && !node.unclean) {
      unpacking.state.rescheduled.push({ resource, node, operation: op });
      return;
    }
  }
  if (isMaskedProbe(op)) {
    // It cannot run here, which is no failure of its own.
    resource.role = Role.Stopped;
    remember(unpacking, resource, node, op);
    banForHardError(resource, [node]);
    return;
  }
  switch (status) {
    case OpStatus.Cancelled:
      return;
    case OpStatus.Pending:
      readPending(unpacking, resource, node, op);
      return;
    case OpStatus.Done:
      readSuccess(unpacking, resource, node, op, rc, reading);
      return;
    default:
      break;
  }
  if (op.opStatus === OpStatus.NotConnected) failConnection(node);
  const policy = failurePolicy(unpacking, resource, operation, op.intervalMs);
  const ignored =
    policy.onFail === OnFail.Ignore || (policy.onFail === OnFail.RestartContainer && operation === "stop");
  if (ignored && op.opStatus !== OpStatus.NotInstalled) {
    // As if it had done what it was to do.
    readSuccess(unpacking, resource, node, op, expected, reading);
    resource.set(F.FailureIgnored);
    remember(unpacking, resource, node, op);
    if (policy.onFail === OnFail.RestartContainer && reading.onFail <= OnFail.Recover) reading.onFail = policy.onFail;
    return;
  }
  readFailure(unpacking, resource, node, op, rc, policy, reading);
  if (status === OpStatus.ErrorHard) banForHardError(resource, [node]);
  else if (status === OpStatus.ErrorFatal) banForHardError(resource, unpacking.state.nodes);
}

/** A probe that could find nothing because the node lacks what the resource needs. */
export function isMaskedProbe(op: OperationHistory): boolean {
  if (!isProbe(op)) return false;
  return op.rcCode === Rc.NotInstalled || op.rcCode === Rc.InvalidParam || op.opStatus === OpStatus.NotInstalled;
}

/** A node that cannot be reached by its connection has a connection that failed, whatever that itself says. */
function failConnection(node: Node): void {
  const connection = node.connection;
  if (node.isRemote && connection?.is(F.Managed)) connection.set(F.Failed | F.StopIfFail);
}

/**
 * The status that a result amounts to, given what was expected. May set the role where the exit code says it. Exit codes
 * count only where the agent came to its end: what timed out, say, has failed whatever it would have said.
 */
function remap(
  unpacking: Unpacking,
  resource: Resource,
  node: Node,
  op: OperationHistory,
  written: number,
  rc: number,
  expected: number,
  expired: boolean,
  reading: Reading,
): number {
  if (written !== OpStatus.Done && written !== OpStatus.Error) return written;
  let status: number = written;
  if (rc !== op.rcCode && !(node.shutdown && !node.online)) remember(unpacking, resource, node, op);
  if (expected < 0) {
    // Too old to say what was expected: any other than success is a failure, by the rules below.
  } else if (expected === rc) {
    status = OpStatus.Done;
  } else {
    if (status === OpStatus.Done) status = OpStatus.Error;
  }
  const probe = isProbe(op);
  switch (rc) {
    case Rc.Ok:
      if (probe && expected === Rc.NotRunning) status = OpStatus.Done;
      break;
    case Rc.NotRunning:
      if (probe || expected === rc || !resource.is(F.Managed)) {
        status = OpStatus.Done;
        resource.role = Role.Stopped;
        // What is known to be stopped has no failure to recover from.
        reading.onFail = OnFail.Ignore;
        resource.nextRole = Role.Unknown;
      }
      break;
    case Rc.RunningPromoted:
      if (probe && rc !== expected) status = OpStatus.Done;
      if (!expired) resource.role = Role.Promoted;
      break;
    case Rc.FailedPromoted:
    case Rc.DegradedPromoted:
      if (!expired) resource.role = Role.Promoted;
      status = OpStatus.Error;
      break;
    case Rc.NotConfigured:
      status = OpStatus.ErrorFatal;
      break;
    case Rc.Unimplemented:
      status = op.intervalMs > 0 ? OpStatus.NotSupported : OpStatus.ErrorHard;
      break;
    case Rc.NotInstalled:
    case Rc.InvalidParam:
    case Rc.InsufficientPrivileges:
      // A stop that failed for such a reason leaves it running; where nothing can fence, all that is left is to block.
      if (op.operation === "stop" && !canFence(unpacking.state, node)) {
        resource.clear(F.Managed);
        resource.set(F.Blocked);
      }
      status = OpStatus.ErrorHard;
      break;
    default:
      // An exit code without a meaning of its own is a failure even where it was expected.
      if (status === OpStatus.Done) status = OpStatus.Error;
  }
  return status;
}

function readPending(_unpacking: Unpacking, resource: Resource, node: Node, op: OperationHistory): void {
  if (op.operation === "start") {
    resource.set(F.StartPending);
    setActive(resource);
  } else if (op.operation === "promote") {
    resource.role = Role.Promoted;
  } else if (op.operation === "migrate_to" && node.unclean) {
    // A migration away from a lost node must be undone where it was going to.
    const target = op.migrateTarget === undefined ? undefined : _unpacking.state.nodesByName.get(op.migrateTarget);
    if (target) resource.danglingMigrations = resource.danglingMigrations.filter((n) => n !== target).concat(target);
  }
  if (resource.pendingTask !== undefined) return;
  if (op.operation !== "monitor" || op.intervalMs > 0) {
    resource.pendingTask = op.operation;
    resource.pendingNode = node;
  }
}

/** An active resource without a better known role. */
export function setActive(resource: Resource): void {
  resource.role = resource.top.is(F.Promotable) ? Role.Unpromoted : Role.Started;
}

function readSuccess(
  unpacking: Unpacking,
  resource: Resource,
  node: Node,
  op: OperationHistory,
  rc: number,
  reading: Reading,
): void {
  let clears = false;
  if (rc === Rc.NotRunning) clears = true;
  else if (rc !== Rc.Ok && rc !== Rc.RunningPromoted) {
    // An exit code that was expected, but says nothing of the role.
  }
  if (rc === Rc.NotRunning) {
    // The role was set already.
  } else {
    switch (op.operation) {
      case "monitor": {
        const failed = reading.lastFailure;
        if (failed && failed.operationKey === op.operationKey) clears = true;
        if (resource.role < Role.Started) setActive(resource);
        break;
      }
      case "start":
        resource.role = Role.Started;
        clears = true;
        break;
      case "stop":
        resource.role = Role.Stopped;
        clears = true;
        break;
      case "promote":
        resource.role = Role.Promoted;
        clears = true;
        break;
      case "demote":
        // Being unpromoted mends only a failure that asked for that.
        clears = reading.onFail === OnFail.Demote;
        resource.role = Role.Unpromoted;
        break;
      case "migrate_from":
        resource.role = Role.Started;
        clears = true;
        break;
      case "migrate_to":
        migrateToSucceeded(unpacking, resource, node, op);
        break;
      default:
        if (resource.role < Role.Started) setActive(resource);
    }
  }
  if (clears) clearFailure(resource, reading);
}

/** A success of the right kind ends what an earlier failure asked for, unless only the administrator may end it. */
function clearFailure(resource: Resource, reading: Reading): void {
  switch (reading.onFail) {
    case OnFail.Stop:
    case OnFail.Fence:
    case OnFail.Migrate:
    case OnFail.Standby:
      return;
    case OnFail.ResetRemote:
      // With a reconnect interval the failure must first expire.
      if (resource.remoteReconnectMs > 0) return;
      break;
    default:
      break;
  }
  reading.onFail = OnFail.Ignore;
  resource.nextRole = Role.Unknown;
}

/** Remembers a failure for the list of failed actions. */
function remember(unpacking: Unpacking, resource: Resource, node: Node, op: OperationHistory): void {
  if (!node.online) return;
  unpacking.state.failedOperations.push({ node, resource, operation: op, resourceId: resource.historyName });
}

function readFailure(
  unpacking: Unpacking,
  resource: Resource,
  node: Node,
  op: OperationHistory,
  rc: number,
  policy: FailurePolicy,
  reading: Reading,
): void {
  reading.lastFailure = op;
  remember(unpacking, resource, node, op);
  if (reading.onFail < policy.onFail) reading.onFail = policy.onFail;
  switch (op.operation) {
    case "stop":
      resource.ban(node);
      break;
    case "migrate_to":
      migrateToFailed(unpacking, resource, node, op);
      break;
    case "migrate_from":
      migrateFromFailed(unpacking, resource, node, op);
      break;
    case "promote":
      resource.role = Role.Promoted;
      break;
    case "demote":
      if (policy.onFail === OnFail.Block) {
        resource.role = Role.Promoted;
        resource.nextRole = Role.Stopped;
        resource.nextRoleReason = "demote with on-fail=block";
      } else if (rc === Rc.NotRunning) resource.role = Role.Stopped;
      else resource.role = Role.Unpromoted;
      break;
    default:
      break;
  }
  if (resource.role < Role.Started) setActive(resource);
  if (policy.role !== Role.Started && resource.nextRole < policy.role) {
    resource.nextRole = policy.role;
    resource.nextRoleReason = "failure";
  }
  if (policy.role === Role.Stopped) banEverywhere(unpacking, resource);
}

/** What a failure is to leave stopped comes up nowhere; of instances that are all the same, none does. */
function banEverywhere(unpacking: Unpacking, resource: Resource): void {
  const stopped = anonymousTop(resource) ?? resource;
  for (const node of unpacking.state.nodes) stopped.ban(node);
}

/** Errors that another try cannot mend forbid the node (or all): to every instance where they are all the same. */
function banForHardError(resource: Resource, nodes: readonly Node[]): void {
  const ban = (r: Resource): void => {
    for (const node of nodes) {
      r.ban(node);
    }
    for (const c of r.children) ban(c);
  };
  ban(resource.is(F.Unique) ? resource : (anonymousTop(resource) ?? resource));
}

function anonymousTop(resource: Resource): Resource | undefined {
  const clone = resource.enclosingClone;
  return clone?.is(F.Unique) ? undefined : clone;
}
