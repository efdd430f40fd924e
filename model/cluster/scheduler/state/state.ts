import type { Cib, OperationHistory, ResourceHistory, XmlElement } from "../../cib/types.js";
import type { Task } from "./tasks.js";
import type { Node, Resource, Role } from "./working.js";

/**
 * The cluster's state as read from a CIB: the seam between reading (options, nodes, resources, constraints, status)
 * and deciding. Nodes and resources are the mutable records of working.ts; this file holds what surrounds them. It is
 * made by unpack.ts for one decision and thrown away with it.
 */
export class ClusterState {
  /** Member, remote and guest nodes; `node.index` is the position here. */
  readonly nodes: Node[] = [];
  readonly nodesByName = new Map<string, Node>();
  readonly nodesById = new Map<string, Node>();
  /** Top-level resources in the order of the configuration, with orphans behind. */
  readonly resources: Resource[] = [];
  /** Every resource, instance and implicit resource; `resource.index` is the position here. */
  readonly allResources: Resource[] = [];
  /** By full id ("web:1", "galera-bundle-0", …); an anonymous clone's own child also by its id without a number. */
  readonly resourcesById = new Map<string, Resource>();
  dc: Node | undefined = undefined;
  haveQuorum = false;
  /** A fence device is configured (or implied by a remote node's fencing). */
  haveFenceDevice = false;
  /** Nodes are turned "on" by fence devices before they run what requires that. */
  unfencing = false;
  /** The configuration speaks of unfencing, whether anything can be fenced or not. */
  unfencingAsked = false;
  /** A connection to a Pacemaker Remote or guest node is configured. */
  haveRemoteNodes = false;
  readonly tickets = new Map<string, Ticket>();
  readonly locations: LocationConstraint[] = [];
  readonly colocations: ColocationConstraint[] = [];
  readonly orderings: OrderingConstraint[] = [];
  readonly ticketConstraints: TicketConstraint[] = [];
  readonly fencingLevels: FencingLevel[] = [];
  /** What each node remembers of each resource, in the order of the status section. */
  readonly histories: ResourceOnNode[] = [];
  /** Failures to be shown in the status, and to be looked up by resource. */
  readonly failedOperations: FailedOperation[] = [];
  /** Fail counts that have expired, or whose failed operation is no longer configured: to be cleared. */
  readonly failCountClears: FailCountClear[] = [];
  /** Failures that failure-timeout has ended: what changed since need not be asked. */
  readonly expiredOperations = new Set<OperationHistory>();
  /** Recurring operations whose recorded interval is no longer wanted because their failure expired. */
  readonly rescheduled: RecurringReset[] = [];
  /** Nodes in the order in which they were found to need fencing: the order in which it is planned. */
  readonly fencingsNeeded: Node[] = [];
  /** What recovers those that failed, in the order in which their failures were read: planned before all else. */
  readonly recoveries: Recovery[] = [];
  /** Histories that only say that a lock, now expired, was there: to be deleted. */
  readonly forgets: { readonly resource: Resource; readonly node: Node }[] = [];
  /** Instances blocked, and why: for the summary's and the status's words. */
  readonly notModelled: string[] = [];
  /** The earliest instant (epoch seconds) at which a rule, failure-timeout or lock changes the answer. */
  recheckByEpochSeconds: number | undefined = undefined;
  /** Instances (primitives) that are disabled by target-role, and those blocked by failure: for the status header. */
  disabledInstances = 0;
  blockedInstances = 0;
  readonly cib: Cib;
  readonly options: ClusterOptions;
  /** Seconds since the epoch. */
  readonly nowEpochSeconds: number;
  constructor(cib: Cib, options: ClusterOptions, nowEpochSeconds: number) {
    this.cib = cib;
    this.options = options;
    this.nowEpochSeconds = nowEpochSeconds;
  }

