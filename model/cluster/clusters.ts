import type { Instant, Reader } from "../kernel/index.js";
import type { Agents, Hosts, Network, NodeId, Power } from "../twin/parts.js";
import type { Cib } from "./cib/types.js";
import type { Decision, Role, Scheduler } from "./scheduler/interface.js";
import type { ClusterTimings } from "./timings.js";

/** What the cluster part stands on. The scheduler is passed in: ours, or the installed program. */
export interface ClusterDeps {
  readonly hosts: Hosts;
  readonly network: Network;
  readonly agents: Agents;
  readonly power: Power;
  readonly scheduler: Scheduler;
  readonly timings?: Partial<ClusterTimings>;
  /** Whether a node's cluster stack starts when it boots; without it, the topology's `clusterAtBoot`. */
  readonly startsAtBoot?: (read: Reader, node: NodeId) => boolean;
  /** Overrides `pendingUpdatesMs` for one node, where a comparison plays its extremes. */
  readonly pauseOf?: (node: NodeId) => number;
  /** Replaces the draw of a fence device's random delay (pcmk_delay_max), where a comparison plays its extremes. */
  readonly drawFenceDelay?: () => number;
  /**
   * Pacemaker has ended in order on a node. True where the node is gone with it, before its membership layer could
   * leave (the lab's nodes: pacemakerd is their first process).
   */
  readonly diesWithPacemaker?: (instant: Instant, node: NodeId) => boolean;
  /** Pacemaker 2.0.3 and later look again when a failure expires; before, only at each cluster-recheck-interval. */
  readonly dynamicRecheck?: boolean;
}

/**
 * Pacemaker and its membership layer on every node of every cluster: what each node believes, and what people do to
 * it. Each node has a view of its own; in a partition they differ.
 */
export interface Clusters {
  /** Cluster ids, sorted. */
  readonly ids: readonly string[];
  nodesOf(cluster: string): readonly NodeId[];
  clusterOf(node: NodeId): string | undefined;

  /** The cluster stack (cman or corosync, and Pacemaker) runs on a node: executing, or frozen with it. */
  isStackRunning(read: Reader, node: NodeId): boolean;
  /** Members of a node's partition as its membership layer sees it, itself included; empty where it does not run. */
  members(read: Reader, node: NodeId): readonly NodeId[];
  isQuorate(read: Reader, node: NodeId): boolean;
  /** The controller's state in Pacemaker's words without `S_`: `idle`, `not-dc`, `election`, `stopped`, … */
  controllerState(read: Reader, node: NodeId): string;
  /** The designated controller that a node obeys; without a node, that of the quorate (else the first) partition. */
  dcOf(read: Reader, cluster: string, node?: NodeId): NodeId | undefined;
  /** A node's copy of the CIB. Without a node, the DC's (see dcOf), else the first node's. */
  cibOf(read: Reader, cluster: string, node?: NodeId): Cib;
  /** What the cluster believes about a resource, from the operation history in that CIB. */
  resourceState(read: Reader, cluster: string, resource: string, node?: NodeId): ResourceState;
  /** Like `crm_mon -1`: nodes, and resources with their roles, as the scheduler reads the status. */
  status(read: Reader, cluster: string, node?: NodeId): ClusterStatus | undefined;
  /** Nothing is in flight or about to be decided anywhere in the cluster. */
  isSettled(read: Reader, cluster: string): boolean;
  /** The transition graph that a DC works on, or last worked on. */
  decisionOf(read: Reader, node: NodeId): Decision | undefined;
  /** Seconds since the epoch, as that cluster's clocks show. */
  epochSeconds(read: Reader, cluster: string): number;

  /** What an agent does with crm_attribute: sets (or removes) a transient attribute of its node. */
  setAttribute(instant: Instant, node: NodeId, name: string, value: string | undefined): void;

  readonly operator: ClusterOperator;
}

export interface ResourceState {
  readonly resource: string;
  /** Where it is active or was last heard of, in the cluster's order of nodes. */
  readonly places: readonly ResourcePlace[];
}

export interface ResourcePlace {
  readonly node: NodeId;
  readonly role: Role;
  /** Its last operation there failed. */
  readonly failed: boolean;
}

