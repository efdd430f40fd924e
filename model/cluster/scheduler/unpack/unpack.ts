import { collectPairs } from "../../cib/nvpair-sets.js";
import type { Cib } from "../../cib/types.js";
import { child, element } from "../../cib/xml.js";
import { unpackConstraints } from "../constraints/constraints.js";
import { readOptions } from "../state/options.js";
import { ClusterState } from "../state/state.js";
import { Task } from "../state/tasks.js";
import { Unpacking } from "../state/unpacking.js";
import { parseBoolean } from "../state/values.js";
import { type Node, Role } from "../state/working.js";
import { unpackFencingLevels } from "./fencing-levels.js";
import { findNode, readRemoteRequests, readRemoteStatus, unpackNodeStates } from "./node-status.js";
import { unpackNodes } from "./nodes.js";
import { readHistories } from "./resource-status.js";
import { unpackResources } from "./resource-tree.js";
import { unpackTickets } from "./tickets.js";

/** Reads a CIB into the state that a decision works on. `nowEpochSeconds` is when rules and time-outs are asked. */
export function unpack(cib: Cib, nowEpochSeconds: number): ClusterState {
  const state = new ClusterState(cib, readOptions(readClusterOptions(cib, nowEpochSeconds)), nowEpochSeconds);
  state.haveQuorum = parseBoolean(cib.attrs["have-quorum"]) === true;
  // A watchdog fences its own node.
  state.haveFenceDevice = state.options.haveWatchdog;
  const unpacking = new Unpacking(state);
  unpackFencingLevels(unpacking);
  unpackNodes(unpacking);
  unpackResources(unpacking);
  unpackTickets(unpacking);
  unpackNodeStates(unpacking);
  unpackHistories(unpacking);
  unpackConstraints(unpacking);
  return state;
}

function readClusterOptions(cib: Cib, nowEpochSeconds: number): Map<string, string> {
  const all = new Map<string, string>();
  const section = child(cib.configuration, "crm_config");
  collectPairs(
    section ?? element("crm_config"),
    "cluster_property_set",
    { nowEpochSeconds },
    { find: (id) => section?.children.find((set) => set.attrs["id"] === id) },
    all,
    "cib-bootstrap-options",
  );
  return all;
}

/**
 * Reads the members' histories first. A remote or guest node's history counts once its connection is known to be up;
 * what is left after that is read, as of nodes that are down, where they can be
 * fenced.
 */
function unpackHistories(unpacking: Unpacking): void {
  const { state } = unpacking;
  const done = new Set<Node>();
  const states = [...state.cib.status.nodes.values()];
  const pass = (fenced: boolean): boolean => {
    let again = false;
    for (const nodeState of states) {
      const node = findNode(unpacking, nodeState);
      if (!node || done.has(node)) continue;
      if (!fenced) {
        if (node.isRemote) {
          const connection = node.connection;
          if (connection?.role !== Role.Started) continue;
          if (node.isGuest && connection.container?.role !== Role.Started) continue;
          readRemoteStatus(node);
        } else if (!node.online && !state.options.stonithEnabled && !state.options.shutdownLock) {
          continue;
        }
      }
      done.add(node);
      if (node.isRemote) {
        again = true;
        readRemoteRequests(unpacking, node, nodeState);
      }
      readHistories(unpacking, node, nodeState);
    }
    return again;
  };
  while (pass(false));
  if (state.options.stonithEnabled) {
    for (const node of state.nodes) if (node.isRemote && !done.has(node)) readRemoteStatus(node);
    pass(true);
  }
  for (const node of state.nodes) {
    if (!node.isRemote) continue;
    // A remote or guest node that is to shut down loses its connection.
    if (node.shutdown && node.connection) {
      node.connection.nextRole = Role.Stopped;
      node.connection.nextRoleReason = "remote shutdown";
    }
    if (!done.has(node)) readRemoteStatus(node);
  }
  for (const container of unpacking.stopNeeded) {
    for (const node of container.runningOn) {
      state.recoveries.push({ resource: container, node, task: Task.Stop, optional: false });
    }
  }
}
