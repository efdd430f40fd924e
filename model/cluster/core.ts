import type { Blueprint, Cell, EventType, Instant, MachineCell, Pending, Phased, Reader } from "../kernel/index.js";
import { clusterController } from "../machines/cluster-controller.js";
import type { Cluster, ClusterMember } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { FEATURE_SET } from "./cib/feature-set.js";
import type { Cib } from "./cib/types.js";
import type { ClusterDeps } from "./clusters.js";
import { type GraphState, graphNow } from "./controller/graph-state.js";
import { type ControllerTimers, NO_TIMERS } from "./controller/timers.js";
import { type ExecutorState, executorKey, IDLE_EXECUTOR } from "./executor/executor-state.js";
import type { FenceOperation } from "./fencer/fence-operation.js";
import type { QuorumMemory } from "./membership/quorum.js";
import { TOTEM_DOWN, type TotemState, totemKey } from "./membership/totem-state.js";
import { cibKey } from "./status/cib-key.js";
import { attributesTold, failuresTold } from "./status/failures-told.js";
import { type ClusterTimings, DEFAULT_TIMINGS } from "./timings.js";

/** Which change of the CIB is newer: configuration first, then status. Compared when partitions meet. */
export interface CibVersion {
  readonly epoch: number;
  readonly updates: number;
}

/** A message that a frozen node has not read yet. */
export interface Deferred {
  readonly type: EventType<unknown>;
  readonly payload: unknown;
}

/** All cells of one node of one cluster. Everything a node knows is its own: partitions diverge. */
export interface NodeCells {
  readonly index: number;
  readonly name: NodeId;
  readonly member: ClusterMember;
  readonly totem: Cell<TotemState>;
  /** The next membership that this node is about to agree on. */
  readonly settling: Cell<Pending | undefined>;
  readonly quorum: Cell<QuorumMemory>;
  readonly controller: MachineCell;
  /** The DC that it obeys. */
  readonly dc: Cell<NodeId | undefined>;
  /** How many offices as DC were begun in the cluster before its own: who served longest wins among rivals. */
  readonly term: Cell<number>;
  readonly cib: Cell<Cib>;
  readonly version: Cell<CibVersion>;
  /**
   * What its controller remembers of its peers: merely seen as members, expected to be members (its DC; as DC, all that
   * joined it), or expected to be down (fenced, or left in order).
   */
  readonly peersKnown: Cell<ReadonlyMap<NodeId, "seen" | "member" | "down">>;
  /** Its transient attributes, as its own attribute daemon keeps them. */
  readonly attributes: Cell<ReadonlyMap<string, string>>;
  readonly executor: Cell<ExecutorState>;
  readonly timers: Cell<ControllerTimers>;
  readonly graph: Cell<GraphState | undefined>;
  readonly fencing: Cell<readonly FenceOperation[]>;
  /** Failed fencings in a row, by target. */
  readonly fenceFailures: Cell<ReadonlyMap<NodeId, number>>;
  readonly deferred: Cell<readonly Deferred[]>;
}

/** What the parts of one cluster's runtime share: its cells, and small readings of them. */
export class ClusterCore {
  readonly blueprint: Blueprint;
  readonly spec: Cluster;
  readonly deps: ClusterDeps;
  readonly timings: ClusterTimings;
  readonly nodes: readonly NodeCells[];
  readonly byName: ReadonlyMap<NodeId, NodeCells>;
  /** Seconds since the epoch at virtual time 0. */
  readonly epochBase: number;
  /** Counts rings and terms; history alone. */
  readonly counter: Cell<number>;

