import type { XmlElement } from "../../cib/types.js";
import type { CloneNotifications } from "../actions/create-actions.js";
import type { Colocation } from "../constraints/colocation-constraints.js";
import type { RecurringOperation } from "../unpack/operations.js";
import type { Action } from "./actions.js";
import { addScores, INFINITY } from "./score.js";
import type { Task } from "./tasks.js";

/**
 * The working set of one decision: nodes and resources as mutable records with dense indexes. Everything here lives
 * for one call of decide() and is thrown away with it.
 */

/** Roles in the order of "higher": what is promoted is also started. */
export const Role = { Unknown: 0, Stopped: 1, Started: 2, Unpromoted: 3, Promoted: 4 } as const;
export type Role = (typeof Role)[keyof typeof Role];
export const roleNames = ["Unknown", "Stopped", "Started", "Unpromoted", "Promoted"] as const;

/** Where the cluster looks for a resource: resource-discovery of the location constraints that name the node. */
export const Discovery = { Always: 0, Never: 1, Exclusive: 2 } as const;
export type Discovery = (typeof Discovery)[keyof typeof Discovery];

/** What nearly every record has none of is one empty value for all. */
const NO_TEXTS: ReadonlyMap<string, string> = new Map();
const NO_NUMBERS: ReadonlyMap<string, number> = new Map();

/** One number a node, by node index. (A few nodes: an array of numbers is made far faster than a typed one.) */
export function zeroPerNode(nodes: number): number[] {
  const values: number[] = [];
  for (let i = 0; i < nodes; i++) values.push(0);
  return values;
}

export class Node {
  attributes: ReadonlyMap<string, string> = NO_TEXTS;
  utilization: Map<string, number> = new Map();
  online = false;
  unclean = false;
  unseen = true;
  pending = false;
  standby = false;
  standbyOnFail = false;
  shutdown = false;
  /** The cluster expects it to be a member. */
  expectedUp = false;
  maintenance = false;
  isDc = false;
  kind: "member" | "remote" | "guest" | "ping" = "member";
  /** The connection resource of a Pacemaker Remote or guest node. */
  connection: Resource | undefined = undefined;
  requiresReset = false;
  remoteWasFenced = false;
  remoteMaintenance = false;
  discoveryEnabled = true;
  /** A bundle's guest node: nothing but the bundle's own is looked for there. */
  ofBundle = false;
  /** Sum of the priorities of what is active here, for priority-fencing-delay. */
  priority = 0;
  /** Resources assigned here so far in this decision. */
  assigned = 0;
  running: Resource[] = [];
  /** Whether any of its attributes is a fail count or the time of a failure. */
  hasFailures = false;
  /** Why it is unclean, as the first to find it so said: the words of the summary's Fence line. */
  fenceReason: string | undefined = undefined;
  /** The fencing of this node, once one is planned. */
  fencing: Action | undefined = undefined;
  /** The unfencing ("on") of this node, once one is planned. */
  unfencing: Action | undefined = undefined;
  readonly index: number;
  readonly id: string;
  readonly name: string;
  constructor(index: number, id: string, name: string) {
    this.index = index;
    this.id = id;
    this.name = name;
  }

  get isGuest(): boolean {
    return this.kind === "guest";
  }
  get isRemote(): boolean {
    return this.kind === "remote" || this.kind === "guest";
  }
}

/** Facts of a resource that are true or false, one bit each. */
export const F = {
  Orphan: 1 << 0,
  Managed: 1 << 1,
  Blocked: 1 << 2,
  OrphanContainerFiller: 1 << 3,
  Notify: 1 << 4,
  Unique: 1 << 5,
  FenceDevice: 1 << 6,
  Promotable: 1 << 7,
  Unassigned: 1 << 8,
  Assigning: 1 << 9,
  Merging: 1 << 10,
  Restarting: 1 << 11,
  StopIfFail: 1 << 12,
  Reload: 1 << 13,
  AllowRemoteRemotes: 1 << 14,
  Critical: 1 << 15,
  Failed: 1 << 16,
  FailureIgnored: 1 << 17,
  Runnable: 1 << 18,
  StartPending: 1 << 19,
  Starting: 1 << 20,
  Stopping: 1 << 21,
  StopUnexpected: 1 << 22,
  AllowMigrate: 1 << 23,
  Maintenance: 1 << 24,
  IsContainer: 1 << 25,
  NeedsQuorum: 1 << 26,
  NeedsFencing: 1 << 27,
  NeedsUnfencing: 1 << 28,
} as const;

export type Variant = "primitive" | "group" | "clone" | "bundle";

/** One container of a bundle with what belongs to it. */
export interface Replica {
  readonly offset: number;
  readonly bundle: Resource;
  readonly container: Resource;
  readonly ip: Resource | undefined;
  /** The connection to the guest node inside the container. */
  readonly remote: Resource | undefined;
  /** The instance of the bundle's primitive. */
  child: Resource | undefined;
  /** The guest node. */
  readonly node: Node | undefined;
}