export interface ClusterStatus {
  readonly by: NodeId;
  readonly dc: NodeId | undefined;
  readonly quorate: boolean;
  /** `online`, `offline`, `unclean online`, `unclean offline`, `standby`, `pending`, … by node. */
  readonly nodes: ReadonlyMap<NodeId, string>;
  /** `Started n1`, `Stopped`, … sorted, by resource (clone instances under their primitive). */
  readonly resources: ReadonlyMap<string, readonly string[]>;
}

/**
 * What people type, by what it does to the cluster. Each returns the trace entry of the command; a command that cannot
 * work (nothing runs on the node where it is typed) is told in the trace and changes nothing.
 * `at` is the node where it is typed; the cluster of that node is meant.
 */
export interface ClusterOperator {
  standby(instant: Instant, at: NodeId, node: NodeId, on: boolean): number;
  nodeMaintenance(instant: Instant, at: NodeId, node: NodeId, on: boolean): number;
  /** `pcs property set NAME=VALUE`; undefined unsets it. `maintenance-mode`, `stonith-enabled`, `no-quorum-policy`, … */
  setOption(instant: Instant, at: NodeId, name: string, value: string | undefined): number;
  /** `pcs resource meta`; target-role, is-managed, resource-stickiness, migration-threshold, … */
  setMeta(instant: Instant, at: NodeId, resource: string, name: string, value: string | undefined): number;
  setParameter(instant: Instant, at: NodeId, resource: string, name: string, value: string | undefined): number;
  /** A node's attribute: permanent, or until it leaves (`crm_attribute --lifetime reboot`). */
  setNodeAttribute(
    instant: Instant,
    at: NodeId,
    node: NodeId,
    name: string,
    value: string | undefined,
    lifetime: "forever" | "reboot",
  ): number;
  enable(instant: Instant, at: NodeId, resource: string): number;
  disable(instant: Instant, at: NodeId, resource: string): number;
  manage(instant: Instant, at: NodeId, resource: string): number;
  unmanage(instant: Instant, at: NodeId, resource: string): number;
  /** `pcs resource move R N`: leaves a constraint behind (cli-prefer-R, or cli-ban-R-on-… without a target). */
  move(instant: Instant, at: NodeId, resource: string, to?: NodeId): number;
  ban(instant: Instant, at: NodeId, resource: string, from?: NodeId): number;
  /** Removes what move and ban left. */
  clear(instant: Instant, at: NodeId, resource: string, node?: NodeId): number;
  /** Forgets failures, and the history that holds them, so that the cluster looks again. */
  cleanup(instant: Instant, at: NodeId, resource?: string, node?: NodeId): number;
  /** `crm_resource --refresh`: forgets all history of a resource (or of all), so that it is probed anew. */
  refresh(instant: Instant, at: NodeId, resource?: string, node?: NodeId): number;
  /** `crm_resource --fail`: a failure is recorded though nothing failed. */
  failResource(instant: Instant, at: NodeId, resource: string, node: NodeId): number;
  /** Adds a location constraint of that id. */
  addLocation(instant: Instant, at: NodeId, id: string, resource: string, node: NodeId, score: string): number;
  removeConstraint(instant: Instant, at: NodeId, id: string): number;
  /** `pcs cluster stop`: resources are moved off first. */
  stopCluster(instant: Instant, node: NodeId): number;
  startCluster(instant: Instant, node: NodeId): number;
  /** The stack's processes die at once (kill -9), the resources' go on. */
  killStack(instant: Instant, node: NodeId): number;
  /**
   * The executor's process dies (kill -9 pacemaker-execd): the controller leaves with it, in order as far as the others
   * can tell, and both start again; what runs goes on and is found by probes.
   */
  killExecutor(instant: Instant, node: NodeId): number;
  /** The fencer's process dies: its peers see it leave and come back. */
  killFencer(instant: Instant, node: NodeId): number;
  /** The controller's process alone dies (kill -9 pacemaker-controld); pacemakerd starts it again. */
  killController(instant: Instant, node: NodeId): number;
  /** `cibadmin`: any change of the configuration; `text` is the command. The change must be pure. */
  edit(instant: Instant, at: NodeId, text: string, change: (cib: Cib) => Cib): number;
  /** `pcs stonith fence N`. */
  fence(instant: Instant, at: NodeId, node: NodeId, action: "off" | "reboot"): number;
  /** `pcs stonith confirm N`: the person swears that the node is down; nobody checks. */
  confirmFenced(instant: Instant, at: NodeId, node: NodeId): number;
}
