import type { Cell, EventType, Instant, Pending, Watcher } from "../../kernel/index.js";
import type { Outcome, ResourceAgent } from "../../twin/parts.js";
import { settingsOf } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import { operationKey } from "../status/history.js";
import { roleOf } from "../status/resource-role.js";

/** Which request started a monitor, and what it is expected to find. */
export interface ActiveMonitor {
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly targetRc: number;
  readonly transition: number;
  readonly action: number;
  readonly dc: string;
  readonly callId: number;
  readonly digest: string | undefined;
  /** The last exit code that was reported. */
  readonly reported: number;
}

export type MonitorListener = (
  instant: Instant,
  node: NodeCells,
  monitor: ActiveMonitor,
  outcome: Outcome & { readonly timedOut: boolean },
) => void;

interface Slot {
  readonly node: NodeCells;
  readonly resource: string;
  readonly key: string;
  readonly intervalMs: number;
  readonly active: Cell<ActiveMonitor | undefined>;
  readonly watcher: Watcher<number>;
}

interface PollPayload {
  readonly node: number;
  readonly key: string;
}

/** Undecided: the node is frozen, the agent does not come to an end. */
const NO_RESULT = -1;
const TIMED_OUT = 198;

/**
 * Recurring monitors: a sleeping watcher for each that the CIB defines, on each node. A monitor that somebody adds to
 * the configuration later has no watcher and is polled. A monitor repeats its interval after its last end, so its
 * period is interval + duration.
 */
export class MonitorWatchers {
  readonly #core: ClusterCore;
  readonly #agentOf: (resource: string) => ResourceAgent;
  readonly #listener: MonitorListener;
  readonly #slots = new Map<string, Slot>();
  readonly #ofResource = new Map<string, Slot[]>();
  readonly #ofNode = new Map<string, Slot[]>();
  readonly #poll: EventType<PollPayload>;
  /** Monitors without a watcher, by node. */
  readonly #polled: readonly Cell<ReadonlyMap<string, { monitor: ActiveMonitor; pending: Pending }>>[];

