import type { Blueprint, Cell, Instant, MachineCell, Pending, Reader } from "../../kernel/index.js";
import { type AddressContext, addressMachine } from "../../machines/address.js";
import { durationOf } from "../../topology/durations.js";
import { cidrHolds } from "../../topology/ipv4.js";
import type { Topology } from "../../topology/types.js";
import type { NodeId } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import type { Wire } from "./wire.js";

/** A neighbour whose ARP entry names a node that does not announce the address any more. */
interface StaleEntry {
  /** An endpoint of the wire: `lb1`, `router/core`. */
  readonly viewer: string;
  readonly names: NodeId;
  /** When it ages. */
  readonly pending: Pending;
}

export interface Addresses {
  /** The network of an address; undefined where no network of the topology holds it. */
  networkOf(address: string): string | undefined;
  cell(address: string): MachineCell<AddressContext> | undefined;
  arpCell(address: string): Cell<unknown> | undefined;
  /** Nodes that hold it now, static ones (from their ifcfg files) and added ones. */
  holders(read: Reader, address: string): readonly NodeId[];
  /** Addresses that a node has besides those of its own files. */
  addedOn(read: Reader, node: NodeId): readonly string[];
  /** The node whose own file gives it the address, running or not. */
  homeOf(address: string): NodeId | undefined;
  /** Whom the viewer's frames go to: an endpoint, with whether an old ARP entry says so; undefined: nobody answers. */
  resolve(read: Reader, viewer: string, address: string): { readonly to: string; readonly stale: boolean } | undefined;
  add(instant: Instant, node: NodeId, address: string): void;
  remove(instant: Instant, node: NodeId, address: string): void;
  /** All that a node added goes with its power. */
  setAnnouncementsLost(instant: Instant, network: string, lost: boolean): void;
}

const NO_ENTRIES: readonly StaleEntry[] = Object.freeze([]);
const NO_ADDRESSES: readonly string[] = Object.freeze([]);

/** IPaddr2 and keepalived send five gratuitous ARPs; IPaddr2's are 200 ms apart (RA). */
const ANNOUNCEMENTS = 5;
const ANNOUNCEMENT_INTERVAL_MS = 200;

/**
 * Addresses: those of the nodes' own files, virtual ones that move, and any that somebody adds. Neighbours learn of a
 * move by the gratuitous ARPs; those that hear none keep sending to the old node until their entry ages: 60 s on
 * Linux, hours on a router.
 */
