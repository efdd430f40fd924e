import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../../kernel/index.js";
import { unitMachine } from "../../machines/unit.js";
import { agentDuration, durationOf } from "../../topology/durations.js";
import type { Topology } from "../../topology/types.js";
import type { NodeId, Units } from "../../twin/parts.js";
import { isServiceClass, primitivesOf } from "../agents/primitives.js";
import type { FileChanges, FilesPart } from "../files/index.js";
import type { HostsPart } from "../hosts/index.js";
import { tell } from "../listeners.js";
import { type Timer, timers } from "../timer.js";
import { must } from "../unknown-name.js";
import { type AtBoot, buildAtBoot } from "./at-boot.js";
import { parsesItsFiles } from "./start-checks.js";

export type UnitState = "stopped" | "starting" | "loading" | "running" | "hung" | "stopping" | "failed";

/** What a start or stop will come to. */
export interface UnitOperation {
  readonly ok: boolean;
  /** How long the init script takes; the service may be ready later. */
  readonly durationMs: number;
  readonly reason?: string;
}

/** Says why a unit cannot start with the files that it would read; undefined where it can. Pure. */
export type StartCheck = (read: Reader, node: NodeId, unit: string) => string | undefined;

/** A unit whose process another part plays (mysqld on its datadir). */
export interface UnitPlayer {
  start(instant: Instant, takesMs?: number): UnitOperation;
  stop(instant: Instant, takesMs?: number): UnitOperation;
  kill(instant: Instant): void;
  state(read: Reader): UnitState;
  /** What its state is read from. */
  readonly cell: MachineCell;
}

export interface UnitsPart extends Units {
  readonly atBoot: AtBoot;
  /** The units that a node may run: init's, its cluster's, the topology's services. In boot order, then by name. */
  list(node: NodeId): readonly string[];
  has(node: NodeId, unit: string): boolean;
  state(read: Reader, node: NodeId, unit: string): UnitState;
  /** The process answers: `running` on a node that executes. */
  isReady(read: Reader, node: NodeId, unit: string): boolean;
  cell(node: NodeId, unit: string): MachineCell | undefined;
  /** A file as the running process read it when it started or reloaded; undefined where it was not there. */
  configuration(read: Reader, node: NodeId, unit: string, path: string): string | undefined;
  /** The cell behind `configuration`: changes when the unit reads its files and these differ from before. */
  configurationCell(node: NodeId, unit: string): Cell<FileChanges>;
  /** As `start` and `stop`, telling what it will come to; for agents. `takesMs` instead of its usual time. */
  begin(instant: Instant, node: NodeId, unit: string, operation: "start" | "stop", takesMs?: number): UnitOperation;
  /** Reads its files again without a stop. */
  reload(instant: Instant, node: NodeId, unit: string): void;
  /** The process stays and answers nobody, until `resume`, a kill or a restart. */
  hang(instant: Instant, node: NodeId, unit: string): void;
  resume(instant: Instant, node: NodeId, unit: string): void;
  onChange(listener: (instant: Instant, node: NodeId, unit: string, state: UnitState) => void): void;
  /** Adds a reason for which starts of a unit fail. */
  addStartCheck(unit: string, check: StartCheck): void;
  /** For players: the unit reads its files now; why it could not start with them, undefined where it can. */
  readFiles(instant: Instant, node: NodeId, unit: string): string | undefined;
  /** Lets another part play a unit's process (while building). */
  setPlayer(node: NodeId, unit: string, player: UnitPlayer): void;
  /** Something that init does before it starts units (mounts); it holds init until `initGoesOn`. */
  addInitStep(step: (instant: Instant, node: NodeId) => boolean): void;
  initGoesOn(instant: Instant, node: NodeId): void;
}

/** Units of the cluster stack: the cluster part starts those itself. */
export const CLUSTER_STACK_UNITS: ReadonlySet<string> = new Set(["cman", "corosync", "pacemaker", "pcsd", "clvmd"]);

/** After SIGTERM a script waits about this long before SIGKILL (RHEL 6, killproc's delay: 3 s). */
const KILL_AFTER_MS = 3_000;

