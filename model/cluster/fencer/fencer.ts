import type { EventType, Instant, MachineCell, Pending, Stream } from "../../kernel/index.js";
import { fenceDevice } from "../../machines/fence-device.js";
import type { NodeId, PowerResult } from "../../twin/parts.js";
import { intervalMs } from "../configuration/interval.js";
import { option } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import { attemptsOf, delayOf, fenceDevices, plugFor, timeoutOf } from "./devices.js";
import type { FenceOperation } from "./fence-operation.js";
import { listedBy, stepsFor } from "./steps.js";

/** Told how a fencing ended, on the node that asked. `noDevice`: nobody could even try. */
export type FenceListener = (
  instant: Instant,
  node: NodeCells,
  end: FenceOperation,
  result: { readonly ok: boolean; readonly noDevice: boolean; readonly by: NodeId | undefined; readonly entry: number },
) => void;

interface FencePayload {
  readonly node: number;
  readonly id: number;
}

/**
 * The fencers (stonithd, pacemaker-fenced) of one cluster. Whoever is asked queries its peers for devices, then has
 * one peer after another use them; an agent gets two attempts and a time-out; what the power controller answers is
 * believed. An operation lives on the node that asked and dies with it.
 */
export class Fencer {
  readonly #core: ClusterCore;
  readonly #isBlocked: (instant: Instant, node: NodeCells) => boolean;
  readonly #advance: EventType<FencePayload>;
  readonly #timeout: EventType<FencePayload>;
  readonly #reply: EventType<PowerResult>;
  readonly #machines = new Map<string, MachineCell>();
  readonly #jitter: Stream;
  #listener: FenceListener = () => {};

