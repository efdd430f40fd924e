import { orderActionThenTask, orderTaskThenAction } from "../constraints/orderings.js";
import { A, type Action, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { currentNode } from "../state/resource-state.js";
import { Task } from "../state/tasks.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { isShutdownRequested } from "../unpack/node-status.js";
import { fenceNode } from "./fencing.js";

/** How a connection to a remote or guest node stands, as far as what runs there is concerned. */
export type ConnectionState = "unknown" | "alive" | "resting" | "failed" | "stopped";

export function connectionState(node: Node, connection: Resource): ConnectionState {
  const host = currentNode(connection);
  if (connection.nextRole === Role.Stopped || !connection.assignedTo) {
    if (host?.unclean) return "failed";
    if (!connection.is(F.Failed)) return "stopped";
    const waits = connection.nextRole === Role.Stopped && connection.remoteReconnectMs > 0;
    // Whether it can be reached again is not known before the reconnect interval is over.
    if (waits && node.remoteWasFenced && !isShutdownRequested(node)) return "unknown";
    return "failed";
  }
  if (!host) return "unknown";
  if (host.unclean || !host.online) return "resting";
  if (connection.runningOn.length > 1 && connection.partialSource && connection.partialTarget) return "resting";
  return "alive";
}

/** What happens on a remote or guest node happens while its connection is up. */
export function orderByConnections(plan: Plan): void {
  for (const action of plan.actions.slice()) {
    const resource = action.resource;
    if (!resource) continue;
    if (resource.remoteNode && action.task === Task.ClearFailcount) {
      orderActionThenTask(plan, action, resource, Task.Start, O.Optional);
      continue;
    }
    const node = action.node;
    const connection = node?.connection;
    if (!node?.isRemote || !connection || action.is(A.Pseudo)) continue;
    if (action.task === Task.Start) {
      // What moves here is left where it is, should the connection not come up.
      for (const stop of resource.actions) {
        if (stop.task === Task.Stop && stop.node !== node) {
          orderTaskThenAction(plan, connection, Task.Start, stop, O.Optional);
        }
      }
    }
    if (connection.container) orderInContainer(plan, action, node, connection, connection.container);
    else orderOnRemote(plan, action, node, connection);
  }
}

function startThen(plan: Plan, first: Resource, then: Action, more: number): void {
  orderTaskThenAction(plan, first, Task.Start, then, O.Preserve | O.RunnableLeft | more);
}

/** What cannot stop, being left alone, does not keep the connection from it. */
function thenStop(plan: Plan, first: Action, then: Resource, more: number): void {
  orderActionThenTask(plan, first, then, Task.Stop, O.Preserve | more);
}

function orderOnRemote(plan: Plan, action: Action, node: Node, connection: Resource): void {
  const state = connectionState(node, connection);
  switch (action.task) {
    case Task.Start:
    case Task.Promote:
      startThen(plan, connection, action, state === "failed" ? O.ImpliesThen : 0);
      break;
    case Task.Stop:
    case Task.MigrateTo:
    case Task.MigrateFrom:
      if (state === "alive") thenStop(plan, action, connection, O.ImpliesFirst);
      else if (state === "failed") {
        fenceNode(plan, node, "resources are active but connection is unrecoverable");
      } else if (connection.nextRole === Role.Stopped) thenStop(plan, action, connection, O.ImpliesFirst);
      else startThen(plan, connection, action, 0);
      break;
    case Task.Demote:
      if (state === "resting" || state === "unknown") startThen(plan, connection, action, 0);
      break;
    default:
      if (action.intervalMs > 0) {
        startThen(plan, connection, action, O.ImpliesThen);
        break;
      }
      if (action.task === Task.Monitor && state === "failed") {
        fenceNode(plan, node, "resources are in unknown state and connection is unrecoverable");
      }
      if (currentNode(connection) && state === "stopped") thenStop(plan, action, connection, 0);
      else startThen(plan, connection, action, 0);
  }
}

function orderInContainer(plan: Plan, action: Action, node: Node, connection: Resource, container: Resource): void {
  if (container.is(F.Failed)) fenceNode(plan, node, "container failed");
  switch (action.task) {
    case Task.Start:
    case Task.Promote:
      startThen(plan, container, action, O.ImpliesThen);
      startThen(plan, connection, action, 0);
      break;
    case Task.Stop:
    case Task.Demote:
      // Of a container that failed, the stop is implied by the container's.
      if (!container.is(F.Failed)) thenStop(plan, action, connection, 0);
      break;
    case Task.Cancel:
      // It may go over the old connection or the new one.
      break;
    default:
      startThen(plan, connection, action, action.intervalMs > 0 && action.task === Task.Monitor ? O.ImpliesThen : 0);
  }
}

/** The member that executes an action on a remote or guest node: where the connection is at that time. */
export function connectionHost(action: Action): Node | undefined {
  const node = action.node;
  const connection = node?.connection;
  if (!node?.isRemote || !connection || action.task === Task.Fence) return undefined;
  const began = currentNode(connection);
  const ended = connection.assignedTo;
  if (!began) return ended;
  if (!ended || ended === began) return began;
  const moving = !connection.container && connection.partialTarget !== undefined;
  const before =
    action.task === Task.Cancel ||
    action.task === Task.Stop ||
    action.task === Task.Demote ||
    action.task === Task.MigrateFrom ||
    action.task === Task.MigrateTo;
  return before && !moving ? began : ended;
}
