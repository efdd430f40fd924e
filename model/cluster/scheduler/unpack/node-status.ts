import type { NodeState } from "../../cib/types.js";
import type { Unpacking } from "../state/unpacking.js";
import { isTrue, parseBoolean } from "../state/values.js";
import { F, type Node, Role } from "../state/working.js";
import { attributeIsTrue, nameSite } from "./nodes.js";

/** Reads what the status section says of the nodes themselves: attributes, membership, what is unclean or pending. */
export function unpackNodeStates(unpacking: Unpacking): void {
  const { state } = unpacking;
  for (const node of state.nodes) {
    node.unseen = true;
    // Until its state is seen, a member or remote node may be running anything.
    if (isFencedAtStartup(node) && state.options.startupFencing) node.unclean = true;
  }
  for (const nodeState of state.cib.status.nodes.values()) {
    const node = findNode(unpacking, nodeState);
    if (!node) continue;
    node.unseen = false;
    node.unclean = false;
    if (node.isRemote) readRemote(unpacking, node, nodeState);
    else readMember(unpacking, node, nodeState);
    if (node.unclean && !state.fencingsNeeded.includes(node)) state.fencingsNeeded.push(node);
  }
  for (const node of state.nodes) {
    nameSite(unpacking, node.attributes as Map<string, string>);
    if (node.unclean && node.unseen && isFencedAtStartup(node) && !state.options.stonithEnabled) node.unclean = false;
  }
}

function isFencedAtStartup(node: Node): boolean {
  return node.kind === "member" || (node.kind === "remote" && node.connection !== undefined);
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
  node.shutdown = isShutdownRequested(node);
  // One that is asked to leave is not expected to stay.
  node.expectedUp = nodeState.expected === "member" && !node.shutdown;
  const { stonithEnabled } = unpacking.state.options;
  if (node.kind === "ping") node.online = false;
  else if (stonithEnabled) node.online = onlineWithFencing(node, nodeState);
  else node.online = onlineWithoutFencing(node, nodeState);
  const { haveQuorum, options, cib } = unpacking.state;
  if (!haveQuorum && options.noQuorumPolicy === "suicide" && node.online) {
    // Before it first had quorum, the cluster only waits for it.
    if (parseBoolean(cib.attrs["no-quorum-panic"]) === true) fence(node, "cluster does not have quorum");
  }
}

/** The `shutdown` attribute is the time at which the shutdown was asked for; whatever is not "0" asks for it. */
export function isShutdownRequested(node: Node): boolean {
  const value = node.attributes.get("shutdown");
  return value !== undefined && value !== "0";
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
  if (unpacking.state.options.stonithEnabled) node.unseen = false;
  addTransient(node, nodeState);
}

/** What is asked of a remote or guest node by its attributes: heard only once its history is read. */
export function readRemoteRequests({ state }: Unpacking, node: Node, nodeState: NodeState): void {
  const maintained = nodeState.other?.["node_in_maintenance"];
  node.remoteMaintenance = maintained !== undefined && maintained !== "0" && maintained !== "false";
  node.shutdown = isShutdownRequested(node);
  node.standby = attributeIsTrue(node, "standby");
  node.maintenance =
    attributeIsTrue(node, "maintenance") || (node.connection !== undefined && !node.connection.is(F.Managed));
  // A Pacemaker Remote node on which nobody looks must be one that can be fenced.
  if (node.isGuest || state.options.stonithEnabled) {
    node.discoveryEnabled = isTrue(node.attributes.get("resource-discovery-enabled"), true);
  }
}

/** Whether a remote or guest node is up: its connection (and a guest's container) must be. */
export function readRemoteStatus(node: Node): void {
  const connection = node.connection;
  if (!connection) {
    node.online = false;
    return;
  }
  const container = connection.container;
  const host = container && connection.runningOn.length === 1 ? connection.runningOn[0] : undefined;
  const started = connection.role === Role.Started;
  if (started) node.online = true;
  if (started && connection.nextRole === Role.Stopped) node.shutdown = true;
  if (container?.is(F.Failed)) {
    node.online = false;
    node.requiresReset = true;
  } else if (connection.is(F.Failed)) {
    node.online = false;
  } else if (connection.role === Role.Stopped || container?.role === Role.Stopped) {
    node.online = false;
    node.requiresReset = false;
  } else if (host && !host.online && host.unclean) {
    node.online = false;
    node.requiresReset = true;
  }
}
