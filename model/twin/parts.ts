import type { Blueprint, Cell, EventType, Instant, Reader } from "../kernel/index.js";
import type { Topology } from "../topology/types.js";

/**
 * The parts of a twin and what they offer one another. Each part is built once from the topology
 * (`buildX(blueprint, topology, …parts before it)`), owns its cells, and is the only one that writes them.
 * Functions that take a `Reader` are pure; those that take an `Instant` act.
 *
 * Order of building, each standing on those before: hosts → network → files → units → storage → power → cluster →
 * services → journeys.
 */
export type NodeId = string;

/** Nodes and what carries them: feeds, hypervisors. A node runs code only while it is `up`. */
export interface Hosts {
  state(read: Reader, node: NodeId): "off" | "booting" | "up" | "frozen" | "shutting-down";
  /** Executes code now: up or shutting down, and not frozen. */
  isRunning(read: Reader, node: NodeId): boolean;
  /** At once: power cut, crash, a fence's off. Its processes and memory are gone. */
  powerOff(instant: Instant, node: NodeId, what: string): void;
  /** Boots where its feeds and hypervisor carry it; ready after its boot time. */
  powerOn(instant: Instant, node: NodeId): void;
  freeze(instant: Instant, node: NodeId): void;
  thaw(instant: Instant, node: NodeId): void;
  /** An orderly shutdown (or reboot): `onShutdown` listeners finish first, then it is off. */
  shutdown(instant: Instant, node: NodeId, then: "off" | "reboot"): void;
  onLost(listener: (instant: Instant, node: NodeId) => void): void;
  onUp(listener: (instant: Instant, node: NodeId) => void): void;
  onFreeze(listener: (instant: Instant, node: NodeId, frozen: boolean) => void): void;
  /** A listener that returns true holds the shutdown until it calls `release` (the cluster stops its resources). */
  onShutdown(listener: (instant: Instant, node: NodeId) => boolean): void;
  release(instant: Instant, node: NodeId): void;
  /** A power feed fails or comes back; what has no other feed goes off, and boots when it returns. */
  setFeed(instant: Instant, feed: string, on: boolean): void;
  /** A hypervisor crashes with all its machines, or boots again and starts those that were on it. */
  setHypervisor(instant: Instant, hypervisor: string, up: boolean): void;
}

/** One hop of a path, for people: which thing, and whether traffic passes it now. */
export interface Hop {
  /** `kind/name`: `nic/mysql1/eth0`, `switch/sw-r1`, `link/sw-r1--sw-r2`, `address/192.168.16.200`. */
  readonly subject: string;
  readonly ok: boolean;
  /** Why not, or what it is: `link down`, `ARP entry still names lb1`. */
  readonly text: string;
  /** The cell whose state decides it, so that `why` can name since when and the cause. */
  readonly cell?: Cell<unknown>;
}

export interface Path {
  readonly ok: boolean;
  /** How it fails for the client: nothing comes back, or a refusal at once. */
  readonly failure?: "timeout" | "refused" | "error" | "unreachable";
  readonly hops: readonly Hop[];
}

/** Links, switches, NICs, VLANs, addresses and who answers ARP for them; partitions are faults on it. */
export interface Network {
  /** Whether frames pass from one node's NIC on a network to the other's, in that direction. */
  passes(read: Reader, from: NodeId, to: NodeId, network: string): boolean;
  /** The hops from a node (or guest) to whoever holds an address: cables, switches, ARP, the holder's NIC. */
  path(read: Reader, from: NodeId, address: string): Path;
  /** Nodes that hold an address now (more than one: a duplicate). */
  holders(read: Reader, address: string): readonly NodeId[];
  /** Puts an address on a node's NIC and announces it (gratuitous ARP), or takes it away. */
  addAddress(instant: Instant, node: NodeId, address: string): void;
  removeAddress(instant: Instant, node: NodeId, address: string): void;
  /** A cable by its id in the topology (a NIC's cable, a trunk, a BMC's): carries frames or not. */
  setLink(instant: Instant, link: string, up: boolean): void;
  setSwitch(instant: Instant, id: string, up: boolean): void;
  /** Frames from one node to another are dropped, in that direction, on one network or (undefined) on all. */
  block(instant: Instant, from: NodeId, to: NodeId, network?: string): void;
  unblock(instant: Instant, from: NodeId, to: NodeId, network?: string): void;
  /** A link does (or does not) carry one of its networks: a VLAN missing on a trunk. */
  setCarried(instant: Instant, link: string, network: string, carried: boolean): void;
  /** Gratuitous ARPs on a network are lost while set: neighbours keep the entries they have. */
  setAnnouncementsLost(instant: Instant, network: string, lost: boolean): void;
}

