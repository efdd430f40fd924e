import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../../kernel/index.js";
import { hypervisorMachine } from "../../machines/hypervisor.js";
import { type NodeContext, type NodeEvent, nodeMachine } from "../../machines/node.js";
import { powerFeedMachine } from "../../machines/power-feed.js";
import { durationOf } from "../../topology/durations.js";
import type { Topology } from "../../topology/types.js";
import type { Hosts, NodeId } from "../../twin/parts.js";
import { tell } from "../listeners.js";
import { timers } from "../timer.js";
import { must } from "../unknown-name.js";

type Listener = (instant: Instant, node: NodeId) => void;

/** What the other parts of the plant read of hosts, beyond what everybody may. */
export interface HostsPart extends Hosts {
  readonly nodes: readonly NodeId[];
  cell(node: NodeId): MachineCell<NodeContext>;
  hypervisorCell(hypervisor: string): MachineCell;
  feedCell(feed: string): MachineCell;
  /** Whether one of the feeds carries it; without feeds nothing can take its power. */
  isFed(read: Reader, feeds: readonly string[]): boolean;
  hypervisorUp(read: Reader, hypervisor: string): boolean;
  /** No feed is off, no hypervisor is down. */
  carriersUp(read: Reader): boolean;
  /** The node is where its power can be switched: a virtual machine needs its hypervisor. */
  isCarried(read: Reader, node: NodeId): boolean;
  /** In an orderly shutdown, when nobody holds it any more: init stops its units, and has the shutdown's time for it. */
  onInitStop(listener: (instant: Instant, node: NodeId) => void): void;
  /** The machine is switched on, whatever it executes. */
  isPowered(read: Reader, node: NodeId): boolean;
}

/**
 * Nodes, power feeds and hypervisors. At the start of a world every node has just booted. A node that lost its power
 * with its feed or hypervisor boots when that returns (BIOS "last state", ESX autostart: inferred); one that was
 * switched off stays off until somebody switches it on. A machine comes back where it was: the topology has no word for
 * a restart on another hypervisor, nor for moving one.
 */
