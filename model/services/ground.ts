import type { DatabaseAnswer, Ground, MountState, UnitState, Way } from "../dataplane/ground.js";
import type { MachineCell, Reader } from "../kernel/index.js";
import type { HostsPart } from "../plant/hosts/index.js";
import type { NetworkPart } from "../plant/network/index.js";
import type { StoragePart } from "../plant/storage/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import type { Mount, Topology } from "../topology/types.js";
import type { Hop, NodeId } from "../twin/parts.js";

const MOUNT_STATES: Readonly<Record<string, MountState>> = {
  unmounted: "absent",
  mounting: "absent",
  usable: "served",
  ok: "served",
  slow: "slow",
  "read-only": "read-only",
  full: "full",
  hung: "hung",
  silent: "hung",
  stale: "stale",
  erring: "stale",
  error: "absent",
};

/** The readings that the data plane needs, from the parts of the plant. */
export function groundOf(
  topology: Topology,
  plant: {
    readonly hosts: HostsPart;
    readonly network: NetworkPart;
    readonly units: UnitsPart;
    readonly storage: StoragePart;
  },
): Ground {
  const { hosts, network, units, storage } = plant;
  const databases = new Map<NodeId, string>();
  for (const database of topology.databases.values())
    for (const node of database.nodes) if (!databases.has(node)) databases.set(node, database.id);
  const mountsOfExport = new Map<string, Mount>();
  const shareAddresses = new Map<string, string>();
  for (const mount of topology.mounts.values())
    if (mount.export !== undefined) {
      mountsOfExport.set(`${mount.node} ${mount.export}`, mount);
      if (mount.serverAddress !== undefined) shareAddresses.set(mount.export, mount.serverAddress);
    }

  // Processes that another part plays (mysqld) have their state there; of all others the cell says it.
  const played = new Set(
    [...topology.services.values()].filter(({ role }) => role === "database").map(({ unit }) => unit),
  );
  const cells = new Map<NodeId, Map<string, MachineCell | undefined>>();
  function cellOf(node: NodeId, unit: string): MachineCell | undefined {
    let ofNode = cells.get(node);
    if (!ofNode) {
      ofNode = new Map();
      cells.set(node, ofNode);
    }
    if (!ofNode.has(unit)) ofNode.set(unit, units.cell(node, unit));
    return ofNode.get(unit);
  }

  function way(read: Reader, from: string, address: string, hops?: Hop[]): Way {
    const holder = network.answers(read, from, address);
    if (holder !== undefined && !hops) return { holder, text: "", blame: "" };
    const path = network.path(read, from, address);
    hops?.push(...path.hops);
    if (holder !== undefined) return { holder, text: "", blame: "" };
    const bad = path.hops.findLast((hop) => !hop.ok);
    const text = bad ? `${bad.subject}: ${bad.text}` : "no answer";
    return {
      holder: undefined,
      // Whoever asks an address that nobody has waits for ARP and then hears "No route to host".
      failure: path.failure === "unreachable" ? "unreachable" : "timeout",
      text: `${address} does not answer ${from} (${text})`,
      blame: bad?.subject ?? `address/${address}`,
    };
  }

  function exportFor(read: Reader, node: NodeId, id: string): MountState {
    const known = mountsOfExport.get(`${node} ${id}`);
    if (known) return MOUNT_STATES[storage.access(read, known.id)] ?? "absent";
    const of = storage.servedExport(read, node, id, shareAddresses.get(id));
    const server = of && storage.serverCell(of.node);
    if (!of || (server && read.get(server).value !== "serving")) return "hung";
    const cell = storage.exportCell(of.id);
    const state = cell ? read.get(cell).value : "served";
    return state === "served" ? "served" : (MOUNT_STATES[state] ?? "absent");
  }

  return {
    isRunning: (read, node) => hosts.isRunning(read, node),
    nodeCell: (node) => hosts.cell(node),
    way,
    passes: (read, from, to, id) => network.passes(read, from, to, id),
    addressCell: (address) => network.addressCell(address),
    holds: (read, node, address) => network.holders(read, address).includes(node),
    unit(read, node, unit): UnitState {
      const cell = cellOf(node, unit);
      if (!cell || !hosts.isRunning(read, node)) return "stopped";
      const state = played.has(unit) ? units.state(read, node, unit) : read.get(cell).value;
      if (state === "running" || state === "hung") return state;
      return state === "starting" || state === "loading" ? "starting" : "stopped";
    },
    unitCell: cellOf,
    unitFile: (read, node, unit, path) =>
      units.has(node, unit) ? units.configuration(read, node, unit, path) : undefined,
    mount(read, node, mountPoint) {
      const id = `${node}:${mountPoint}`;
      // A path that no mount of the topology is behind lies on the node's own disk.
      return topology.mounts.has(id) ? (MOUNT_STATES[storage.mountState(read, id)] ?? "absent") : "served";
    },
    mountCell: (node, mountPoint) => storage.mountCell(`${node}:${mountPoint}`),
    exportFor,
    exportCell: (id) => storage.exportCell(id),
    database(read, node): DatabaseAnswer | undefined {
      const database = databases.get(node);
      return database === undefined ? undefined : storage.mysql.answer(read, database, node);
    },
    databaseCell(node) {
      const database = databases.get(node);
      return database === undefined ? undefined : storage.mysql.cell(database, node);
    },
    volumeGroup: (read, node, name) =>
      !storage.hasVolumeGroup(name) || (storage.activeOn(read, name).includes(node) && storage.sees(read, node, name)),
    isVolumeGroupCorrupt(read, name) {
      const cell = storage.volumeGroupCell(name);
      return cell !== undefined && read.get(cell).value === "corrupt";
    },
    volumeGroupCell: (name) => storage.volumeGroupCell(name),
  };
}