const QUIET: ReadonlySet<string> = new Set([
  "NODE_LOST",
  "UNIT_START_BEGUN",
  "UNIT_SCRIPT_RETURNED",
  "UNIT_STOP_BEGUN",
]);
const IN_BETWEEN: ReadonlySet<string> = new Set(["starting", "loading", "stopping"]);

const NO_CHANGES: FileChanges = new Map();

interface UnitOf {
  readonly node: NodeId;
  readonly unit: string;
  readonly cell: MachineCell;
  readonly read: Cell<FileChanges>;
  readonly timer: Timer;
  /** It is to start once it has stopped: a restart, or a start that came while it was stopping. */
  readonly startsAgain: Cell<boolean>;
  readonly startMs: number;
  readonly stopMs: number;
  readonly readyMs: number;
  player?: UnitPlayer;
}

/**
 * Services on nodes, as init and the cluster start them. Each start reads the node's files; a later edit changes
 * nothing until a restart or reload. What a service answers is the services' affair: here it is a process.
 */
export function buildUnits(blueprint: Blueprint, topology: Topology, hosts: HostsPart, files: FilesPart): UnitsPart {
  const units = new Map<string, UnitOf>();
  const byNode = new Map<NodeId, UnitOf[]>(hosts.nodes.map((id) => [id, []]));
  const checks = new Map<string, StartCheck[]>();
  const parses = parsesItsFiles(topology, files);
  const listeners: ((instant: Instant, node: NodeId, unit: string, state: UnitState) => void)[] = [];
  const initSteps: ((instant: Instant, node: NodeId) => boolean)[] = [];

  const unitTimers = timers(blueprint, "unit-script", (instant, id) => {
    const of = units.get(id)!;
    // A frozen node's processes get no further; a thaw looks again.
    if (!hosts.isRunning(instant, of.node)) return;
    const state = instant.get(of.cell).value as UnitState;
    if (state === "starting" && of.readyMs > of.startMs) {
      send(instant, of, "UNIT_SCRIPT_RETURNED");
      of.timer.set(instant, of.readyMs - of.startMs);
    } else if (state === "stopping") {
      send(instant, of, "UNIT_STOPPED");
      if (!instant.get(of.startsAgain)) return;
      instant.set(of.startsAgain, false);
      begin(instant, of, "start");
    } else send(instant, of, "UNIT_READY");
  });

  const servicesOn = new Map<NodeId, string[]>();
  for (const { node, unit } of topology.services.values()) {
    const list = servicesOn.get(node);
    if (list) list.push(unit);
    else servicesOn.set(node, [unit]);
  }
  for (const node of hosts.nodes)
    for (const unit of unitsOf(topology, node, servicesOn.get(node) ?? [])) {
      const id = `${unit}@${node}`;
      const service = topology.services.get(id);
      const startedBy = service?.startedBy;
      const family = { cluster: "", id: "", agentClass: "lsb", agent: unit };
      if (startedBy?.kind === "cluster") Object.assign(family, { cluster: startedBy.cluster, id: startedBy.resource });
      const of: UnitOf = {
        node,
        unit,
        cell: blueprint.machine(`unit/${id}`, unitMachine),
        read: blueprint.cell(`unit/${id}/configuration`, NO_CHANGES),
        timer: unitTimers.of(id),
        startsAgain: blueprint.cell(`unit/${id}/starts-again`, false),
        startMs: agentDuration(topology.durations, family, "start").ms,
        stopMs: agentDuration(topology.durations, family, "stop").ms,
        readyMs: durationOf(
          topology.durations,
          unit === "haproxy" ? "haproxy.ready" : unit === "nfs" ? "nfs-server.ready" : "service.ready",
        ).ms,
      };
      units.set(id, of);
      byNode.get(node)!.push(of);
    }

  /** By node, then by unit: asked for at every step of a path. */
  const byName = new Map<NodeId, Map<string, UnitOf>>();
  for (const [node, list] of byNode) byName.set(node, new Map(list.map((of) => [of.unit, of])));
  const at = (node: NodeId, unit: string) => byName.get(node)?.get(unit);
  const find = (node: NodeId, unit: string) => at(node, unit) ?? must(units, `${unit}@${node}`, "unit", "units");
  const stateOf = (read: Reader, of: UnitOf) => of.player?.state(read) ?? (read.get(of.cell).value as UnitState);

  function send(instant: Instant, of: UnitOf, type: string, text?: string): void {
    const before = instant.get(of.cell).value;
    // What follows from the node's own loss, and steps on the way, are not told each.
    const quiet = QUIET.has(type);
    const { entry } = instant.send(of.cell, { type }, { quiet, ...(text !== undefined && { text }) });
    const after = instant.get(of.cell).value as UnitState;
    if (after !== before) instant.because(entry, () => tell(listeners, instant, of.node, of.unit, after));
  }

  function whyNoStart(read: Reader, of: UnitOf): string | undefined {
    for (const check of [parses, ...(checks.get(of.unit) ?? [])]) {
      const reason = check(read, of.node, of.unit);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  function begin(instant: Instant, of: UnitOf, operation: "start" | "stop", takesMs?: number): UnitOperation {
    if (of.player) return of.player[operation](instant, takesMs);
    const state = stateOf(instant, of);
    if (operation === "start") {
      if (isAlive(state)) return { ok: true, durationMs: 0 };
      if (state === "stopping") {
        instant.set(of.startsAgain, true);
        return { ok: true, durationMs: (of.timer.remainingMs(instant) ?? 0) + of.startMs };
      }
      instant.set(of.read, files.changes(instant, of.node));
      send(instant, of, "UNIT_START_BEGUN");
      const reason = whyNoStart(instant, of);
      const durationMs = takesMs ?? of.startMs;
      if (reason !== undefined) {
        send(instant, of, "UNIT_START_FAILED", reason);
        return { ok: false, durationMs, reason };
      }
      of.timer.set(instant, durationMs);
      return { ok: true, durationMs };
    }
    instant.set(of.startsAgain, false);
    if (state === "stopped") return { ok: true, durationMs: 0 };
    if (state === "stopping") return { ok: true, durationMs: of.timer.remainingMs(instant) ?? 0 };
    // killproc: SIGTERM, then SIGKILL after a few seconds; a process that hangs needs the second.
    const durationMs = takesMs ?? (state === "hung" ? of.stopMs + KILL_AFTER_MS : of.stopMs);
    send(instant, of, "UNIT_STOP_BEGUN");
    of.timer.set(instant, durationMs);
    return { ok: true, durationMs };
  }

  /** A player's unit: its own stop tells how long it takes. */
  const restarted = blueprint.event<string>("unit-restart", (instant, id) => {
    const of = units.get(id)!;
    if (hosts.isRunning(instant, of.node)) begin(instant, of, "start");
  });

  const atBoot = buildAtBoot(blueprint, topology, hosts.nodes);
  // init runs its scripts one after another (SysV's rc).
  const initAt = new Map(hosts.nodes.map((id) => [id, blueprint.cell<number>(`init/${id}`, -1)]));
  const initTimers = timers(blueprint, "init", (instant, node) => initGoesOn(instant, node));
  const initTimer = new Map(hosts.nodes.map((id) => [id, initTimers.of(id)]));
  function initGoesOn(instant: Instant, node: NodeId): void {
    let at = instant.get(initAt.get(node)!);
    if (at < 0) return;
    if (!hosts.isRunning(instant, node)) {
      initTimer.get(node)!.set(instant, 1_000);
      return;
    }
    const enabled = atBoot.units(instant, node);
    while (at < initSteps.length + enabled.length) {
      instant.set(initAt.get(node)!, ++at);
      if (at <= initSteps.length) {
        if (initSteps[at - 1]!(instant, node)) return;
        continue;
      }
      const of = units.get(`${enabled[at - initSteps.length - 1]}@${node}`);
      if (of === undefined) continue;
      const { durationMs } = begin(instant, of, "start");
      if (durationMs > 0) {
        initTimer.get(node)!.set(instant, durationMs);
        return;
      }
    }
    instant.set(initAt.get(node)!, -1);
  }

  hosts.onUp((instant, node) => {
    instant.set(initAt.get(node)!, 0);
    initGoesOn(instant, node);
  });
  hosts.onFreeze((instant, node, frozen) => {
    if (frozen) return;
    for (const of of byNode.get(node)!)
      if (IN_BETWEEN.has(instant.get(of.cell).value) && !of.timer.isSet(instant)) of.timer.set(instant, 0);
  });
  hosts.onInitStop((instant, node) => {
    for (const of of byNode.get(node)!) if (isAlive(stateOf(instant, of))) begin(instant, of, "stop");
  });
  hosts.onLost((instant, node) => {
    instant.set(initAt.get(node)!, -1);
    initTimer.get(node)!.clear(instant);
    for (const of of byNode.get(node)!) {
      of.timer.clear(instant);
      instant.set(of.startsAgain, false);
      send(instant, of, "NODE_LOST");
    }
  });

  return {
    atBoot,
    list: (node) => byNode.get(node)?.map((of) => of.unit) ?? [],
    has: (node, unit) => at(node, unit) !== undefined,
    state: (read, node, unit) => stateOf(read, find(node, unit)),
    isRunning: (read, node, unit) => {
      const of = at(node, unit);
      return of !== undefined && isAlive(stateOf(read, of)) && hosts.isRunning(read, node);
    },
    isReady: (read, node, unit) => {
      const of = at(node, unit);
      return of !== undefined && stateOf(read, of) === "running" && hosts.isRunning(read, node);
    },
    cell(node, unit) {
      const of = at(node, unit);
      return of?.player?.cell ?? of?.cell;
    },
    configuration: (read, node, unit, path) => files.textUnder(read.get(find(node, unit).read), node, path),
    configurationCell: (node, unit) => find(node, unit).read,
    begin: (instant, node, unit, operation, takesMs) => begin(instant, find(node, unit), operation, takesMs),
    start: (instant, node, unit) => void begin(instant, find(node, unit), "start"),
    stop: (instant, node, unit) => void begin(instant, find(node, unit), "stop"),
    restart(instant, node, unit) {
      const of = find(node, unit);
      const { durationMs } = begin(instant, of, "stop");
      if (of.player === undefined) begin(instant, of, "start");
      else if (Number.isFinite(durationMs)) instant.after(durationMs, restarted, `${unit}@${node}`);
    },
    reload(instant, node, unit) {
      const of = find(node, unit);
      if (isAlive(stateOf(instant, of))) instant.set(of.read, files.changes(instant, node));
    },
    kill(instant, node, unit) {
      const of = find(node, unit);
      if (of.player) return of.player.kill(instant);
      of.timer.clear(instant);
      instant.set(of.startsAgain, false);
      send(instant, of, "UNIT_KILLED");
    },
    hang: (instant, node, unit) => send(instant, find(node, unit), "UNIT_HUNG"),
    resume: (instant, node, unit) => send(instant, find(node, unit), "UNIT_RESUMED"),
    onChange: (listener) => void listeners.push(listener),
    addStartCheck(unit, check) {
      checks.set(unit, [...(checks.get(unit) ?? []), check]);
    },
    setPlayer(node, unit, player) {
      const of = at(node, unit);
      if (of !== undefined) of.player = player;
    },
    readFiles(instant, node, unit) {
      const of = at(node, unit);
      if (of === undefined) return undefined;
      instant.set(of.read, files.changes(instant, node));
      return whyNoStart(instant, of);
    },
    addInitStep: (step) => void initSteps.push(step),
    initGoesOn,
  };
}

function isAlive(state: UnitState): boolean {
  return state === "loading" || state === "running" || state === "hung" || state === "starting";
}

/** In init's order, then the cluster's and the topology's others by name. */
function unitsOf(topology: Topology, node: NodeId, services: readonly string[]): string[] {
  const found = new Set(topology.nodes.get(node)!.units.filter((unit) => !CLUSTER_STACK_UNITS.has(unit)));
  const others = new Set<string>();
  const clusterId = topology.nodes.get(node)!.cluster;
  const cluster = clusterId === undefined ? undefined : topology.clusters.get(clusterId);
  if (cluster)
    for (const { agentClass, type } of primitivesOf(cluster.cib)) if (isServiceClass(agentClass)) others.add(type);
  for (const service of services) others.add(service);
  for (const unit of [...others].sort()) found.add(unit);
  return [...found];
}