  /**
   * The resource that a constraint means by an id. The id of what is in a clone means the whole, but means nothing
   * unless a history goes by it: where there is none yet, or each has a number, Pacemaker finds no such resource.
   */
  constraintResource(id: string): Resource | undefined {
    const found = this.resourcesById.get(id);
    if (!found || found.id === id) return found;
    return isKnownAs(found.whole, id) ? found.top : undefined;
  }

  /** Names by which the status knows resources: their ids, and those that histories use for instances. */
  knownNames(): Set<string> {
    const names = new Set<string>();
    for (const resource of this.allResources) {
      names.add(resource.id);
      if (resource.seenName !== undefined) names.add(resource.seenName);
    }
    return names;
  }

  /** Resources of which an operation with on-fail=block failed on a node: their failures do not expire there. */
  private readonly unexpiring = new Map<Resource, Node[]>();

  blocksExpiry(resource: Resource, node: Node): boolean {
    return this.unexpiring.get(resource)?.includes(node) ?? false;
  }

  blockExpiry(resource: Resource, node: Node): void {
    const nodes = this.unexpiring.get(resource);
    if (nodes) nodes.push(node);
    else this.unexpiring.set(resource, [node]);
  }

  /** Remembers the earliest of the instants at which this decision stops to hold. */
  recheckBy(epochSeconds: number): void {
    if (epochSeconds <= this.nowEpochSeconds) return;
    if (this.recheckByEpochSeconds === undefined || epochSeconds < this.recheckByEpochSeconds) {
      this.recheckByEpochSeconds = epochSeconds;
    }
  }
}

function isKnownAs(resource: Resource, name: string): boolean {
  return resource.seenName === name || resource.children.some((c) => isKnownAs(c, name));
}

/** Cluster options (crm_config), with Pacemaker 2.1.5's defaults. */
export interface ClusterOptions {
  /** Every option as written, for those without a field here. */
  readonly all: ReadonlyMap<string, string>;
  readonly noQuorumPolicy: "stop" | "freeze" | "ignore" | "demote" | "suicide";
  readonly symmetricCluster: boolean;
  readonly maintenanceMode: boolean;
  readonly stopAllResources: boolean;
  readonly stopOrphanResources: boolean;
  readonly stopOrphanActions: boolean;
  readonly removeAfterStop: boolean;
  readonly startFailureIsFatal: boolean;
  readonly enableStartupProbes: boolean;
  readonly startupFencing: boolean;
  readonly stonithEnabled: boolean;
  readonly stonithAction: "reboot" | "off";
  readonly stonithTimeoutMs: number;
  readonly haveWatchdog: boolean;
  readonly stonithWatchdogTimeoutMs: number;
  readonly concurrentFencing: boolean;
  readonly priorityFencingDelayMs: number;
  readonly clusterDelayMs: number;
  readonly batchLimit: number;
  readonly migrationLimit: number;
  readonly placementStrategy: "default" | "utilization" | "minimal" | "balanced";
  readonly nodeHealthStrategy: "none" | "migrate-on-red" | "only-green" | "progressive" | "custom";
  readonly nodeHealthBase: number;
  readonly nodeHealthGreen: number;
  readonly nodeHealthYellow: number;
  readonly nodeHealthRed: number;
  readonly shutdownLock: boolean;
  /** 0: no limit. */
  readonly shutdownLockLimitMs: number;
  readonly clusterRecheckIntervalMs: number;
}