  constructor(blueprint: Blueprint, spec: Cluster, deps: ClusterDeps) {
    this.blueprint = blueprint;
    this.spec = spec;
    this.deps = deps;
    this.timings = { ...DEFAULT_TIMINGS, ...deps.timings };
    this.epochBase = epochBaseOf(spec.cib);
    this.nodes = spec.nodes.map((member, index) => this.#cells(member, index));
    this.byName = new Map(this.nodes.map((cells) => [cells.name, cells]));
    this.counter = blueprint.cell(`cluster/${spec.id}/counter`, 0, () => 0);
  }

  get id(): string {
    return this.spec.id;
  }

  epochSeconds(read: Reader): number {
    return this.#secondsAt(read.nowMs);
  }

  #secondsAt(nowMs: number): number {
    return this.epochBase + Math.floor(nowMs / 1000);
  }

  next(instant: Instant): number {
    const value = instant.get(this.counter) + 1;
    instant.set(this.counter, value);
    return value;
  }

  /** Pacemaker runs there (or is frozen with its node). */
  isControllerUp(read: Reader, node: NodeCells): boolean {
    const state = read.get(node.controller).value;
    return state !== "stopped" && state !== "starting";
  }

  isDc(read: Reader, node: NodeCells): boolean {
    return read.get(node.dc) === node.name && this.isControllerUp(read, node);
  }

  /** Executes code now. */
  isAwake(read: Reader, node: NodeCells): boolean {
    return this.deps.hosts.isRunning(read, node.name);
  }

  /** Members of a node's partition with a running controller, itself included, in node order. */
  peers(read: Reader, node: NodeCells): readonly NodeCells[] {
    const ring = read.get(node.totem).ring;
    if (!ring) return [];
    const ringId = read.get(node.totem).ringId;
    return this.nodes.filter(
      (other) =>
        ring.includes(other.name) && read.get(other.totem).ringId === ringId && this.isControllerUp(read, other),
    );
  }

  dcCells(read: Reader, node: NodeCells): NodeCells | undefined {
    const dc = read.get(node.dc);
    return dc === undefined ? undefined : this.byName.get(dc);
  }

  /**
   * Writes the CIB of a node's partition: the change is made on the node's own copy and every member gets the result.
   * `configuration` marks a change of the configuration, which weighs more when partitions meet.
   */
  writeCib(instant: Instant, from: NodeCells, change: (cib: Cib) => Cib, configuration = false): boolean {
    const before = instant.get(from.cib);
    const after = change(before);
    if (after === before) return false;
    const { epoch, updates } = instant.get(from.version);
    const version = configuration ? { epoch: epoch + 1, updates: 0 } : { epoch, updates: updates + 1 };
    for (const member of this.peers(instant, from)) {
      instant.set(member.cib, after);
      instant.set(member.version, version);
    }
    if (!this.isControllerUp(instant, from)) {
      instant.set(from.cib, after);
      instant.set(from.version, version);
    }
    return true;
  }

  /** True where the node is frozen: the event is kept until it is thawed. */
  defers<P>(instant: Instant, node: NodeCells, type: EventType<P>, payload: P): boolean {
    if (this.isAwake(instant, node)) return false;
    if (this.deps.hosts.state(instant, node.name) !== "frozen") return true;
    instant.set(node.deferred, [...instant.get(node.deferred), { type: type as EventType<unknown>, payload }]);
    return true;
  }

  cancelTimer(instant: Instant, node: NodeCells, name: keyof ControllerTimers): void {
    const timers = instant.get(node.timers);
    if (!timers[name]) return;
    instant.cancel(timers[name]);
    instant.set(node.timers, { ...timers, [name]: undefined });
  }

  setTimer(instant: Instant, node: NodeCells, name: keyof ControllerTimers, pending: Pending): void {
    const timers = instant.get(node.timers);
    instant.cancel(timers[name]);
    instant.set(node.timers, { ...timers, [name]: pending });
  }

  /** A timer's event has come: the cell forgets it. */
  timerFired(instant: Instant, node: NodeCells, name: keyof ControllerTimers): void {
    const timers = instant.get(node.timers);
    if (timers[name]) instant.set(node.timers, { ...timers, [name]: undefined });
  }