  constructor(core: ClusterCore, isBlocked: (instant: Instant, node: NodeCells) => boolean) {
    this.#core = core;
    this.#isBlocked = isBlocked;
    this.#jitter = core.blueprint.stream(`cluster/${core.id}/fence-delay`);
    for (const device of fenceDevices(core.spec.cib))
      this.#machines.set(device.id, core.blueprint.machine(`fence-device/${core.id}/${device.id}`, fenceDevice));
    this.#advance = core.blueprint.event(`cluster/${core.id}/fence`, (instant, payload: FencePayload) => {
      const node = core.nodes[payload.node]!;
      if (core.defers(instant, node, this.#advance, payload)) return;
      const operation = this.#find(instant, node, payload.id);
      if (operation) this.#next(instant, node, operation);
    });
    this.#timeout = core.blueprint.event(`cluster/${core.id}/fence-timeout`, (instant, payload: FencePayload) => {
      const node = core.nodes[payload.node]!;
      if (core.defers(instant, node, this.#timeout, payload)) return;
      const operation = this.#find(instant, node, payload.id);
      if (operation?.phase === "agent")
        this.#attemptEnded(instant, node, operation, false, "the fence agent timed out", true);
    });
    this.#reply = core.blueprint.event(`cluster/${core.id}/fence-reply`, (instant, result: PowerResult) => {
      const [id, step, attempt] = result.request.reference.split("/").map(Number) as [number, number, number];
      const node = core.nodes.find((candidate) => this.#find(instant, candidate, id));
      if (!node || core.defers(instant, node, this.#reply, result)) return;
      const operation = this.#find(instant, node, id);
      if (operation?.phase !== "agent" || operation.step !== step || operation.attempt !== attempt) return;
      if (result.ok && this.#isBlocked(instant, node)) {
        instant.set(node.deferred, [
          ...instant.get(node.deferred),
          { type: this.#reply as EventType<unknown>, payload: result },
        ]);
        return;
      }
      this.#attemptEnded(instant, node, operation, result.ok, result.text, false);
    });
  }

  onEnd(listener: FenceListener): void {
    this.#listener = listener;
  }

  isFencing(instant: Instant, node: NodeCells, target: NodeId): boolean {
    return instant.get(node.fencing).some((operation) => operation.target === target);
  }

  /** Asks `node`'s fencer to fence a target. The end is told to the listener, perhaps at this very instant. */
  request(
    instant: Instant,
    node: NodeCells,
    target: NodeId,
    action: "off" | "on" | "reboot",
    how: { graphAction?: number; transition?: number; timeoutMs: number; entry: number },
  ): void {
    const id = this.#core.next(instant);
    const operation: FenceOperation = {
      id,
      target,
      action,
      graphAction: how.graphAction,
      transition: how.transition ?? -1,
      steps: [],
      step: 0,
      attempt: 0,
      phase: "query",
      agentSinceMs: 0,
      pending: instant.after(this.#core.timings.fenceQueryMs, this.#advance, { node: node.index, id }),
      timeout: undefined,
      timeoutMs: how.timeoutMs,
      entry: how.entry,
    };
    instant.set(node.fencing, [...instant.get(node.fencing), operation]);
  }

  /** The node that asked is gone. A peer whose agent is at work for it finishes, and tells whoever is left. */
  reset(instant: Instant, node: NodeCells): void {
    for (const operation of instant.get(node.fencing)) {
      const step = operation.steps[operation.step];
      const peer = step && operation.phase === "agent" ? this.#core.byName.get(step.by) : undefined;
      if (!peer || peer === node || !this.#core.isControllerUp(instant, peer)) {
        this.#forget(instant, node, operation, "FENCE_ABANDONED");
        continue;
      }
      instant.set(
        node.fencing,
        instant.get(node.fencing).filter((other) => other.id !== operation.id),
      );
      instant.set(peer.fencing, [...instant.get(peer.fencing), this.#handOver(instant, peer, operation)]);
    }
  }

  /** Only the step under way goes on, and nobody's transition waits for it. */
  #handOver(instant: Instant, peer: NodeCells, operation: FenceOperation): FenceOperation {
    instant.cancel(operation.timeout);
    const leftMs = Math.max(1, (operation.timeout?.atMs ?? instant.nowMs) - instant.nowMs);
    const { level } = operation.steps[operation.step]!;
    return {
      ...operation,
      graphAction: undefined,
      transition: -1,
      steps: operation.steps.filter((step, i) => i <= operation.step || step.level === level),
      timeout: instant.after(leftMs, this.#timeout, { node: peer.index, id: operation.id }) as Pending,
    };
  }

  /** Peers left: what they were doing for this node will not be answered. */
  peersLeft(instant: Instant, node: NodeCells, left: readonly string[]): void {
    for (const operation of instant.get(node.fencing)) {
      const step = operation.steps[operation.step];
      if (step && operation.phase !== "query" && left.includes(step.by))
        this.#stepFailed(instant, node, operation, `${step.by} left the membership`);
    }
  }

  #find(instant: Instant, node: NodeCells, id: number): FenceOperation | undefined {
    return instant.get(node.fencing).find((operation) => operation.id === id);
  }

  #replace(instant: Instant, node: NodeCells, operation: FenceOperation): FenceOperation {
    instant.set(
      node.fencing,
      instant.get(node.fencing).map((other) => (other.id === operation.id ? operation : other)),
    );
    return operation;
  }

  #forget(instant: Instant, node: NodeCells, operation: FenceOperation, how: string): void {
    instant.cancel(operation.pending);
    instant.cancel(operation.timeout);
    instant.set(
      node.fencing,
      instant.get(node.fencing).filter((other) => other.id !== operation.id),
    );
    const step = operation.steps[operation.step];
    if (step && operation.phase !== "query") this.#tellDevice(instant, step.device, how);
  }

  #tellDevice(instant: Instant, device: string, type: string): void {
    const machine = this.#machines.get(device);
    if (machine) instant.send(machine, { type }, { quiet: true });
  }

  /** The query is answered, a delay is over, or a retry is due. */
  #next(instant: Instant, node: NodeCells, operation: FenceOperation): void {
    if (operation.phase === "query") {
      const steps = stepsFor(this.#core, instant, node, operation.target, operation.action);
      const known = this.#replace(instant, node, { ...operation, steps, pending: undefined });
      if (steps.length === 0) this.#end(instant, node, known, false, true, undefined, "no device can fence it");
      else this.#beginStep(instant, node, known);
    } else this.#runAgent(instant, node, operation);
  }

  /** A step begins with its device's delay. */
  #beginStep(instant: Instant, node: NodeCells, operation: FenceOperation): void {
    const step = operation.steps[operation.step]!;
    const device = fenceDevices(instant.get(node.cib)).find((candidate) => candidate.id === step.device);
    this.#tellDevice(instant, step.device, "FENCE_REQUESTED");
    const { baseMs, maxMs } = device ? delayOf(device, operation.target) : { baseMs: 0, maxMs: 0 };
    const randomMs =
      maxMs > baseMs
        ? Math.floor((this.#core.deps.drawFenceDelay?.() ?? instant.draw(this.#jitter)) * (maxMs - baseMs))
        : 0;
    const delayMs = step.action === "on" && operation.action !== "on" ? 0 : baseMs + randomMs;
    const waiting = this.#replace(instant, node, {
      ...operation,
      attempt: 0,
      phase: "delay",
      agentSinceMs: 0,
      pending: undefined,
    });
    if (delayMs === 0) {
      this.#runAgent(instant, node, waiting);
      return;
    }
    instant.because(operation.entry, () =>
      instant.note({
        kind: "fence",
        subject: `fence-device/${this.#core.id}/${step.device}`,
        what: "delaying",
        text: `${step.device} waits ${delayMs} ms before it fences ${operation.target} (pcmk_delay)`,
        data: { cluster: this.#core.id, node: operation.target, delayMs },
      }),
    );
    this.#replace(instant, node, {
      ...waiting,
      pending: instant.after(delayMs, this.#advance, { node: node.index, id: operation.id }) as Pending,
    });
  }

