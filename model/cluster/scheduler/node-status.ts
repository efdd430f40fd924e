import type { NodeState } from "../cib/types.js";
import { attributeIsTrue, nameSite } from "./nodes.js";
import { parseBoolean } from "./options.js";
import type { Unpacking } from "./unpacking.js";
import { F, type Node, Role } from "./working.js";

/** Reads what the status section says of the nodes themselves: attributes, membership, what is unclean or pending. */
export function unpackNodeStates(unpacking: Unpacking): void {
  const { state } = unpacking;
  for (const node of state.nodes) {
    node.unseen = true;
    // Until its state is seen, a member may be running anything.
    if (node.kind === "member" && state.options.startupFencing) node.unclean = true;
  }
  for (const nodeState of state.cib.status.nodes.values()) {
    const node = findNode(unpacking, nodeState);
    if (!node) continue;
    node.unseen = false;
    node.unclean = false;
    if (node.isRemote) readRemote(unpacking, node, nodeState);
    else readMember(unpacking, node, nodeState);
  }
  for (const node of state.nodes) {
    nameSite(unpacking, node, node.attributes as Map<string, string>);
    if (node.unclean && node.unseen && node.kind === "member") {
      if (!state.options.stonithEnabled) node.unclean = false;
      else node.fenceReason ??= "node is unclean";
    }
  }
}

export function findNode(unpacking: Unpacking, nodeState: NodeState): Node | undefined {
  const { nodesById, nodesByName } = unpacking.state;
  return nodesById.get(nodeState.id) ?? nodesByName.get(nodeState.uname);
}

function addTransient(node: Node, nodeState: NodeState): void {
  const attributes = node.attributes as Map<string, string>;
  for (const [name, value] of nodeState.attributes) {
    attributes.set(name, value);
    if (name.startsWith("fail-count-") || name.startsWith("last-failure-")) node.hasFailures = true;
  }
}

function readMember(unpacking: Unpacking, node: Node, nodeState: NodeState): void {
  addTransient(node, nodeState);
  node.standby = attributeIsTrue(node, "standby");
  node.maintenance = attributeIsTrue(node, "maintenance");
  node.expectedUp = nodeState.expected === "member";
  node.shutdown = isShutdownRequested(node);
  const { stonithEnabled } = unpacking.state.options;
  if (node.kind === "ping") node.online = false;
  else if (stonithEnabled) node.online = onlineWithFencing(node, nodeState);
  else node.online = onlineWithoutFencing(node, nodeState);
}

/** The `shutdown` attribute is the time at which the shutdown was asked for, 0 where it is not. */
function isShutdownRequested(node: Node): boolean {
  const value = node.attributes.get("shutdown");
  return value !== undefined && (Number.parseInt(value, 10) || 0) !== 0;
}

function fence(node: Node, reason: string): void {
  node.unclean = true;
  node.fenceReason ??= reason;
}

function onlineWithoutFencing(node: Node, { inCcm, crmd, join }: NodeState): boolean {
  if (parseBoolean(inCcm) !== true) return false;
  if (crmd === "online") return join === "member";
  if (node.expectedUp) fence(node, "peer is unexpectedly down");
  return false;
}

/** What a lost or half-lost member is, where nodes can be fenced: the reasons are Pacemaker's words. */
function onlineWithFencing(node: Node, { inCcm, crmd, join, expected }: NodeState): boolean {
  const inCluster = parseBoolean(inCcm) === true;
  const peer = crmd === "online";
  const terminate = isTermination(node.attributes.get("terminate"));
  if (node.shutdown) return peer;
  if (inCcm === undefined) {
    fence(node, "peer has not been seen by the cluster");
  } else if (join === "nack") {
    fence(node, "peer failed Pacemaker membership criteria");
  } else if (!terminate && (expected === undefined || expected === "down")) {
    if (inCluster || peer) setPending(node);
  } else if (terminate && join === "down" && !inCluster && !peer) {
    return false;
  } else if (!inCluster) {
    fence(node, "peer is no longer part of the cluster");
  } else if (!peer) {
    fence(node, "peer process is no longer available");
  } else if (terminate) {
    fence(node, "termination was requested");
  } else if (join === "pending" || join === "down") {
    setPending(node);
  } else if (join !== "member") {
    fence(node, "peer was in an unknown state");
  }
  return inCluster;
}

function setPending(node: Node): void {
  node.standby = true;
  node.pending = true;
}

function isTermination(value: string | undefined): boolean {
  if (value === undefined) return false;
  return parseBoolean(value) === true || (/^\d/.test(value) && Number.parseInt(value, 10) !== 0);
}

/** A remote node's state says little: whether it is up comes from its connection, once histories are read. */
function readRemote(unpacking: Unpacking, node: Node, nodeState: NodeState): void {
  const fenced = nodeState.other?.["node_fenced"];
  node.remoteWasFenced = fenced !== undefined && fenced !== "0" && fenced !== "false";
  const maintained = nodeState.other?.["node_in_maintenance"];
  node.remoteMaintenance = maintained !== undefined && maintained !== "0" && maintained !== "false";
  if (unpacking.state.options.stonithEnabled) node.unseen = false;
  addTransient(node, nodeState);
  node.shutdown = isShutdownRequested(node);
  node.standby = attributeIsTrue(node, "standby");
  node.maintenance =
    attributeIsTrue(node, "maintenance") || (node.connection !== undefined && !node.connection.is(F.Managed));
  const discovery = parseBoolean(node.attributes.get("resource-discovery-enabled"));
  if (discovery === false) node.discoveryEnabled = false;
}

/** Whether a remote or guest node is up: its connection (and a guest's container) must be. */
export function readRemoteStatus(node: Node): void {
  const connection = node.connection;
  if (!connection) {
    node.online = false;
    return;
  }
  const container = connection.container;
  const hosts = container?.runningOn ?? [];
  const host = hosts.length === 1 ? hosts[0] : undefined;
  const started = connection.role === Role.Started;
  if (connection.nextRole === Role.Stopped && started) node.shutdown = true;
  node.online = started;
  if (container?.is(F.Failed)) node.requiresReset = true;
  if (connection.is(F.Failed)) node.online = false;
  else if (connection.role === Role.Stopped || container?.role === Role.Stopped) {
    node.online = false;
    node.requiresReset = false;
  } else if (host && !host.online && host.unclean) {
    node.online = false;
    node.requiresReset = true;
  }
}