/** Each node's file system in memory: path → text. A service reads its files when it starts or reloads. */
export interface Files {
  read(read: Reader, node: NodeId, path: string): string | undefined;
  list(read: Reader, node: NodeId): readonly string[];
  write(instant: Instant, node: NodeId, path: string, text: string): void;
  remove(instant: Instant, node: NodeId, path: string): void;
}

/** Init's and the cluster's processes on nodes. */
export interface Units {
  /** The process is there and executes (a frozen node's does not). */
  isRunning(read: Reader, node: NodeId, unit: string): boolean;
  /** As `service UNIT start` by hand, outside the cluster's knowledge. Reads its files. */
  start(instant: Instant, node: NodeId, unit: string): void;
  stop(instant: Instant, node: NodeId, unit: string): void;
  restart(instant: Instant, node: NodeId, unit: string): void;
  /** The process is gone at once (kill -9, OOM); nobody is told. */
  kill(instant: Instant, node: NodeId, unit: string): void;
}

/** NFS servers, exports and mounts, SAN LUNs. */
export interface Storage {
  /** `hung`: requests wait; `stale`: handles are refused; `slow`: answers, but late. */
  setExport(
    instant: Instant,
    exportId: string,
    state: "served" | "hung" | "read-only" | "full" | "stale" | "slow",
  ): void;
  setLun(instant: Instant, lun: string, available: boolean): void;
}

/** What an operation on a node will come to, decided when it begins: its OCF exit code and how long it takes. */
export interface Outcome {
  /** OCF exit code: 0 ok, 1 generic error, 5 not installed, 6 not configured, 7 not running, 8 promoted, 9 failed promoted. */
  readonly rc: number;
  /** Milliseconds; `Infinity` where it hangs until its time-out kills it. */
  readonly durationMs: number;
  readonly exitReason?: string;
  /** Set on an outcome that `Agents.override` made up: `complete` then changes nothing. */
  readonly withoutEffect?: boolean;
}

/**
 * What a resource agent does to a node, for one primitive of a CIB. The cluster's executor calls it, applies the
 * time-out and tells the result; an agent that is not modelled has none and the verdict says so.
 */
export interface ResourceAgent {
  /**
   * What the monitor would find, as a pure reading; every cell it reads wakes the monitor. `depth` is the operation's
   * OCF_CHECK_LEVEL, 0 unless the CIB sets it.
   */
  monitor(read: Reader, node: NodeId, depth?: number): Outcome;
  /**
   * Begins the operation; its effects come with `complete`, or not at all where the node dies before. `timeoutMs` is
   * what the executor grants: mysql's stop plans by it (without it, the CIB's own or 20 s).
   */
  begin(
    instant: Instant,
    node: NodeId,
    operation: "start" | "stop" | "promote" | "demote" | "migrate_to" | "migrate_from",
    timeoutMs?: number,
  ): Outcome;
  /** Applies what the operation did, once its time has passed (also where the executor gave it up as timed out). */
  complete(instant: Instant, node: NodeId, operation: string, outcome: Outcome): void;
  /**
   * Transient node attributes that the agent would have set by now: `master-NAME` promotion scores, ping's `pingd`.
   * Absent where the agent sets none.
   */
  attributes?(read: Reader, node: NodeId): ReadonlyMap<string, string>;
}