export function buildAddresses(blueprint: Blueprint, topology: Topology, hosts: HostsPart, wire: Wire): Addresses {
  const staticHolders = new Map<string, NodeId[]>();
  /** Holders that are no nodes: routers and power controllers, as endpoints. */
  const fixed = new Map<string, string>();
  const viewersOf = new Map<string, string[]>([...topology.networks.keys()].map((id) => [id, []]));
  for (const node of topology.nodes.values()) {
    const on = new Set<string>();
    for (const nic of node.nics) {
      for (const network of nic.networks) on.add(network);
      for (const { address } of nic.addresses) {
        const list = staticHolders.get(address);
        if (list) list.push(node.id);
        else staticHolders.set(address, [node.id]);
      }
    }
    for (const network of on) viewersOf.get(network)?.push(node.id);
  }
  for (const router of topology.routers.values())
    for (const { network, address } of router.interfaces) {
      fixed.set(address, `router/${router.id}`);
      viewersOf.get(network)?.push(`router/${router.id}`);
    }
  for (const controller of topology.powerControllers.values())
    if (controller.address !== undefined) fixed.set(controller.address, `controller/${controller.id}`);

  const cells = new Map<string, MachineCell<AddressContext>>();
  const arp = new Map<string, Cell<readonly StaleEntry[]>>();
  const known = new Set([...topology.virtualAddresses.keys(), ...staticHolders.keys()]);
  for (const address of known) {
    cells.set(address, blueprint.machine<AddressContext>(`address/${address}`, addressMachine));
    arp.set(
      address,
      blueprint.cell<readonly StaleEntry[]>(`address/${address}/arp`, NO_ENTRIES, (entries) =>
        entries.map(({ viewer, names }) => [viewer, names]),
      ),
    );
  }
  const added = new Map(
    hosts.nodes.map((id) => [id, blueprint.cell<readonly string[]>(`node/${id}/added-addresses`, NO_ADDRESSES)]),
  );
  const announcementsLost = new Map(
    [...topology.networks.keys()].map((id) => [id, blueprint.cell(`network/${id}/announcements-lost`, false)]),
  );
  // Addresses that the topology does not know (a fault's, a bare CIB's) live in one cell each only where named above;
  // the rest share a table: who holds what.
  const others = blueprint.cell<ReadonlyMap<string, readonly NodeId[]>>("addresses/others", new Map());

  const networks = [...topology.networks.values()];
  const networkOfAddress = new Map<string, string | undefined>();
  function networkOf(address: string): string | undefined {
    if (!networkOfAddress.has(address)) {
      const virtual = topology.virtualAddresses.get(address)?.network;
      networkOfAddress.set(address, virtual ?? networks.find(({ cidr }) => cidrHolds(cidr, address))?.id);
    }
    return networkOfAddress.get(address);
  }

  /** Addresses of which somebody has a wrong entry, so that nobody need look at all of them. */
  const withEntries = blueprint.cell<readonly string[]>("addresses/with-stale-entries", NO_ADDRESSES);
  function setEntries(instant: Instant, address: string, entries: readonly StaleEntry[]): void {
    const before = instant.get(withEntries);
    const had = before.includes(address);
    instant.set(arp.get(address)!, entries.length === 0 ? NO_ENTRIES : entries);
    if (had === entries.length > 0) return;
    const next = had ? before.filter((other) => other !== address) : [...before, address].sort();
    instant.set(withEntries, next.length === 0 ? NO_ADDRESSES : next);
  }

  const arpAged = blueprint.event<{ address: string; viewer: string }>("arp-aged", (instant, { address, viewer }) => {
    setEntries(
      instant,
      address,
      instant.get(arp.get(address)!).filter((entry) => entry.viewer !== viewer),
    );
  });

  /** One gratuitous ARP: who hears it forgets its old entry; whom it misses keeps it. */
  const announce = blueprint.event<{ node: NodeId; address: string; left: number }>(
    "announce-address",
    (instant, { node, address, left }) => {
      const cell = cells.get(address)!;
      const entryCell = arp.get(address)!;
      const network = networkOf(address);
      if (network === undefined || !hosts.isRunning(instant, node)) return;
      const { holders, owner } = instant.get(cell).context;
      if (!holders.includes(node)) return;
      // Whom the neighbours know so far. With a rival, the last one to announce has them.
      const knownAs = owner ?? staticHolders.get(address)?.[0];
      const previous = knownAs === node ? undefined : knownAs;
      if (owner !== node) instant.send(cell, { type: "ADDRESS_ANNOUNCED", node } as never, { quiet: true });
      const entries = instant.get(entryCell);
      const lost = instant.get(announcementsLost.get(network)!);
      if (entries.length === 0 && previous === undefined) return;
      // Where nothing is down everybody hears it, and there is no need to ask each.
      if (!lost && wire.isSound(instant)) {
        for (const old of entries) instant.cancel(old.pending);
        setEntries(instant, address, NO_ENTRIES);
        return;
      }
      const next: StaleEntry[] = [];
      for (const viewer of viewersOf.get(network) ?? []) {
        // A holder's own frames never leave it.
        if (viewer === node || holders.includes(viewer) || isDown(instant, viewer)) continue;
        const old = entries.find((entry) => entry.viewer === viewer);
        const hears = !lost && wire.passes(instant, node, viewer, network);
        if (hears || old?.names === node) {
          if (old) instant.cancel(old.pending);
        } else if (old) next.push(old);
        else if (previous !== undefined) {
          const age = viewer.startsWith("router/") ? "arp.router-age" : "arp.host-age";
          const ageMs = durationOf(topology.durations, age).ms;
          next.push({
            viewer,
            names: previous,
            pending: instant.after(ageMs, arpAged, { address, viewer }) as Pending,
          });
        }
      }
      if (next.length !== entries.length || next.some((entry, i) => entry !== entries[i]))
        setEntries(instant, address, next);
      const missed = next.length > 0;
      if (left > 1 && missed) instant.after(ANNOUNCEMENT_INTERVAL_MS, announce, { node, address, left: left - 1 });
      else if (missed)
        instant.note({
          kind: "note",
          subject: `address/${address}`,
          what: "announcements unheard",
          text: `ARP entries of ${next.map((entry) => entry.viewer).join(", ")} still name another node`,
        });
    },
  );

  const isDown = (read: Reader, viewer: string) => !viewer.startsWith("router/") && !holdsStatic(read, viewer);

  function forget(instant: Instant, node: NodeId, address: string): void {
    const cell = cells.get(address);
    if (cell) instant.send(cell, { type: "ADDRESS_REMOVED", node } as never);
    else {
      const table = new Map(instant.get(others));
      const rest = (table.get(address) ?? []).filter((other) => other !== node);
      if (rest.length > 0) table.set(address, rest);
      else table.delete(address);
      instant.set(others, table);
    }
  }

  hosts.onLost((instant, node) => {
    // Its own neighbour cache is gone too.
    for (const address of instant.get(withEntries)) {
      const entries = instant.get(arp.get(address)!);
      const old = entries.find((entry) => entry.viewer === node);
      if (old === undefined) continue;
      instant.cancel(old.pending);
      setEntries(
        instant,
        address,
        entries.filter((entry) => entry !== old),
      );
    }
    const list = instant.get(added.get(node)!);
    if (list.length === 0) return;
    instant.set(added.get(node)!, NO_ADDRESSES);
    for (const address of list) forget(instant, node, address);
  });

  function holdsStatic(read: Reader, node: NodeId): boolean {
    const state = hosts.state(read, node);
    return state !== "off" && state !== "booting";
  }
  const addedHolders = (read: Reader, address: string): readonly NodeId[] => {
    const cell = cells.get(address);
    return cell ? read.get(cell).context.holders : (read.get(others).get(address) ?? []);
  };

  return {
    addedOn: (read, node) => read.get(added.get(node)!),
    networkOf,
    cell: (address) => cells.get(address),
    arpCell: (address) => arp.get(address) as Cell<unknown> | undefined,
    holders(read, address) {
      const own = staticHolders.get(address);
      const moved = addedHolders(read, address);
      if (own === undefined) return moved;
      const here = own.filter((node) => holdsStatic(read, node));
      return moved.length === 0 ? here : [...here, ...moved.filter((node) => !here.includes(node))];
    },
    homeOf: (address) => staticHolders.get(address)?.[0],
    resolve(read, viewer, address) {
      const router = fixed.get(address);
      if (router !== undefined) return { to: router, stale: false };
      const arpEntries = arp.get(address);
      if (addedHolders(read, address).includes(viewer)) return { to: viewer, stale: false };
      const stale = arpEntries && read.get(arpEntries).find((entry) => entry.viewer === viewer);
      if (stale) return { to: stale.names, stale: true };
      const own = (staticHolders.get(address) ?? []).filter((node) => holdsStatic(read, node));
      const moved = addedHolders(read, address);
      const holders = moved.length === 0 ? own : [...own, ...moved.filter((node) => !own.includes(node))];
      if (holders.length <= 1) return holders.length === 0 ? undefined : { to: holders[0]!, stale: false };
      // A duplicate: the last to announce, unless only another is in reach (each side of a partition has its own).
      const owner = cells.get(address) && read.get(cells.get(address)!).context.owner;
      const network = networkOf(address);
      const reachable = (node: NodeId) =>
        node === viewer || network === undefined || wire.passes(read, viewer, node, network);
      const ranked = owner && holders.includes(owner) ? [owner, ...holders.filter((node) => node !== owner)] : holders;
      return { to: ranked.find(reachable) ?? ranked[0]!, stale: false };
    },
    add(instant, node, address) {
      const list = instant.get(added.get(node)!);
      if (list.includes(address)) return;
      instant.set(added.get(node)!, [...list, address].sort());
      const cell = cells.get(address);
      if (cell === undefined) {
        const table = new Map(instant.get(others));
        table.set(address, [...(table.get(address) ?? []), node]);
        instant.set(others, new Map([...table].sort(([a], [b]) => (a < b ? -1 : 1))));
        return;
      }
      const { entry } = instant.send(cell, { type: "ADDRESS_ADDED", node } as never, { text: `on ${node}` });
      instant.because(entry, () => instant.after(0, announce, { node, address, left: ANNOUNCEMENTS }));
    },
    remove(instant, node, address) {
      const list = instant.get(added.get(node)!);
      if (!list.includes(address)) return;
      const rest = list.filter((other) => other !== address);
      instant.set(added.get(node)!, rest.length === 0 ? NO_ADDRESSES : rest);
      forget(instant, node, address);
    },
    setAnnouncementsLost(instant, network, lost) {
      const cell = announcementsLost.get(network);
      if (cell === undefined)
        throw new RangeError(`unknown network "${network}"; networks: ${[...announcementsLost.keys()].join(", ")}`);
      instant.set(cell, lost);
    },
  };
}
