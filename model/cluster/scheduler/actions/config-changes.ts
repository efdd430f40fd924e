import type { OperationHistory } from "../../cib/types.js";
import { orderActionThenTask } from "../constraints/orderings.js";
import { A, findAction, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { isAvailable } from "../state/resource-state.js";
import type { ResourceOnNode } from "../state/state.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource } from "../state/working.js";
import { failCount } from "../unpack/fail-counts.js";
import { isRecurringConfigured } from "../unpack/operations.js";
import { clearFailCount } from "./clear-failcount.js";
import { digestChange } from "./digests.js";
import { isReachedAtHost } from "./parameters.js";
import { deleteFrom } from "./primitive-actions.js";
import { cancelOperation } from "./recurring.js";
import { unfence } from "./unfencing.js";

const REASON = "resource definition change";

/** Notes which recurring operations stand on the nodes. */
export function noteRecurring(plan: Plan): void {
  for (const { node, resource, operations } of plan.state.histories) {
    if (resource.variant !== "primitive" || !node.online) continue;
    const { start, stop } = activeSince(operations);
    for (let i = 0; i < operations.length; i++) {
      const op = operations[i]!;
      if (op.intervalMs === 0 || op.opStatus === -1) continue;
      if (start < stop && i <= stop) continue;
      if (i < start) continue;
      plan.action(resource, Task.Monitor, node, true, op.intervalMs);
    }
  }
  // Those whose failure has expired run again, unless their end is planned.
  for (const { resource, node, operation } of plan.state.rescheduled) {
    const action = findAction(resource, Task.Monitor, operation.intervalMs, node);
    if (action && stands(plan, resource, node, operation)) action.clear(A.Optional);
  }
}

/** Whether an operation belongs to the resource's present run, not to one before its last start. */
function stands(plan: Plan, resource: Resource, node: Node, op: OperationHistory): boolean {
  const entry = plan.state.histories.find((h) => h.resource === resource && h.node === node);
  return entry !== undefined && entry.operations.indexOf(op) >= activeSince(entry.operations).start;
}

/**
 * Holds what each node remembers of each resource against the configuration: recurring operations that are no longer
 * wanted, agents and parameters that changed since the resource was started, and what is no longer configured at all.
 */
export function handleConfigurationChanges(plan: Plan): void {
  const byName = resourcesByName(plan);
  for (const entry of plan.state.histories) {
    // A node that runs nothing anyway is not worth the look, but for the monitors that maintenance ends.
    if (!entry.node.maintenance && !isAvailable(entry.node)) continue;
    for (const resource of byName.get(entry.history.id) ?? []) check(plan, entry, resource);
  }
}

/** Primitives by their own ids and by the names that histories know them by: several instances may share one. */
function resourcesByName(plan: Plan): Map<string, Resource[]> {
  const byName = new Map<string, Resource[]>();
  const add = (name: string, resource: Resource): void => {
    const list = byName.get(name);
    if (list) list.push(resource);
    else byName.set(name, [resource]);
  };
  for (const resource of plan.state.allResources) {
    if (resource.variant !== "primitive") continue;
    add(resource.id, resource);
    if (resource.historyName !== resource.id) add(resource.historyName, resource);
  }
  return byName;
}

function check(plan: Plan, entry: ResourceOnNode, resource: Resource): void {
  const { node, history } = entry;
  if (resource.is(F.Orphan)) {
    if (!isAnonymousInstance(resource)) deleteFrom(plan, resource, node, false);
    return;
  }
  const changed =
    history.class !== resource.agentClass ||
    (history.provider ?? "") !== (resource.agentProvider ?? "") ||
    history.type !== resource.agentType;
  if (!resource.runningOn.includes(node)) {
    if (changed) deleteFrom(plan, resource, node, false);
    return;
  }
  if (changed) {
    plan.action(resource, Task.Stop, node, false);
    resource.set(F.StartPending);
    deleteFrom(plan, resource, node, false);
  }
  if (!isReachedAtHost(resource)) checkOperations(plan, entry, resource);
}

/** Of connections that are reached at their container's host, once it is known where the containers go. */
export function handleChangesOfAddress(plan: Plan): void {
  for (const entry of plan.state.histories) {
    const { resource, node } = entry;
    if (!isReachedAtHost(resource) || !resource.runningOn.includes(node)) continue;
    if (node.maintenance || isAvailable(node)) checkOperations(plan, entry, resource);
  }
}

/** Holds the operations since the last start against how they would run today. */
function checkOperations(plan: Plan, { node, operations }: ResourceOnNode, resource: Resource): void {
  const { start, stop } = activeSince(operations);
  for (let i = 0; i < operations.length; i++) {
    if (start < stop || i < start) continue;
    const op = operations[i]!;
    if (op.intervalMs > 0 && (resource.is(F.Maintenance) || node.maintenance)) {
      cancel(plan, resource, node, op);
    } else if (op.intervalMs > 0 || isChecked(op.operation)) {
      if (configurationChanged(plan, resource, node, op) && failCount(plan.state, resource, node).count > 0) {
        clearFailCount(plan, resource, node, "action definition changed");
      }
    }
  }
}

function isAnonymousInstance(resource: Resource): boolean {
  return resource.top.isCollective && !resource.top.is(F.Unique);
}

function isChecked(operation: string): boolean {
  return operation === "monitor" || operation === "start" || operation === "promote" || operation === "migrate_from";
}

/** The positions of the last start and stop: what comes before them says nothing of the present. */
function activeSince(operations: readonly OperationHistory[]): { start: number; stop: number } {
  let start = -1;
  let stop = -1;
  let byMonitor = -1;
  let byRole = -1;
  for (let i = 0; i < operations.length; i++) {
    const op = operations[i]!;
    if (op.operation === "stop" && op.opStatus === 0) stop = i;
    else if (op.operation === "start" || op.operation === "migrate_from") start = i;
    else if (byMonitor <= stop && op.operation === "monitor") {
      if (op.rcCode === 0 || op.rcCode === 190) byMonitor = i;
    } else if (op.operation === "promote" || op.operation === "demote") byRole = i;
  }
  if (start === -1) start = byRole !== -1 ? byRole : byMonitor;
  return { start, stop };
}

function cancel(plan: Plan, resource: Resource, node: Node, op: OperationHistory): void {
  const action = cancelOperation(plan, resource, op.intervalMs, node, op.operation);
  plan.orderings.push({
    firstResource: resource,
    firstTask: Task.Stop,
    firstAction: undefined,
    thenResource: resource,
    thenTask: Task.None,
    thenAction: action,
    flags: O.Optional,
  });
}

/** Whether an operation would run otherwise today; plans what follows from that. */
function configurationChanged(plan: Plan, resource: Resource, node: Node, op: OperationHistory): boolean {
  if (op.intervalMs > 0 && !isRecurringConfigured(resource, op.operation, op.intervalMs)) {
    if (!plan.options.stopOrphanActions) return false;
    cancel(plan, resource, node, op);
    return true;
  }
  // What failed so long ago runs again as it stands.
  if (plan.state.expiredOperations.has(op)) return false;
  switch (digestChange(plan, resource, node, op)) {
    case "restart":
      unfenceForDevice(plan, resource, node);
      restart(plan, resource);
      return true;
    // Parameters that nothing is known of count as changed.
    case "unknown":
    case "changed":
      if (op.intervalMs > 0) {
        plan.action(resource, Task.Monitor, node, true, op.intervalMs).set(A.Reschedule);
      } else if (op.opRestartDigest !== undefined) {
        if (resource.is(F.FenceDevice)) unfence(plan, node, "Device parameters changed (reload)");
        reload(plan, resource, node);
      } else {
        unfenceForDevice(plan, resource, node);
        restart(plan, resource);
      }
      return true;
    default:
      return false;
  }
}

/** A fence device that has other parameters now may have to turn the node on anew. */
function unfenceForDevice(plan: Plan, resource: Resource, node: Node): void {
  if (resource.is(F.FenceDevice)) unfence(plan, node, "Device parameters changed");
}

function restart(plan: Plan, resource: Resource): void {
  if (resource.is(F.Maintenance)) return;
  const start = plan.action(resource, Task.Start, undefined, false);
  start.reason ??= REASON;
}

function reload(plan: Plan, resource: Resource, node: Node): void {
  if (!resource.is(F.Managed) || resource.is(F.Failed) || resource.is(F.Blocked)) return;
  if (resource.is(F.StartPending)) {
    plan.action(resource, Task.Stop, node, false);
    return;
  }
  resource.set(F.Reload);
  const action = plan.action(resource, Task.Reload, node, false);
  action.reason ??= REASON;
  orderActionThenTask(plan, action, resource, Task.Stop, O.Optional | O.ThenCancelsFirst);
  orderActionThenTask(plan, action, resource, Task.Demote, O.Optional | O.ThenCancelsFirst);
}
