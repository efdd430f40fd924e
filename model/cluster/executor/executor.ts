import type { EventType, Instant } from "../../kernel/index.js";
import type { Outcome, ResourceAgent } from "../../twin/parts.js";
import type { ResourceHistory } from "../cib/types.js";
import type { ClusterCore, NodeCells } from "../core.js";
import type { GraphAction } from "../scheduler/interface.js";
import { operationDigest } from "../status/digest.js";
import { withEntry } from "../status/edit.js";
import {
  operationKey,
  STATUS_DONE,
  STATUS_PENDING,
  STATUS_TIMEOUT,
  withoutRecurring,
  withResult,
} from "../status/history.js";
import { type ExecutorState, IDLE_EXECUTOR, type RunningOperation } from "./executor-state.js";
import { type ActiveMonitor, MonitorWatchers } from "./monitor-watchers.js";
import { RC_OK, statusOf } from "./result-words.js";
import { factsOf, type ResultListener, Results } from "./results.js";

/** PCMK_OCF_TIMEOUT: the executor killed the agent. */
export const RC_TIMEOUT = 198;
/** PCMK_OCF_UNKNOWN, in the record of an operation that has begun. */
const RC_PENDING = 193;
/** default-action-timeout. */
const DEFAULT_TIMEOUT_MS = 20_000;

/** What a DC asks a node to do. Plain data: it may wait in the world. */
export interface OperationRequest {
  /** Indices of the node that is asked and the DC. */
  readonly node: number;
  readonly dc: number;
  readonly transition: number;
  readonly action: GraphAction;
  readonly targetRc: number;
  /** How many milliseconds of other requests go out before it. */
  readonly waitMs: number;
  /** The trace entry of the request. */
  readonly entry: number;
}

interface OperationPayload {
  readonly node: number;
  readonly key: string;
}

/**
 * The local executor (lrmd, pacemaker-execd) of every node of one cluster: runs agents, applies time-outs, keeps the
 * node's history and repeats monitors. Nothing in it knows about other nodes.
 */
export class Executor {
  readonly #core: ClusterCore;
  readonly #agentOf: (resource: string) => ResourceAgent;
  readonly #request: EventType<OperationRequest>;
  readonly #done: EventType<OperationPayload>;
  readonly #monitors: MonitorWatchers;
  readonly #isBlocked: (instant: Instant, node: NodeCells) => boolean;
  readonly #results: Results;