  constructor(core: ClusterCore, agentOf: (resource: string) => ResourceAgent, listener: MonitorListener) {
    this.#core = core;
    this.#agentOf = agentOf;
    this.#listener = listener;
    this.#poll = core.blueprint.event(`cluster/${core.id}/poll`, (instant, payload: PollPayload) =>
      this.#pollDue(instant, payload),
    );
    this.#polled = core.nodes.map((node) =>
      core.blueprint.cell<ReadonlyMap<string, { monitor: ActiveMonitor; pending: Pending }>>(
        `cluster/${core.id}/polled@${node.name}`,
        new Map(),
        (map, nowMs) => [...map].map(([key, { monitor, pending }]) => [key, monitor.reported, pending.atMs - nowMs]),
      ),
    );
    for (const primitive of settingsOf(core.spec.cib).primitives.values()) {
      const names =
        primitive.uniqueInstances > 1
          ? Array.from({ length: primitive.uniqueInstances }, (_, i) => `${primitive.id}:${i}`)
          : [primitive.id];
      const intervals = new Set(
        primitive.operations.filter((op) => op.name === "monitor" && op.intervalMs > 0).map((op) => op.intervalMs),
      );
      for (const node of core.nodes)
        for (const name of names) for (const interval of intervals) this.#add(node, name, interval);
    }
  }

  /** Goes on after its first look, which has just ended with `rc`. */
  start(instant: Instant, node: NodeCells, from: Omit<ActiveMonitor, "reported">, rc: number): void {
    const { resource, operation, intervalMs, targetRc, transition, action, dc, callId, digest } = from;
    const monitor: ActiveMonitor = {
      resource,
      operation,
      intervalMs,
      targetRc,
      transition,
      action,
      dc,
      callId,
      digest,
      reported: rc,
    };
    const key = slotKey(node, operationKey(resource, operation, intervalMs));
    const slot = this.#slots.get(key);
    if (!slot) {
      this.#pollLater(instant, node, monitor);
      return;
    }
    instant.set(slot.active, monitor);
    if (!instant.isWatching(slot.watcher)) instant.watch(slot.watcher, this.#periodMs(instant, slot), intervalMs);
  }

  stop(instant: Instant, node: NodeCells, resource: string, operation: string, intervalMs: number): void {
    const key = operationKey(resource, operation, intervalMs);
    const slot = this.#slots.get(slotKey(node, key));
    if (slot) this.#stopSlot(instant, slot);
    else this.#stopPolls(instant, node, (other) => other === key);
  }

  /** All monitors of a resource on a node, or of the node. */
  stopAll(instant: Instant, node: NodeCells, resource?: string): void {
    const slots = resource === undefined ? this.#ofNode.get(node.name) : this.#ofResource.get(slotKey(node, resource));
    for (const slot of slots ?? []) this.#stopSlot(instant, slot);
    this.#stopPolls(instant, node, (key) => resource === undefined || key.startsWith(`${resource}_`));
  }

  /** Monitors that the node's history says are going on; `phase` gives the delay until each is due. */
  adopt(instant: Instant, node: NodeCells, phase: (resource: string, periodMs: number) => number): void {
    for (const history of instant.get(node.executor).history.values()) {
      const { role, recurring } = roleOf(history);
      if (role === "Stopped") continue;
      for (const op of recurring) {
        const targetRc = Number(op.transitionKey.split(":")[2] ?? 0) || 0;
        const monitor: ActiveMonitor = {
          resource: history.id,
          operation: op.operation,
          intervalMs: op.intervalMs,
          targetRc,
          transition: -1,
          action: -1,
          dc: "",
          callId: op.callId,
          digest: op.opDigest,
          reported: op.rcCode,
        };
        const slot = this.#slots.get(slotKey(node, op.operationKey));
        if (!slot) continue;
        const periodMs = this.#periodMs(instant, slot);
        instant.set(slot.active, monitor);
        instant.watch(slot.watcher, periodMs, phase(history.id, periodMs));
      }
    }
  }

  #add(node: NodeCells, resource: string, intervalMs: number): void {
    const core = this.#core;
    const key = operationKey(resource, "monitor", intervalMs);
    const name = `cluster/${core.id}/monitor/${key}@${node.name}`;
    const active = core.blueprint.cell<ActiveMonitor | undefined>(
      name,
      undefined,
      (monitor) => monitor && [monitor.reported, monitor.targetRc],
    );
    const agent = this.#agentOf(resource);
    const watcher = core.blueprint.watcher<number>(`${name}/check`, {
      evaluate: (read) => {
        if (!core.deps.hosts.isRunning(read, node.name)) return NO_RESULT;
        const outcome = agent.monitor(read, node.name);
        return outcome.durationMs > this.#timeoutMs(resource, intervalMs) ? TIMED_OUT : outcome.rc;
      },
      deliver: (instant, rc) => {
        const monitor = instant.get(active);
        if (!monitor || rc === NO_RESULT || rc === monitor.reported) return true;
        instant.set(active, { ...monitor, reported: rc });
        const outcome = agent.monitor(instant, node.name);
        this.#listener(instant, node, monitor, { ...outcome, timedOut: rc === TIMED_OUT });
        return true;
      },
    });
    const slot: Slot = { node, resource, key, intervalMs, active, watcher };
    this.#slots.set(slotKey(node, key), slot);
    push(this.#ofResource, slotKey(node, resource), slot);
    push(this.#ofNode, node.name, slot);
  }

  #periodMs(instant: Instant, slot: Slot): number {
    const { durationMs } = this.#agentOf(slot.resource).monitor(instant, slot.node.name);
    return slot.intervalMs + (Number.isFinite(durationMs) ? Math.round(durationMs) : 0);
  }

  #timeoutMs(resource: string, intervalMs: number): number {
    const { primitives } = settingsOf(this.#core.spec.cib);
    const facts = primitives.get(resource) ?? primitives.get(resource.replace(/:\d+$/, ""));
    return facts?.operations.find((op) => op.name === "monitor" && op.intervalMs === intervalMs)?.timeoutMs ?? 20_000;
  }

  #stopSlot(instant: Instant, slot: Slot): void {
    if (instant.get(slot.active) === undefined) return;
    instant.set(slot.active, undefined);
    instant.unwatch(slot.watcher);
  }

  #stopPolls(instant: Instant, node: NodeCells, which: (key: string) => boolean): void {
    const cell = this.#polled[node.index]!;
    const map = instant.get(cell);
    if (map.size === 0) return;
    const left = new Map(map);
    for (const [key, { pending }] of map)
      if (which(key)) {
        instant.cancel(pending);
        left.delete(key);
      }
    if (left.size !== map.size) instant.set(cell, left);
  }

  #pollLater(instant: Instant, node: NodeCells, monitor: ActiveMonitor): void {
    const key = operationKey(monitor.resource, monitor.operation, monitor.intervalMs);
    const { durationMs } = this.#agentOf(monitor.resource).monitor(instant, node.name);
    const periodMs = monitor.intervalMs + (Number.isFinite(durationMs) ? Math.round(durationMs) : 0);
    const pending = instant.after(periodMs, this.#poll, { node: node.index, key });
    const cell = this.#polled[node.index]!;
    instant.set(cell, new Map(instant.get(cell)).set(key, { monitor, pending }));
  }

  #pollDue(instant: Instant, payload: PollPayload): void {
    const node = this.#core.nodes[payload.node]!;
    const entry = instant.get(this.#polled[node.index]!).get(payload.key);
    if (!entry) return;
    let { monitor } = entry;
    if (this.#core.isAwake(instant, node)) {
      const outcome = this.#agentOf(monitor.resource).monitor(instant, node.name);
      const timedOut = outcome.durationMs > this.#timeoutMs(monitor.resource, monitor.intervalMs);
      const rc = timedOut ? TIMED_OUT : outcome.rc;
      if (rc !== monitor.reported) {
        this.#listener(instant, node, monitor, { ...outcome, timedOut });
        monitor = { ...monitor, reported: rc };
      }
    }
    this.#pollLater(instant, node, monitor);
  }
}

function slotKey(node: NodeCells, key: string): string {
  return `${node.name}/${key}`;
}

function push(map: Map<string, Slot[]>, key: string, slot: Slot): void {
  const list = map.get(key);
  if (list) list.push(slot);
  else map.set(key, [slot]);
}