/** The agents of a cluster's primitives: by resource id (without instance number) and parameters from the CIB. */
export interface Agents {
  agentFor(cluster: string, resource: string): ResourceAgent;
  /**
   * From now on such operations of a resource (on a node, or on all) come to `outcome` whatever the node's state is;
   * undefined undoes it. A duration of `Infinity` hangs until the time-out.
   */
  override(instant: Instant, which: OperationOf, outcome: Outcome | undefined): void;
  /** Class:provider:type values met that have no model of their own and are played as a generic agent. */
  readonly generic: readonly string[];
}

export interface OperationOf {
  readonly cluster: string;
  readonly resource: string;
  readonly node?: NodeId;
  readonly operation: "start" | "stop" | "monitor" | "promote" | "demote";
}

/** BMCs and vCenter: what really switches power, reached over their network. */
export interface Power {
  /**
   * Carries out a request after the time it takes and answers with `reply`, an event of the asker's (a world holds
   * data, so no callbacks). Reachability and the controller's own faults decide.
   */
  act(instant: Instant, request: PowerRequest, reply: EventType<PowerResult>): void;
  /**
   * Whether a status query from a node would succeed now: a pure reading for the monitors of fence devices, so that
   * they can sleep. Every cell it reads wakes them.
   */
  answers(read: Reader, controller: string, from: NodeId): boolean;
  /** How a controller behaves from now on; `works` undoes it. */
  setController(instant: Instant, controller: string, how: ControllerFault): void;
}

export type ControllerFault =
  | { readonly kind: "works" }
  /** Nothing answers. */
  | { readonly kind: "dead" }
  /** Answers with an error: wrong credentials. */
  | { readonly kind: "refuses" }
  /** Says that it was done, and nothing was. */
  | { readonly kind: "lies" }
  /** Every request takes so much longer. */
  | { readonly kind: "slow"; readonly byMs: number }
  /** A request for `target` switches `instead`: a wrong entry in the host map. */
  | { readonly kind: "misdirected"; readonly target: NodeId; readonly instead: NodeId };

export interface PowerRequest {
  readonly controller: string;
  /** The node that asks: it must reach the controller. */
  readonly from: NodeId;
  readonly action: "off" | "on" | "reboot" | "status";
  readonly target: NodeId;
  /** The asker's own reference, handed back with the result. */
  readonly reference: string;
  /** The agent's `power_wait` after each switching; unless given, what the topology's fence device for the target says. */
  readonly powerWaitMs?: number;
}

export interface PowerResult {
  readonly request: PowerRequest;
  readonly ok: boolean;
  readonly text: string;
}

/** What befalls a guest or what Neutron and Nova know of it; the services part offers it. */
export interface GuestFaults {
  /** The security group lets it out to 169.254.169.254:80, or not. */
  setEgress(instant: Instant, guest: string, allowed: boolean): void;
  /** Neutron finds one port for its address and network (as it should), none, or two. */
  setPorts(instant: Instant, guest: string, ports: 0 | 1 | 2): void;
  /** Nova knows the instance, or has forgotten it. */
  setKnown(instant: Instant, guest: string, known: boolean): void;
  /** Its routes are those of `route` (as its image's or its DHCP's), or it lacks the one to metadata, or every default. */
  setRoutes(instant: Instant, guest: string, routes: "as-imaged" | "no-metadata-route" | "no-default-route"): void;
  /** Boots it again: it asks for its lease and its metadata anew. */
  reboot(instant: Instant, guest: string): void;
}

/** How a process answers while it is there: `slow` late, `wrong` with errors on an open port, `false-ok` to checks alone. */
export interface AnswerFaults {
  setAnswers(instant: Instant, node: NodeId, unit: string, how: "well" | "slow" | "wrong"): void;
}

/** The DHCP agent's doings on a node: the port's address of a network, the metadata proxy in its namespace. */
export interface NeutronFaults {
  setDhcpAddress(instant: Instant, network: string, address: string | undefined): void;
  killMetadataProxy(instant: Instant, node: NodeId, network: string): void;
}

export interface TwinParts {
  readonly blueprint: Blueprint;
  readonly topology: Topology;
  readonly hosts: Hosts;
  readonly network: Network;
  readonly files: Files;
  readonly units: Units;
  readonly storage: Storage;
  readonly agents: Agents;
  readonly power: Power;
}
