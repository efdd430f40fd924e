import { InputError } from "../../errors.js";
import { importFile } from "../../importers/index.js";
import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../../kernel/index.js";
import { exportMachine } from "../../machines/export.js";
import { type Access, mountMachine } from "../../machines/mount.js";
import { nfsServerMachine } from "../../machines/nfs-server.js";
import { durationOf } from "../../topology/durations.js";
import { cidrHolds, isAddress, isCidr } from "../../topology/ipv4.js";
import type { Mount, NfsExportOf, Topology } from "../../topology/types.js";
import type { NodeId, Storage } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import { tell } from "../listeners.js";
import type { NetworkPart } from "../network/index.js";
import { timers } from "../timer.js";
import type { UnitsPart } from "../units/index.js";
import { must } from "../unknown-name.js";

export type MountState =
  | "unmounted"
  | "mounting"
  | "usable"
  | "slow"
  | "read-only"
  | "full"
  | "hung"
  | "stale"
  | "erring";

/** What mounting now would come to. */
export type MountTry =
  | { readonly kind: "mounts"; readonly access: Access }
  | { readonly kind: "hangs" }
  | { readonly kind: "fails"; readonly reason: string };

export interface Nfs {
  setExport: Storage["setExport"];
  exportCell(id: string): MachineCell | undefined;
  serverCell(node: NodeId): MachineCell | undefined;
  /** The export that a client gets: of nodes with the same path behind one address, that of the node which answers. */
  servedExport(read: Reader, client: NodeId, id: string, address?: string): NfsExportOf | undefined;
  mountCell(id: string): MachineCell | undefined;
  /** By `node:/mount/point`. */
  mountState(read: Reader, id: string): MountState;
  isMounted(read: Reader, id: string): boolean;
  /** What a client's calls would come to, mounted or not; `silent` where nothing answers. */
  access(read: Reader, id: string): Access;
  tryMount(read: Reader, id: string): MountTry;
  mount(instant: Instant, id: string): void;
  unmount(instant: Instant, id: string): void;
  onMountChange(listener: (instant: Instant, id: string, state: MountState) => void): void;
}

type SetExportState = Parameters<Storage["setExport"]>[2];

const EXPORT_EVENTS: Readonly<Record<SetExportState, string>> = {
  served: "EXPORT_MENDED",
  hung: "EXPORT_HUNG",
  stale: "EXPORT_STALE",
  "read-only": "EXPORT_READ_ONLY",
  full: "EXPORT_FULL",
  slow: "EXPORT_SLOW",
};

/** `held`: the server took the request and does not answer; it will, once it goes on. `silent`: nothing arrives. */
type Answer = Access | "held";

const EXPORTS = "/etc/exports";
const NFS_UNITS = ["nfs", "nfs-server", "nfs-kernel-server"];
/** mount.nfs(8): a mount in the foreground is tried for two minutes. */
const MOUNT_RETRY_MS = 120_000;
/** nfs(5): over TCP the wait grows by timeo with each retransmission, up to 600 s. */
const RETRY_MAX_MS = 600_000;