  #cells(member: ClusterMember, index: number): NodeCells {
    const { blueprint, spec } = this;
    const of = `cluster/${spec.id}`;
    const at = `@${member.node}`;
    const cell = <T>(
      what: string,
      initial: T,
      relative?: (value: T, nowMs: number) => unknown,
      phased?: Phased<NoInfer<T>>,
    ) => blueprint.cell<T>(`${of}/${what}${at}`, initial, relative, phased);
    // A node's own records are those that its CIB holds: should an edit make more of them count, the CIB tells it.
    const toldAt = (nowMs: number) => failuresTold(spec.cib.configuration, this.#secondsAt(nowMs));
    const dueIn = (pending: Pending | undefined, nowMs: number) => (pending ? pending.atMs - nowMs : null);
    return {
      index,
      name: member.node,
      member,
      totem: cell<TotemState>("totem", TOTEM_DOWN, totemKey),
      settling: cell<Pending | undefined>("settling", undefined, dueIn),
      quorum: cell<QuorumMemory>("quorum", {
        seenAll: false,
        expectedVotes: spec.quorum.expectedVotes,
        lastQuorate: [],
      }),
      controller: blueprint.machine(`${of}/controller${at}`, clusterController),
      dc: cell<NodeId | undefined>("dc", undefined),
      term: cell("term", 0, () => 0),
      cib: cell<Cib>("cib", asWritten(spec.cib), (cib, nowMs) => cibKey(cib, this.#secondsAt(nowMs))),
      version: cell<CibVersion>(
        "version",
        { epoch: Number(spec.cib.attrs["epoch"] ?? 0), updates: Number(spec.cib.attrs["num_updates"] ?? 0) },
        () => 0,
      ),
      peersKnown: cell<ReadonlyMap<NodeId, "seen" | "member" | "down">>("peers-known", new Map()),
      attributes: cell<ReadonlyMap<string, string>>("attributes", new Map(), (attributes, nowMs) =>
        attributesTold(attributes, toldAt(nowMs)),
      ),
      executor: cell<ExecutorState>("executor", IDLE_EXECUTOR, (state, nowMs) =>
        executorKey(state, nowMs, toldAt(nowMs)),
      ),
      timers: cell<ControllerTimers>(
        "timers",
        NO_TIMERS,
        (timers, nowMs) =>
          Object.entries(timers).map(([name, pending]) => [name, dueIn(pending as Pending | undefined, nowMs)]),
        // Which are set; when they are due is pending.
        { rest: (timers) => Object.entries(timers).map(([name, pending]) => [name, pending !== undefined]) },
      ),
      graph: cell<GraphState | undefined>("graph", undefined, graphNow),
      fencing: cell<readonly FenceOperation[]>("fencing", [], (operations, nowMs) =>
        operations.map((op) => [op.target, op.action, op.phase, op.step, op.attempt, dueIn(op.pending, nowMs)]),
      ),
      fenceFailures: cell<ReadonlyMap<NodeId, number>>("fence-failures", new Map()),
      deferred: cell<readonly Deferred[]>("deferred", [], (list) =>
        list.map((item) => [item.type.name, item.payload ?? null]),
      ),
    };
  }
}

/**
 * The CIB with the feature set of the release whose decisions the twin takes (Pacemaker 2.1.5): a controller that is
 * elected writes its own, and it says under which names failures are counted.
 */
function asWritten(cib: Cib): Cib {
  return { ...cib, attrs: { ...cib.attrs, crm_feature_set: FEATURE_SET } };
}

/** Clocks start a little after the latest time that the CIB knows, so that nothing in it lies in the future. */
function epochBaseOf(cib: Cib): number {
  let latest = 0;
  for (const node of cib.status.nodes.values()) {
    for (const [name, value] of node.attributes)
      if (name.startsWith("last-failure-")) latest = Math.max(latest, Number(value) || 0);
    for (const resource of node.resources.values())
      for (const op of resource.operations) latest = Math.max(latest, op.lastRcChange ?? 0, op.lastRun ?? 0);
  }
  return latest === 0 ? 1_400_000_000 : latest + 15;
}