  constructor(
    core: ClusterCore,
    agentOf: (resource: string) => ResourceAgent,
    isBlocked: (instant: Instant, node: NodeCells) => boolean,
  ) {
    this.#core = core;
    this.#agentOf = agentOf;
    this.#isBlocked = isBlocked;
    this.#results = new Results(core, isBlocked);
    this.#request = core.blueprint.event(`cluster/${core.id}/request`, (instant, request: OperationRequest) =>
      this.perform(instant, request),
    );
    this.#done = core.blueprint.event(`cluster/${core.id}/operation`, (instant, payload: OperationPayload) => {
      const node = core.nodes[payload.node]!;
      if (core.defers(instant, node, this.#done, payload)) return;
      this.#finish(instant, node, payload.key);
    });
    this.#monitors = new MonitorWatchers(core, agentOf, (instant, node, monitor, outcome) =>
      this.#monitorChanged(instant, node, monitor, outcome),
    );
  }

  onResult(listener: ResultListener): void {
    this.#results.onResult(listener);
  }

  /** Begins what a DC asked for. An operation that has begun is in the node's history as pending. */
  perform(instant: Instant, request: OperationRequest): void {
    const { action } = request;
    const node = this.#core.nodes[request.node]!;
    const dc = this.#core.nodes[request.dc]!;
    if (!this.#core.isControllerUp(instant, node)) return;
    if (node !== dc) {
      if (!instant.get(dc.totem).ring?.includes(node.name)) return;
      if (this.#isBlocked(instant, dc)) {
        this.#results.hold(instant, dc, this.#request, request);
        return;
      }
    }
    if (this.#core.defers(instant, node, this.#request, request)) return;
    if (action.operation === "cancel") {
      this.#cancelMonitor(instant, node, request);
      return;
    }
    const resource = action.resource!;
    const isMonitor = action.operation === "monitor";
    if (!isMonitor && action.operation !== "notify") this.#monitors.stopAll(instant, node, resource);
    const agent = this.#agentOf(resource);
    const outcome = isMonitor
      ? agent.monitor(instant, node.name)
      : action.operation === "notify" || action.operation === "reload" || action.operation === "reload-agent"
        ? { rc: RC_OK, durationMs: 10 }
        : agent.begin(instant, node.name, action.operation as Parameters<ResourceAgent["begin"]>[2]);
    const state = instant.get(node.executor);
    const key = operationKey(resource, action.operation, action.intervalMs);
    const timeoutMs = action.timeoutMs > 0 ? action.timeoutMs : DEFAULT_TIMEOUT_MS;
    const waitMs = Math.round(Math.min(outcome.durationMs, timeoutMs));
    const dispatchMs = this.#core.timings.dispatchMs + request.waitMs;
    const contactMs = this.#contactMs(state, resource);
    const pending = instant.after(dispatchMs + contactMs + waitMs, this.#done, {
      node: node.index,
      key,
    });
    const running: RunningOperation = {
      key,
      resource,
      operation: action.operation,
      intervalMs: action.intervalMs,
      timeoutMs,
      targetRc: request.targetRc,
      action: action.id,
      transition: request.transition,
      dc: dc.name,
      callId: state.callId + 1,
      beganMs: instant.nowMs,
      outcome,
      pending,
      entry: request.entry,
      digest: operationDigest(action.attributes, action.intervalMs),
      ...(action.attributes["CRM_meta_migrate_source"] !== undefined && {
        migrateSource: action.attributes["CRM_meta_migrate_source"],
      }),
      ...(action.attributes["CRM_meta_migrate_target"] !== undefined && {
        migrateTarget: action.attributes["CRM_meta_migrate_target"],
      }),
    };
    for (const old of state.running) if (old.key === key) instant.cancel(old.pending);
    instant.set(node.executor, {
      ...state,
      callId: state.callId + 1,
      running: [...state.running.filter((old) => old.key !== key), running],
    });
  }

  /** The node's processes are gone. */
  reset(instant: Instant, node: NodeCells): void {
    const state = instant.get(node.executor);
    for (const running of state.running) instant.cancel(running.pending);
    this.#monitors.stopAll(instant, node);
    instant.set(node.executor, IDLE_EXECUTOR);
    instant.set(node.deferred, []);
  }

  /** Pacemaker alone is gone from the node: agents that are at work finish unseen, nothing is looked at any more. */
  detach(instant: Instant, node: NodeCells): void {
    const state = instant.get(node.executor);
    for (const running of state.running) {
      instant.cancel(running.pending);
      if (running.outcome && running.operation !== "monitor")
        this.#agentOf(running.resource).complete(instant, node.name, running.operation, running.outcome);
    }
    this.#monitors.stopAll(instant, node);
    instant.set(node.executor, IDLE_EXECUTOR);
  }

  /** The node's history with what is under way as pending, for a DC that takes the node in. */
  historyForJoin(instant: Instant, node: NodeCells): ReadonlyMap<string, ResourceHistory> {
    const { history, running } = instant.get(node.executor);
    let found = history;
    for (const op of running) {
      const before = found.get(op.resource);
      const result = this.#results.of(instant, node, op, RC_PENDING, STATUS_PENDING, undefined);
      found = withEntry(found, op.resource, withResult(before, result));
    }
    return found;
  }

  /** The executor's history without a resource (lrm_delete), or with another history for it. */
  forget(instant: Instant, node: NodeCells, resource: string): void {
    const state = instant.get(node.executor);
    this.#monitors.stopAll(instant, node, resource);
    instant.set(node.executor, { ...state, history: withEntry(state.history, resource, undefined) });
  }

  /** A failure that somebody made up: recorded as an asynchronous monitor with exit code 1. */
  fail(instant: Instant, node: NodeCells, resource: string): void {
    const state = instant.get(node.executor);
    if (!state.history.has(resource)) return;
    const operation: RunningOperation = {
      key: operationKey(resource, "asyncmon", 0),
      resource,
      operation: "asyncmon",
      intervalMs: 0,
      timeoutMs: 0,
      targetRc: RC_OK,
      action: -1,
      transition: -1,
      dc: "",
      callId: state.callId + 1,
      beganMs: instant.nowMs,
      outcome: undefined,
      pending: undefined,
      entry: instant.cause,
      digest: undefined,
    };
    instant.set(node.executor, { ...state, callId: state.callId + 1 });
    const result = this.#results.of(instant, node, operation, 1, STATUS_DONE, "Simulated failure");
    this.#results.publish(instant, node, result, operation, instant.cause);
  }

  /** History that the world begins with: resources are active and their monitors go on. `phase` says when each is due. */
  adopt(instant: Instant, node: NodeCells, phase: (resource: string, periodMs: number) => number): void {
    const cib = this.#core.spec.cib;
    const history = cib.status.nodes.get(node.name)?.resources ?? new Map();
    let callId = 0;
    for (const resource of history.values()) for (const op of resource.operations) callId = Math.max(callId, op.callId);
    instant.set(node.executor, { callId, history, running: [] });
    this.#monitors.adopt(instant, node, phase);
  }

  /** What the first operation on a resource costs beside: it is registered, and its agent's metadata read once. */
  #contactMs(state: ExecutorState, resource: string): number {
    if (state.history.has(resource)) return 0;
    const { registerMs, metadataMs } = this.#core.timings;
    const type = factsOf(this.#core, resource)?.type;
    for (const known of state.history.values()) if (known.type === type) return registerMs;
    return registerMs + metadataMs;
  }

  #finish(instant: Instant, node: NodeCells, key: string): void {
    const state = instant.get(node.executor);
    const running = state.running.find((op) => op.key === key);
    if (!running?.outcome) return;
    const timedOut = running.outcome.durationMs > running.timeoutMs;
    const rc = timedOut ? RC_TIMEOUT : running.outcome.rc;
    const status = timedOut ? STATUS_TIMEOUT : statusOf(running.operation, rc);
    const isMonitor = running.operation === "monitor";
    if (!isMonitor && running.operation !== "notify")
      this.#agentOf(running.resource).complete(instant, node.name, running.operation, { ...running.outcome, rc });
    const result = this.#results.of(instant, node, running, rc, status, running.outcome.exitReason);
    instant.set(node.executor, { ...state, running: state.running.filter((op) => op !== running) });
    if (isMonitor && running.intervalMs > 0) this.#monitors.start(instant, node, running, rc);
    this.#results.publish(instant, node, result, running, running.entry);
  }

  /** A recurring monitor finds something else than at its last look; the agent takes its time to say so. */
  #monitorChanged(
    instant: Instant,
    node: NodeCells,
    monitor: ActiveMonitor,
    outcome: Outcome & { timedOut: boolean },
  ): void {
    const state = instant.get(node.executor);
    const key = operationKey(monitor.resource, monitor.operation, monitor.intervalMs);
    if (state.running.some((op) => op.key === key)) return;
    const facts = factsOf(this.#core, monitor.resource, instant, node);
    const timeoutMs =
      facts?.operations.find((op) => op.name === monitor.operation && op.intervalMs === monitor.intervalMs)
        ?.timeoutMs ?? 20_000;
    const waitMs = Math.min(outcome.durationMs, timeoutMs);
    const pending = instant.after(Math.round(waitMs), this.#done, { node: node.index, key });
    const running: RunningOperation = {
      key,
      ...monitor,
      timeoutMs,
      beganMs: instant.nowMs,
      outcome,
      pending,
      entry: instant.cause,
    };
    instant.set(node.executor, { ...state, running: [...state.running, running] });
  }

  #cancelMonitor(instant: Instant, node: NodeCells, request: OperationRequest): void {
    const { action } = request;
    const resource = action.resource!;
    const operation = action.attributes["CRM_meta_operation"] ?? "monitor";
    const intervalMs = Number(action.attributes["CRM_meta_interval"] ?? action.intervalMs);
    this.#monitors.stop(instant, node, resource, operation, intervalMs);
    const state = instant.get(node.executor);
    const history = state.history.get(resource);
    const key = operationKey(resource, operation, intervalMs);
    for (const op of state.running) if (op.key === key) instant.cancel(op.pending);
    instant.set(node.executor, {
      ...state,
      running: state.running.filter((op) => op.key !== key),
      history: history
        ? withEntry(state.history, resource, withoutRecurring(history, operation, intervalMs))
        : state.history,
    });
    this.#results.cancelled(instant, node, { resource, intervalMs, callId: state.callId }, request);
  }
}