  #runAgent(instant: Instant, node: NodeCells, operation: FenceOperation): void {
    const core = this.#core;
    const step = operation.steps[operation.step]!;
    const facts = core.spec.fenceDevices.find((device) => device.id === step.device);
    const primitive = fenceDevices(instant.get(node.cib)).find((device) => device.id === step.device);
    const plug = primitive ? plugFor(primitive, operation.target, listedBy(this.#core, step.device)) : undefined;
    this.#tellDevice(instant, step.device, "AGENT_STARTED");
    const attempt = operation.attempt + 1;
    const first = attempt === 1;
    const timeoutMs = primitive ? timeoutOf(primitive, step.action, operation.timeoutMs) : operation.timeoutMs;
    const running = this.#replace(instant, node, {
      ...operation,
      attempt,
      phase: "agent",
      agentSinceMs: first ? instant.nowMs : operation.agentSinceMs,
      pending: undefined,
      timeout: first
        ? (instant.after(timeoutMs, this.#timeout, { node: node.index, id: operation.id }) as Pending)
        : operation.timeout,
    });
    if (!facts || plug === undefined) {
      this.#attemptEnded(instant, node, running, false, `${step.device} has no power controller`, true);
      return;
    }
    instant.because(operation.entry, () =>
      core.deps.power.act(
        instant,
        {
          controller: facts.controller,
          from: step.by,
          action: step.action,
          target: operation.target,
          reference: `${operation.id}/${operation.step}/${attempt}`,
        },
        this.#reply,
      ),
    );
  }

  #attemptEnded(
    instant: Instant,
    node: NodeCells,
    operation: FenceOperation,
    ok: boolean,
    text: string,
    last: boolean,
  ): void {
    const step = operation.steps[operation.step]!;
    if (ok) {
      this.#stepSucceeded(instant, node, operation);
      return;
    }
    const primitive = fenceDevices(instant.get(node.cib)).find((device) => device.id === step.device);
    const attempts = primitive ? attemptsOf(primitive, step.action) : 1;
    instant.because(instant.cause || operation.entry, () =>
      instant.note({
        kind: "fence",
        subject: `fence-device/${this.#core.id}/${step.device}`,
        what: "attempt failed",
        text: `attempt ${operation.attempt} of ${step.device} on ${step.by} to fence ${operation.target}: ${text}`,
        data: { cluster: this.#core.id, node: operation.target, attempt: operation.attempt },
      }),
    );
    if (last || operation.attempt >= attempts) {
      this.#stepFailed(instant, node, operation, text);
      return;
    }
    this.#tellDevice(instant, step.device, "ATTEMPT_FAILED");
    this.#replace(instant, node, {
      ...operation,
      phase: "retry",
      pending: instant.after(this.#core.timings.fenceRetryMs, this.#advance, {
        node: node.index,
        id: operation.id,
      }) as Pending,
    });
  }

  #stepSucceeded(instant: Instant, node: NodeCells, operation: FenceOperation): void {
    const step = operation.steps[operation.step]!;
    instant.cancel(operation.timeout);
    const next = operation.steps[operation.step + 1];
    if (next && next.level === step.level) {
      this.#tellDevice(instant, step.device, "FENCE_SUCCEEDED");
      this.#beginStep(instant, node, { ...operation, step: operation.step + 1, timeout: undefined });
      return;
    }
    this.#end(instant, node, operation, true, false, step.by, "");
  }

  #stepFailed(instant: Instant, node: NodeCells, operation: FenceOperation, text: string): void {
    const step = operation.steps[operation.step]!;
    instant.cancel(operation.timeout);
    instant.cancel(operation.pending);
    let next = operation.step + 1;
    while (next < operation.steps.length && operation.steps[next]!.level === step.level) next++;
    if (next >= operation.steps.length) {
      // Once a level has switched the target off, not coming on again is no failure of the fencing.
      const off = operation.steps.some((s, i) => i < operation.step && s.level === step.level && s.action === "off");
      const on = step.action === "on" && operation.action !== "on" && off;
      this.#end(instant, node, operation, on, false, on ? step.by : undefined, text);
      return;
    }
    this.#tellDevice(instant, step.device, "FENCE_FAILED");
    this.#beginStep(instant, node, { ...operation, step: next, timeout: undefined, pending: undefined });
  }

  #end(
    instant: Instant,
    node: NodeCells,
    operation: FenceOperation,
    ok: boolean,
    noDevice: boolean,
    by: NodeId | undefined,
    text: string,
  ): void {
    this.#forget(instant, node, operation, ok ? "FENCE_SUCCEEDED" : "FENCE_FAILED");
    const device = operation.steps[operation.step]?.device;
    const entry = instant.because(instant.cause || operation.entry, () =>
      instant.note({
        kind: "fence",
        subject: `node/${operation.target}`,
        what: ok ? "fenced" : "fence-failed",
        text: ok
          ? `${by} fenced ${operation.target} (${operation.action}) with ${device}`
          : `${operation.target} was not fenced (${operation.action}): ${text}`,
        data: {
          cluster: this.#core.id,
          seenBy: node.name,
          by: by ?? null,
          action: operation.action,
          device: device ?? null,
        },
      }),
    );
    instant.because(entry, () => this.#listener(instant, node, operation, { ok, noDevice, by, entry }));
  }
}

/** The cluster's limit for one fencing, unless the device says: stonith-timeout. */
export function stonithTimeoutMs(instant: Instant, node: NodeCells): number {
  return intervalMs(option(instant.get(node.cib), "stonith-timeout"), 60_000);
}