/** NFS servers, their exports, and mounts. Mounts of other kinds are there too; their device always answers. */
export function buildNfs(
  blueprint: Blueprint,
  topology: Topology,
  hosts: HostsPart,
  network: NetworkPart,
  units: UnitsPart,
  /** Whether a mount's block device (a volume group) answers on its node. */
  deviceAnswers: (read: Reader, mount: Mount) => boolean,
): Nfs {
  const exports = new Map(
    [...topology.exports.keys()].map((id) => [id, blueprint.machine(`export/${id}`, exportMachine)]),
  );
  const servers = new Map<NodeId, MachineCell>();
  for (const { node } of topology.exports.values())
    if (!servers.has(node)) servers.set(node, blueprint.machine(`nfs-server/${node}`, nfsServerMachine));
  const mounts = new Map([...topology.mounts.keys()].map((id) => [id, blueprint.machine(`mount/${id}`, mountMachine)]));
  const byNode = new Map<NodeId, Mount[]>();
  for (const mount of topology.mounts.values()) {
    const list = byNode.get(mount.node);
    if (list) list.push(mount);
    else byNode.set(mount.node, [mount]);
  }
  const silentSince = new Map<string, Cell<number>>();
  const listeners: ((instant: Instant, id: string, state: MountState) => void)[] = [];

  const unitOf = new Map<NodeId, string | undefined>();
  for (const [node, cell] of servers) {
    const unit = NFS_UNITS.find((name) => units.has(node, name));
    unitOf.set(node, unit);
    const unitCell = unit === undefined ? undefined : units.cell(node, unit);
    blueprint.observer<"serving" | "silent" | "stopped">(
      `nfs-server/${node}`,
      (read) => {
        if (!hosts.isRunning(read, node)) return "silent";
        if (unitCell === undefined) return "serving";
        const state = read.get(unitCell).value;
        return state === "running" ? "serving" : state === "hung" ? "silent" : "stopped";
      },
      (instant, result) => {
        const type = { serving: "SERVER_ANSWERED", silent: "SERVER_SILENCED", stopped: "SERVER_STOPPED" }[result];
        instant.send(cell, { type }, instant.nowMs === 0 ? { quiet: true } : {});
      },
    );
  }

  const clientAddress = (mount: Mount): string | undefined => {
    const on = mount.serverAddress === undefined ? undefined : network.networkOf(mount.serverAddress);
    const addresses = topology.nodes.get(mount.node)!.nics.flatMap((nic) => nic.addresses);
    return (addresses.find((address) => address.network === on) ?? addresses[0])?.address;
  };

  const clientsOf = new Map(
    [...topology.exports.values()].map(({ id, clients }) => [id, clients.map(({ client }) => client)]),
  );
  /** Who may mount it, as the server read /etc/exports when it started; undefined where it is not exported. */
  function exported(read: Reader, of: NfsExportOf): readonly string[] | undefined {
    const unit = unitOf.get(of.node);
    const original = clientsOf.get(of.id);
    if (unit === undefined || !read.get(units.configurationCell(of.node, unit)).has(EXPORTS)) return original;
    return clientsIn(units.configuration(read, of.node, unit, EXPORTS) ?? "").get(of.path);
  }

  /** Nodes that have the same path to export: a pair behind a virtual address. */
  const peersOf = new Map(
    [...topology.exports.values()].map((of) => [
      of.id,
      [...topology.exports.values()].filter(({ path }) => path === of.path),
    ]),
  );

  function servedExport(read: Reader, client: NodeId, id: string, address?: string): NfsExportOf | undefined {
    const first = must(topology.exports, id, "export", "exports");
    const server = address ?? first.addresses[0];
    if (server === undefined || client === first.node) return first;
    const holder = network.answers(read, client, server);
    return peersOf.get(id)!.find(({ node }) => node === holder);
  }

  /** What the server mounts its own disk with, where the export lies on a mount that can be absent. */
  const groundOf = new Map(
    [...topology.exports.values()].map(({ id, node, path }) => [
      id,
      (byNode.get(node) ?? []).filter(({ mountPoint }) => `${path}/`.startsWith(`${mountPoint}/`)),
    ]),
  );

  function answer(read: Reader, mount: Mount): Answer {
    if (mount.export === undefined) return deviceAnswers(read, mount) ? "ok" : "error";
    const lost: Answer = mount.hard ? "silent" : "error";
    const of = servedExport(read, mount.node, mount.export, mount.serverAddress);
    if (of === undefined || read.get(servers.get(of.node)!).value !== "serving") return lost;
    // Unexported while it was mounted; or the directory under the disk that is not there: its handles are others.
    if (exported(read, of) === undefined || !groundOf.get(of.id)!.every(({ id }) => isThere(stateOf(read, id))))
      return "stale";
    switch (read.get(exports.get(of.id)!).value as SetExportState) {
      case "served":
        return "ok";
      case "hung":
        return mount.hard ? "held" : "error";
      case "stale":
        return "stale";
      case "read-only":
        return "read-only";
      case "full":
        return "full";
      case "slow":
        return "slow";
    }
  }

  const asAccess = (given: Answer): Access => (given === "held" ? "silent" : given);
  const stateOf = (read: Reader, id: string) =>
    read.get(mounts.get(id) ?? must(mounts, id, "mount", "mounts")).value as MountState;

  function send(instant: Instant, id: string, event: { type: string; access?: Access }, text?: string): void {
    const cell = mounts.get(id)!;
    const before = instant.get(cell).value;
    const { entry } = instant.send(cell, event, text === undefined ? {} : { text });
    const after = instant.get(cell).value as MountState;
    if (after !== before) instant.because(entry, () => tell(listeners, instant, id, after));
  }

  const retryTimers = timers(blueprint, "mount-retry", (instant, id) => {
    const mount = topology.mounts.get(id)!;
    const now = answer(instant, mount);
    if (now !== "silent") send(instant, id, { type: "ACCESS_CHANGED", access: asAccess(now) });
  });
  const giveUpTimers = timers(blueprint, "mount-gives-up", (instant, id) => {
    send(instant, id, { type: "MOUNT_FAILED" }, "mount.nfs gave up after two minutes");
    afterMount(instant, topology.mounts.get(id)!.node);
  });
  const retry = new Map([...mounts.keys()].map((id) => [id, retryTimers.of(id)]));
  const giveUp = new Map([...mounts.keys()].map((id) => [id, giveUpTimers.of(id)]));
  const retryMs = durationOf(topology.durations, "nfs.retry").ms;

  for (const [id, mount] of topology.mounts) {
    silentSince.set(
      id,
      blueprint.cell(`mount/${id}/silent-since`, -1, (since, nowMs) => (since < 0 ? -1 : nowMs - since), {
        rest: (since) => since < 0,
        phase: (since) => since,
      }),
    );
    blueprint.observer<Answer | undefined>(
      `mount/${id}`,
      (read) => (read.get(mounts.get(id)!).value === "unmounted" ? undefined : answer(read, mount)),
      (instant, result, before) => {
        if (result === undefined) return;
        if (stateOf(instant, id) === "mounting") {
          settleMounting(instant, mount, result);
          return;
        }
        if (result === "silent" || result === "held") {
          if (instant.get(silentSince.get(id)!) < 0) instant.set(silentSince.get(id)!, instant.nowMs);
          send(instant, id, { type: "ACCESS_CHANGED", access: "silent" });
          return;
        }
        const since = instant.get(silentSince.get(id)!);
        instant.set(silentSince.get(id)!, -1);
        // What was lost on the way is sent again when the client's timer says so; what the server holds it answers.
        if (before === "silent" && since >= 0) retry.get(id)!.set(instant, nextRetryMs(since, instant.nowMs, retryMs));
        else send(instant, id, { type: "ACCESS_CHANGED", access: result });
      },
    );
  }

  /** A mount at boot: goes on once the server answers. */
  function settleMounting(instant: Instant, mount: Mount, now: Answer): void {
    if (now === "silent" || now === "held") return;
    giveUp.get(mount.id)!.clear(instant);
    const refusal = refused(instant, mount);
    if (refusal !== undefined) send(instant, mount.id, { type: "MOUNT_FAILED" }, refusal);
    else finishMount(instant, mount.id, now);
    afterMount(instant, mount.node);
  }

  function finishMount(instant: Instant, id: string, now: Answer): void {
    send(instant, id, { type: "MOUNTED" });
    if (now !== "ok") send(instant, id, { type: "ACCESS_CHANGED", access: asAccess(now) });
  }

  const waitsForMounts = new Map(hosts.nodes.map((id) => [id, blueprint.cell(`init/${id}/waits-for-mounts`, false)]));
  const stillMounting = (read: Reader, node: NodeId) =>
    (byNode.get(node) ?? []).some((mount) => mount.by.kind === "fstab" && stateOf(read, mount.id) === "mounting");

  function afterMount(instant: Instant, node: NodeId): void {
    const waits = waitsForMounts.get(node)!;
    if (!instant.get(waits) || stillMounting(instant, node)) return;
    instant.set(waits, false);
    units.initGoesOn(instant, node);
  }

  units.addInitStep((instant, node) => {
    for (const mount of byNode.get(node) ?? []) {
      if (mount.by.kind === "resource" || (mount.by.kind === "fstab" && !mount.by.atBoot)) continue;
      begin(instant, mount);
    }
    const waits = stillMounting(instant, node);
    instant.set(waitsForMounts.get(node)!, waits);
    return waits;
  });

  function begin(instant: Instant, mount: Mount): void {
    if (stateOf(instant, mount.id) !== "unmounted") return;
    send(instant, mount.id, { type: "MOUNT_BEGUN" });
    giveUp.get(mount.id)!.set(instant, MOUNT_RETRY_MS);
    settleMounting(instant, mount, answer(instant, mount));
  }

  hosts.onLost((instant, node) => {
    instant.set(waitsForMounts.get(node)!, false);
    for (const { id } of byNode.get(node) ?? []) {
      retry.get(id)!.clear(instant);
      giveUp.get(id)!.clear(instant);
      instant.set(silentSince.get(id)!, -1);
      send(instant, id, { type: "NODE_LOST" });
    }
  });

  /** Why the server would not let the client mount. */
  function refused(read: Reader, mount: Mount): string | undefined {
    if (mount.export === undefined) return undefined;
    const of = servedExport(read, mount.node, mount.export, mount.serverAddress);
    const address = clientAddress(mount);
    if (of === undefined) return undefined;
    const clients = exported(read, of) ?? [];
    if (address === undefined || allows(clients, address, mount.node)) return undefined;
    return `mount.nfs: access denied by server while mounting ${mount.device}: ${address} is no client of ${of.id}`;
  }

  return {
    setExport(instant, id, state) {
      instant.send(must(exports, id, "export", "exports"), { type: EXPORT_EVENTS[state] });
    },
    exportCell: (id) => exports.get(id),
    serverCell: (node) => servers.get(node),
    servedExport,
    mountCell: (id) => mounts.get(id),
    mountState: stateOf,
    isMounted(read, id) {
      const state = stateOf(read, id);
      return state !== "unmounted" && state !== "mounting";
    },
    access: (read, id) => asAccess(answer(read, must(topology.mounts, id, "mount", "mounts"))),
    tryMount(read, id) {
      const mount = must(topology.mounts, id, "mount", "mounts");
      const now = answer(read, mount);
      if (now === "silent" || now === "held") return { kind: "hangs" };
      const refusal = refused(read, mount);
      if (refusal !== undefined) return { kind: "fails", reason: refusal };
      if (now === "stale")
        return { kind: "fails", reason: `mount.nfs: Stale file handle while mounting ${mount.device}` };
      if (now === "error") return { kind: "fails", reason: `mount: ${mount.device} does not answer` };
      return { kind: "mounts", access: now };
    },
    mount(instant, id) {
      const state = stateOf(instant, id);
      if (state !== "unmounted" && state !== "mounting") return;
      giveUp.get(id)!.clear(instant);
      finishMount(instant, id, answer(instant, topology.mounts.get(id)!));
    },
    unmount(instant, id) {
      retry.get(id)!.clear(instant);
      giveUp.get(id)!.clear(instant);
      instant.set(silentSince.get(id)!, -1);
      send(instant, id, { type: "UNMOUNTED" });
    },
    onMountChange: (listener) => void listeners.push(listener),
  };
}