export interface Ticket {
  readonly id: string;
  readonly granted: boolean;
  readonly standby: boolean;
  /** Seconds since the epoch, undefined where it never was granted. */
  readonly lastGranted: number | undefined;
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * One location constraint, its rule already evaluated: `nodes` and `scores` run in parallel. A rule that depends on
 * the node gives one LocationConstraint with the nodes it matches; one in a resource set gives one for each resource.
 */
export interface LocationConstraint {
  readonly id: string;
  readonly resource: Resource;
  /** Role.Unknown: any. Role.Promoted applies when promoting, Role.Started/Unpromoted are as any. */
  readonly role: Role;
  /** resource-discovery. */
  readonly discovery: 0 | 1 | 2;
  readonly nodes: readonly Node[];
  readonly scores: readonly number[];
}

/** rsc_colocation, as written: `dependent` with `primary`, or sets (templates and tags are already sets). */
export interface ColocationConstraint {
  readonly id: string;
  readonly score: number;
  /** True: also moves the primary; undefined: as the dependent's `critical` meta-attribute says. */
  readonly influence: boolean | undefined;
  /** "#uname" where nothing is given. */
  readonly nodeAttribute: string;
  readonly dependent: Resource | undefined;
  readonly dependentRole: Role;
  readonly primary: Resource | undefined;
  readonly primaryRole: Role;
  readonly sets: readonly ResourceSet[];
}

export type OrderingKind = "Optional" | "Mandatory" | "Serialize";

/** rsc_order, as written: `first` then `then`, or sets (templates and tags are already sets). */
export interface OrderingConstraint {
  readonly id: string;
  readonly kind: OrderingKind;
  /** Undefined where the constraint does not say: yes, but not for Serialize. */
  readonly symmetrical: boolean | undefined;
  readonly first: Resource | undefined;
  readonly firstAction: string | undefined;
  readonly then: Resource | undefined;
  readonly thenAction: string | undefined;
  /** Undefined where the constraint does not say (the default is true). */
  readonly requireAll: boolean | undefined;
  readonly sets: readonly ResourceSet[];
}

export interface ResourceSet {
  readonly id: string;
  /** In the order written, up to the first that is not there. */
  readonly resources: readonly Resource[];
  /** Whether all that it names is there. */
  readonly complete: boolean;
  /** The one named last, where it is there. */
  readonly last: Resource | undefined;
  readonly sequential: boolean;
  /** `sequential` as written: ordering treats a set that says true unlike one that says nothing. */
  readonly sequentialWritten: boolean | undefined;
  readonly requireAll: boolean;
  readonly ordering: "group" | "listed" | undefined;
  readonly action: string | undefined;
  readonly role: Role;
  readonly score: number | undefined;
  readonly kind: OrderingKind | undefined;
  readonly symmetrical: boolean | undefined;
}

/** rsc_ticket; sets are already one constraint for each resource. */
export interface TicketConstraint {
  readonly id: string;
  readonly resource: Resource;
  readonly role: Role;
  readonly ticket: string;
  readonly lossPolicy: "stop" | "demote" | "fence" | "freeze";
}

export interface FencingLevel {
  readonly id: string;
  readonly index: number;
  readonly target: string | undefined;
  readonly targetPattern: string | undefined;
  readonly targetAttribute: string | undefined;
  readonly targetValue: string | undefined;
  readonly devices: readonly string[];
}

/** What one node remembers of one resource. */
export interface ResourceOnNode {
  readonly node: Node;
  /** The instance that this history was attributed to. */
  readonly resource: Resource;
  readonly history: ResourceHistory;
  /** By call id, pending ones last, as the cluster reads them. */
  readonly operations: readonly OperationHistory[];
}

export interface FailedOperation {
  readonly node: Node;
  readonly resource: Resource | undefined;
  readonly operation: OperationHistory;
  /** The id in the history: anonymous instances without their number. */
  readonly resourceId: string;
}

/** What a failure asks for: a stop or demotion, certain or only if nothing else becomes of it. */
export interface Recovery {
  readonly resource: Resource;
  readonly node: Node;
  readonly task: Task;
  readonly optional: boolean;
}

export interface FailCountClear {
  readonly resource: Resource;
  readonly node: Node;
  readonly reason: string;
}

export interface RecurringReset {
  readonly resource: Resource;
  readonly node: Node;
  readonly operation: OperationHistory;
}

/** One `op` of a resource, with templates merged in. */
export interface ConfiguredOperation {
  readonly xml: XmlElement;
  readonly id: string;
  readonly name: string;
  readonly intervalMs: number;
  readonly role: Role;
  readonly enabled: boolean;
}
