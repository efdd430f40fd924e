import type { Cell, Reader } from "../kernel/index.js";
import type { Hop, NodeId } from "../twin/parts.js";

/** Who answers at an address, for one client. */
export interface Way {
  /** The node that the frames reach; undefined where they reach nobody. */
  readonly holder: NodeId | undefined;
  /** Where nobody is reached. */
  readonly failure?: "timeout" | "unreachable";
  readonly text: string;
  readonly blame: string;
}

/**
 * What the data plane asks of the plant below it: all pure readings. Everything above the hosts, cables, units and
 * mounts (load balancers, services, Neutron, guests) is built on these alone.
 */
export interface Ground {
  /** Executes code: a node that does not is silent on the network. */
  isRunning(read: Reader, node: NodeId): boolean;
  nodeCell(node: NodeId): Cell<unknown> | undefined;
  /** From a node, or a physical router by its id. With `hops` each hop is told there. */
  way(read: Reader, from: NodeId, address: string, hops?: Hop[]): Way;
  /** Frames of one network pass from a node (or physical router) to another. */
  passes(read: Reader, from: NodeId, to: NodeId, network: string): boolean;
  addressCell(address: string): Cell<unknown> | undefined;
  holds(read: Reader, node: NodeId, address: string): boolean;
  /** `hung`: the process is there and does nothing. */
  unit(read: Reader, node: NodeId, unit: string): UnitState;
  unitCell(node: NodeId, unit: string): Cell<unknown> | undefined;
  /** A file as the unit's running process has read it; undefined where it did not exist then. */
  unitFile(read: Reader, node: NodeId, unit: string, path: string): string | undefined;
  mount(read: Reader, node: NodeId, mountPoint: string): MountState;
  mountCell(node: NodeId, mountPoint: string): Cell<unknown> | undefined;
  /** What a client's calls on an NFS export come to, from this node. */
  exportFor(read: Reader, node: NodeId, exportId: string): MountState;
  exportCell(exportId: string): Cell<unknown> | undefined;
  /** What mysqld on this node answers; undefined where the node has no database of the topology. */
  database(read: Reader, node: NodeId): DatabaseAnswer | undefined;
  databaseCell(node: NodeId): Cell<unknown> | undefined;
  /** A volume group on a SAN LUN is active on this node, and the LUN answers. */
  volumeGroup(read: Reader, node: NodeId, name: string): boolean;
  /** Two nodes wrote to it at once. */
  isVolumeGroupCorrupt(read: Reader, name: string): boolean;
  volumeGroupCell(name: string): Cell<unknown> | undefined;
}

export type UnitState = "stopped" | "starting" | "running" | "hung";
/** `absent`: nothing is mounted there (or not exported). */
export type MountState = "served" | "hung" | "read-only" | "full" | "stale" | "slow" | "absent";
export type DatabaseAnswer = "ok" | "slow" | "hang" | "read-only" | "errors" | "refused";