function isThere(state: MountState): boolean {
  return state !== "unmounted" && state !== "mounting" && state !== "erring";
}

/** Time from now to the client's next retransmission: after timeo, then 2 × timeo more, 3 × timeo more, up to 600 s. */
function nextRetryMs(sinceMs: number, nowMs: number, retryMs: number): number {
  let at = sinceMs;
  for (let n = 1; at < nowMs; n++) at += Math.min(n * retryMs, RETRY_MAX_MS);
  return at - nowMs;
}

function allows(clients: readonly string[], address: string, name: string): boolean {
  return clients.some((client) => {
    if (client === "*" || client === address || client === name) return true;
    if (isCidr(client) && isAddress(address)) return cidrHolds(client, address);
    return false;
  });
}

const remembered = new Map<string, ReadonlyMap<string, readonly string[]>>();
const REMEMBERED_MAX = 200;

/** Clients by path of an /etc/exports; one that cannot be parsed exports nothing. */
function clientsIn(text: string): ReadonlyMap<string, readonly string[]> {
  let found = remembered.get(text);
  if (found === undefined) {
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    found = readExports(text);
    remembered.set(text, found);
  }
  return found;
}

function readExports(text: string): ReadonlyMap<string, readonly string[]> {
  const clients = new Map<string, string[]>();
  try {
    const imported = importFile(EXPORTS, text, EXPORTS);
    if (imported.kind !== "exports") return clients;
    for (const { path, client } of imported.facts.exports) clients.set(path, [...(clients.get(path) ?? []), client]);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return clients;
}