export class Resource {
  flags: number = F.Unassigned;
  parent: Resource | undefined = undefined;
  children: Resource[] = [];
  meta: ReadonlyMap<string, string> = NO_TEXTS;
  xml: XmlElement | undefined = undefined;
  /** The operations element's op elements, templates merged. */
  operations: readonly XmlElement[] = [];
  /** The agent's parameters, once asked for, where they are the same on every node. */
  parameters: ReadonlyMap<string, string> | undefined = undefined;
  /** Those of them that recur, once asked for. */
  recurring: readonly RecurringOperation[] | undefined = undefined;
  agentClass = "";
  agentProvider: string | undefined = undefined;
  agentType = "";
  priority = 0;
  stickiness = 0;
  migrationThreshold: number = INFINITY;
  failureTimeoutMs = 0;
  multipleActive: "stop_start" | "stop_only" | "block" | "stop_unexpected" = "stop_start";
  role: Role = Role.Unknown;
  nextRole: Role = Role.Unknown;
  nextRoleReason: string | undefined = undefined;
  /** Nodes where it is active (or may be). */
  runningOn: Node[] = [];
  assignedTo: Node | undefined = undefined;
  partialTarget: Node | undefined = undefined;
  partialSource: Node | undefined = undefined;
  /** Nodes with a migration that is neither finished nor undone. */
  danglingMigrations: Node[] = [];
  lockNode: Node | undefined = undefined;
  lockTime = 0;
  /** Set where the resource manages a Pacemaker Remote node. */
  remoteNode: Node | undefined = undefined;
  remoteReconnectMs = 0;
  /** The container of a guest node's connection, a bundle's remote, …; and what it holds. */
  container: Resource | undefined = undefined;
  fillers: Resource[] = [];
  pendingTask: string | undefined = undefined;
  /** The node on which the pending task runs. */
  pendingNode: Node | undefined = undefined;
  utilization: ReadonlyMap<string, number> = NO_NUMBERS;

  /** Score of each node, by node index. */
  scores: number[] = NO_NODES;
  /** 1 where the node may be considered at all. */
  allowed: number[] = NO_NODES;
  discovery: number[] = NO_NODES;
  exclusiveDiscovery = false;
  /** 1 where the state of the resource is known (it was probed or had an operation). */
  known: number[] = NO_NODES;

  /** Colocations in which this resource is the dependent, and those in which it is the primary. */
  thisWith: Colocation[] = [];
  withThis: Colocation[] = [];
  readonly actions: Action[] = [];

  /** A bundle's replicas; its `children` are their implicit resources and the clone of its primitive. */
  replicas: Replica[] = [];
  /** A bundle replica's implicit resource or instance knows its replica. */
  replica: Replica | undefined = undefined;

  // Collectives
  cloneMax = 1;
  cloneNodeMax = 1;
  promotedMax = 1;
  promotedNodeMax = 1;
  interleave = false;
  ordered = false;
  colocated = true;
  /** Scratch for one clone's assignment: instances per node. */
  perNode: number[] = NO_NODES;
  promotionScoresAdded = false;
  /** The instance's own standing for promotion, and that with the wishes of what is colocated with the role. */
  promotionPriority = 0;
  sortIndex = 0;
  /** The merge of colocated scores that last asked it. */
  mergedIn = 0;
  /** With notifications: the confirmation that follows each completed task. */
  confirmations: Map<Task, Action> | undefined = undefined;
  notifications: CloneNotifications | undefined = undefined;
  readonly index: number;
  readonly id: string;
  /** The name that histories on the nodes use: without the instance number for anonymous clones. */
  historyName: string;
  /** The name under which a history was found that is about this instance, where that is not its id. */
  seenName: string | undefined = undefined;
  readonly variant: Variant;
  constructor(index: number, id: string, historyName: string, variant: Variant) {
    this.index = index;
    this.id = id;
    this.historyName = historyName;
    this.variant = variant;
  }

  is(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
  set(flag: number): void {
    this.flags |= flag;
  }
  clear(flag: number): void {
    this.flags &= ~flag;
  }
  /** The outermost resource that holds this one, bundles apart: what is in a bundle has its clone, or itself. */
  get top(): Resource {
    let r: Resource = this;
    while (r.parent && r.parent.variant !== "bundle") r = r.parent;
    return r;
  }
  /** The outermost resource that holds this one. */
  get whole(): Resource {
    let r: Resource = this;
    while (r.parent) r = r.parent;
    return r;
  }
  /** The innermost clone that this is in. */
  get enclosingClone(): Resource | undefined {
    let r = this.parent;
    while (r && r.variant !== "clone") r = r.parent;
    return r;
  }
  get isCollective(): boolean {
    return this.variant === "clone" || this.variant === "bundle";
  }
  /** As a location constraint with a score of -INFINITY does, it names the node: one not thought of before, too. */
  ban(node: Node): void {
    this.allowed[node.index] = 1;
    this.scores[node.index] = -INFINITY;
  }
  addScore(node: Node, score: number): void {
    this.scores[node.index] = addScores(this.scores[node.index]!, score);
  }
}

const NO_NODES: number[] = [];