export function buildHosts(blueprint: Blueprint, topology: Topology): HostsPart {
  const nodes = [...topology.nodes.keys()];
  const cells = new Map(nodes.map((id) => [id, blueprint.machine<NodeContext>(`node/${id}`, nodeMachine)]));
  const feeds = new Map(
    [...topology.feeds.keys()].map((id) => [id, blueprint.machine(`feed/${id}`, powerFeedMachine)]),
  );
  const hypervisors = new Map(
    [...topology.hypervisors.keys()].map((id) => [id, blueprint.machine(`hypervisor/${id}`, hypervisorMachine)]),
  );
  /** By feed and by hypervisor. */
  const nodesOf = new Map<string, NodeId[]>([...feeds.keys()].map((id) => [id, []]));
  const machinesOf = new Map<string, NodeId[]>([...hypervisors.keys()].map((id) => [id, []]));
  for (const { id, feeds: its, hypervisor } of topology.nodes.values()) {
    for (const feed of its) nodesOf.get(feed)?.push(id);
    if (hypervisor !== undefined) machinesOf.get(hypervisor)?.push(id);
  }
  /** What it went off for, where that was not its own doing: it boots again when that returns. */
  const lostWith = new Map<string, Cell<boolean>>();
  for (const id of nodes) lostWith.set(id, blueprint.cell(`node/${id}/lost-with-carrier`, false));
  for (const id of hypervisors.keys())
    lostWith.set(`hypervisor/${id}`, blueprint.cell(`hypervisor/${id}/lost-with-carrier`, false));
  /** Feeds and hypervisors. */
  const carriersDown = blueprint.cell("hosts/carriers-down", 0);
  const holds = new Map(nodes.map((id) => [id, blueprint.cell(`node/${id}/shutdown-holds`, 0)]));

  const lost: Listener[] = [];
  const up: Listener[] = [];
  const shutdowns: ((instant: Instant, node: NodeId) => boolean)[] = [];
  const initStops: Listener[] = [];
  const freezes: ((instant: Instant, node: NodeId, frozen: boolean) => void)[] = [];

  const bootTimers = timers(blueprint, "boot", (instant, node) => {
    const { entry } = instant.send(cells.get(node)!, { type: "NODE_BOOTED" });
    instant.because(entry, () => tell(up, instant, node));
  });
  const shutdownTimers = timers(blueprint, "shutdown", (instant, node) => {
    // A frozen node gets no further; `thaw` looks again.
    if (read(instant, node) === "shutting-down") finishShutdown(instant, node);
  });
  const hypervisorTimers = timers(blueprint, "hypervisor-boot", (instant, id) => {
    const { entry } = instant.send(hypervisors.get(id)!, { type: "HYPERVISOR_BOOTED" });
    instant.set(carriersDown, instant.get(carriersDown) - 1);
    instant.because(entry, () => restoreNodes(instant, machinesOf.get(id) ?? []));
  });
  const bootTimer = new Map(nodes.map((id) => [id, bootTimers.of(id)]));
  const shutdownTimer = new Map(nodes.map((id) => [id, shutdownTimers.of(id)]));
  const hypervisorTimer = new Map([...hypervisors.keys()].map((id) => [id, hypervisorTimers.of(id)]));

  const started = blueprint.event<NodeId>("node-was-up", (instant, node) => {
    for (const listener of up) listener(instant, node);
  });
  blueprint.onStart((instant) => {
    for (const node of nodes) {
      instant.send(cells.get(node)!, { type: "NODE_POWERED_ON" }, { quiet: true });
      instant.send(cells.get(node)!, { type: "NODE_BOOTED" }, { quiet: true });
    }
    // Listeners run once every part's own start has.
    for (const node of nodes) instant.after(0, started, node);
  });

  const node = (id: NodeId) => cells.get(id) ?? must(cells, id, "node", "nodes");
  const read = (reader: Reader, id: NodeId) => reader.get(node(id)).value as ReturnType<Hosts["state"]>;
  const isFed = (reader: Reader, of: readonly string[]) =>
    of.length === 0 || of.some((feed) => reader.get(feeds.get(feed)!).value === "on");
  const hypervisorUp = (reader: Reader, id: string) =>
    reader.get(hypervisors.get(id) ?? must(hypervisors, id, "hypervisor", "hypervisors")).value === "up";

  function isCarried(reader: Reader, id: NodeId): boolean {
    const { feeds, hypervisor } = topology.nodes.get(id)!;
    return isFed(reader, feeds) && (hypervisor === undefined || hypervisorUp(reader, hypervisor));
  }

  function takeDown(instant: Instant, id: NodeId, what: string): void {
    bootTimer.get(id)!.clear(instant);
    shutdownTimer.get(id)!.clear(instant);
    instant.set(holds.get(id)!, 0);
    const { entry } = instant.send(node(id), { type: "NODE_LOST" }, { text: what });
    instant.because(entry, () => tell(lost, instant, id));
  }

  function powerOff(instant: Instant, id: NodeId, what: string): void {
    instant.set(lostWith.get(id)!, false);
    if (read(instant, id) !== "off") takeDown(instant, id, what);
  }

  function powerOn(instant: Instant, id: NodeId): void {
    if (read(instant, id) !== "off") return;
    if (!isCarried(instant, id)) {
      instant.set(lostWith.get(id)!, true);
      instant.note({ kind: "note", subject: `node/${id}`, what: "cannot power on", text: "nothing carries it" });
      return;
    }
    instant.set(lostWith.get(id)!, false);
    const { entry } = instant.send(node(id), { type: "NODE_POWERED_ON" });
    instant.because(entry, () => bootTimer.get(id)!.set(instant, topology.nodes.get(id)!.bootMs));
  }

  /** What lost its carrier goes down. */
  function dropNodes(instant: Instant, what: string, concerned: readonly NodeId[]): void {
    for (const id of concerned) {
      if (read(instant, id) === "off" || isCarried(instant, id)) continue;
      takeDown(instant, id, what);
      instant.set(lostWith.get(id)!, true);
    }
  }

  function restoreNodes(instant: Instant, concerned: readonly NodeId[]): void {
    for (const id of concerned) if (instant.get(lostWith.get(id)!) && isCarried(instant, id)) powerOn(instant, id);
  }

  function loseHypervisor(instant: Instant, id: string, text: string): void {
    hypervisorTimer.get(id)!.clear(instant);
    if (hypervisorUp(instant, id)) instant.set(carriersDown, instant.get(carriersDown) + 1);
    const { entry } = instant.send(hypervisors.get(id)!, { type: "HYPERVISOR_LOST" }, { text });
    instant.because(entry, () => dropNodes(instant, `lost with hypervisor ${id}`, machinesOf.get(id) ?? []));
  }

  function bootHypervisor(instant: Instant, id: string): void {
    const mark = lostWith.get(`hypervisor/${id}`)!;
    if (!isFed(instant, topology.hypervisors.get(id)!.feeds)) {
      instant.set(mark, true);
      return;
    }
    instant.set(mark, false);
    const { entry } = instant.send(hypervisors.get(id)!, { type: "HYPERVISOR_POWERED_ON" });
    instant.because(entry, () =>
      hypervisorTimer.get(id)!.set(instant, durationOf(topology.durations, "hypervisor.boot").ms),
    );
  }

  /** The cluster has let go: init stops what it started. */
  function stopInit(instant: Instant, id: NodeId): void {
    shutdownTimer.get(id)!.set(instant, durationOf(topology.durations, "node.shutdown").ms);
    for (const listener of initStops) listener(instant, id);
  }

  function finishShutdown(instant: Instant, id: NodeId): void {
    const { afterwards } = instant.get(node(id)).context;
    const { entry } = instant.send(node(id), { type: "SHUTDOWN_FINISHED" });
    instant.because(entry, () => {
      for (const listener of lost) listener(instant, id);
      if (afterwards === "reboot") powerOn(instant, id);
    });
  }

  return {
    nodes,
    cell: node,
    hypervisorCell: (id) => must(hypervisors, id, "hypervisor", "hypervisors"),
    feedCell: (id) => must(feeds, id, "feed", "feeds"),
    isFed,
    hypervisorUp,
    carriersUp: (reader) => reader.get(carriersDown) === 0,
    isCarried,
    isPowered: (reader, id) => read(reader, id) !== "off",
    state: read,
    isRunning(reader, id) {
      const state = read(reader, id);
      return state === "up" || state === "shutting-down";
    },
    powerOff,
    powerOn,
    freeze(instant, id) {
      const before = read(instant, id);
      const { entry } = instant.send(node(id), { type: "NODE_FROZEN" });
      if (read(instant, id) !== before) instant.because(entry, () => tell(freezes, instant, id, true));
    },
    thaw(instant, id) {
      if (read(instant, id) !== "frozen") return;
      const { entry } = instant.send(node(id), { type: "NODE_THAWED" });
      instant.because(entry, () => {
        const timer = shutdownTimer.get(id)!;
        if (read(instant, id) === "shutting-down" && instant.get(holds.get(id)!) === 0 && !timer.isSet(instant))
          timer.set(instant, 0);
        for (const listener of freezes) listener(instant, id, false);
      });
    },
    shutdown(instant, id, afterwards) {
      if (read(instant, id) !== "up") return;
      const begun: NodeEvent = { type: "SHUTDOWN_BEGUN", afterwards };
      const { entry } = instant.send(node(id), begun);
      instant.because(entry, () => {
        let held = 0;
        for (const listener of shutdowns) if (listener(instant, id)) held++;
        instant.set(holds.get(id)!, held);
        if (held === 0) stopInit(instant, id);
      });
    },
    release(instant, id) {
      const held = instant.get(holds.get(id)!);
      if (held === 0) return;
      instant.set(holds.get(id)!, held - 1);
      if (held === 1) stopInit(instant, id);
    },
    onLost: (listener) => void lost.push(listener),
    onUp: (listener) => void up.push(listener),
    onInitStop: (listener) => void initStops.push(listener),
    onFreeze: (listener) => void freezes.push(listener),
    onShutdown: (listener) => void shutdowns.push(listener),
    setFeed(instant, id, on) {
      const cell = must(feeds, id, "feed", "feeds");
      const before = instant.get(cell).value;
      const { entry } = instant.send(cell, { type: on ? "FEED_RESTORED" : "FEED_LOST" });
      if (instant.get(cell).value === before) return;
      instant.set(carriersDown, instant.get(carriersDown) + (on ? -1 : 1));
      instant.because(entry, () => {
        const hangsOnIt = (of: readonly string[]) => of.includes(id);
        if (on) {
          for (const [name, host] of topology.hypervisors)
            if (hangsOnIt(host.feeds) && instant.get(lostWith.get(`hypervisor/${name}`)!))
              bootHypervisor(instant, name);
          restoreNodes(instant, nodesOf.get(id) ?? []);
          return;
        }
        for (const [name, host] of topology.hypervisors) {
          if (!hangsOnIt(host.feeds) || isFed(instant, host.feeds)) continue;
          if (instant.get(hypervisors.get(name)!).value === "off") continue;
          loseHypervisor(instant, name, `lost its power with ${id}`);
          instant.set(lostWith.get(`hypervisor/${name}`)!, true);
        }
        dropNodes(instant, `lost its power with ${id}`, nodesOf.get(id) ?? []);
      });
    },
    setHypervisor(instant, id, isUp) {
      const state = instant.get(must(hypervisors, id, "hypervisor", "hypervisors")).value;
      if (isUp && state === "off") bootHypervisor(instant, id);
      if (!isUp && state !== "off") {
        instant.set(lostWith.get(`hypervisor/${id}`)!, false);
        loseHypervisor(instant, id, "crashed");
      }
    },
  };
}
