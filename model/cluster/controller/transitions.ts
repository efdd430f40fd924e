import type { EventType, Instant, Pending } from "../../kernel/index.js";
import { intervalMs } from "../configuration/interval.js";
import { option } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import type { Executor } from "../executor/executor.js";
import { type Fencer, stonithTimeoutMs } from "../fencer/fencer.js";
import type { Decision, GraphAction } from "../scheduler/interface.js";
import { withHistory } from "../status/edit.js";
import { ABORT_ALL, type GraphState, graphKey, inFlight, isReady, successorsOf, withStatus } from "./graph-state.js";
import { type NodePayload, nodeEvent } from "./node-event.js";

interface GraphPayload extends NodePayload {
  readonly transition: number;
  readonly action: number;
}

/** What a transition asks of the rest of the controller. */
export interface TransitionHooks {
  /** A join waited for the old transition's end. */
  joinMayGoOn(instant: Instant, dc: NodeCells): void;
  clearFailCounts(instant: Instant, node: NodeCells, resource: string | undefined): void;
  /** The node's controller leaves in order. */
  terminate(instant: Instant, node: NodeCells): void;
}

/** The DC's loop: something aborts, the scheduler decides, the graph is carried out. */
export class Transitions {
  readonly #core: ClusterCore;
  readonly #executor: Executor;
  readonly #fencer: Fencer;
  readonly #hooks: TransitionHooks;
  readonly #decide: EventType<NodePayload>;
  readonly #recheck: EventType<NodePayload>;
  readonly #crmDone: EventType<GraphPayload>;

  constructor(core: ClusterCore, parts: { executor: Executor; fencer: Fencer; hooks: TransitionHooks }) {
    this.#core = core;
    this.#executor = parts.executor;
    this.#fencer = parts.fencer;
    this.#hooks = parts.hooks;
    this.#decide = nodeEvent(core, "decide", (instant, node) => {
      core.timerFired(instant, node, "decide");
      this.#makeDecision(instant, node);
    });
    const recheck = (instant: Instant, node: NodeCells) => {
      core.timerFired(instant, node, "recheck");
      this.abort(instant, node, "the cluster is checked again (cluster-recheck-interval)");
    };
    this.#recheck = nodeEvent(core, "recheck", recheck, { repeats: true });
    this.#crmDone = nodeEvent<GraphPayload>(core, "crm-action", (instant, node, { transition, action }) => {
      const graph = instant.get(node.graph);
      if (graph?.number === transition && graph.status[action] === ">") this.actionEnded(instant, node, action, true);
    });
  }

  /** The DC's pause where its own updates of the CIB are still on their way. */
  pauseMs(dc: NodeCells): number {
    return this.#core.deps.pauseOf?.(dc.name) ?? this.#core.timings.pendingUpdatesMs;
  }

  /** A join is complete: the decision follows. */
  decideAfterJoin(instant: Instant, dc: NodeCells): void {
    const delayMs = this.#core.timings.decideMs + this.pauseMs(dc);
    this.#core.setTimer(instant, dc, "decide", instant.after(delayMs, this.#decide, { node: dc.index }) as Pending);
  }

  /** Something changed that the DC must look at. */
  abort(
    instant: Instant,
    dc: NodeCells,
    reason: string,
    how: { priority?: number; updatesPending?: boolean; after?: "restart" | "wait" } = {},
  ): void {
    const core = this.#core;
    const graph = instant.get(dc.graph);
    const state = instant.get(dc.controller).value;
    if (state === "integration" || state === "election") return;
    if (graph && inFlight(graph)) {
      const priority = Math.max(graph.abortPriority ?? -ABORT_ALL, how.priority ?? ABORT_ALL);
      const after = how.after === "wait" && graph.after !== "restart" ? "wait" : (how.after ?? "restart");
      if (graph.abortPriority === undefined || priority > graph.abortPriority || after !== graph.after)
        instant.set(dc.graph, { ...graph, abortPriority: priority, after, abortReason: graph.abortReason ?? reason });
      return;
    }
    if (how.after === "wait") return;
    instant.send(dc.controller, { type: "ABORTED" }, { quiet: true });
    if (instant.get(dc.controller).value !== "policy-engine") return;
    const delayMs = core.timings.decideMs + (how.updatesPending ? this.pauseMs(dc) : 0);
    const timers = instant.get(dc.timers);
    core.cancelTimer(instant, dc, "recheck");
    // A decision that is due later anyway (the pause after a loss) stays where it is.
    if (timers.decide && timers.decide.atMs >= instant.nowMs + delayMs) return;
    core.setTimer(instant, dc, "decide", instant.after(delayMs, this.#decide, { node: dc.index }) as Pending);
  }

  #makeDecision(instant: Instant, dc: NodeCells): void {
    const core = this.#core;
    if (!core.isDc(instant, dc) || instant.get(dc.controller).value !== "policy-engine") return;
    const decision = core.deps.scheduler.decide(instant.get(dc.cib), { nowEpochSeconds: core.epochSeconds(instant) });
    const entry =
      decision.actions.length === 0 && decision.stuck.length === 0
        ? instant.cause
        : instant.note({
            kind: "decision",
            subject: `cluster/${core.id}`,
            what: "transition",
            text: decisionText(decision),
            data: {
              cluster: core.id,
              dc: dc.name,
              actions: decision.actions.length,
              notModelled: decision.notModelled,
            },
          });
    const graph: GraphState = {
      number: core.next(instant),
      decision,
      key: graphKey(decision),
      status: ".".repeat(decision.actions.length),
      throttled: false,
      after: "restart",
      entry,
    };
    instant.set(dc.graph, graph);
    instant.send(dc.controller, { type: "GRAPH_CALCULATED" }, { quiet: true });
    instant.because(entry, () => this.#advance(instant, dc));
  }

  /**
   * Begins every action that may begin, in the order of the graph; ends the transition where nothing is left. After the
   * end of one action only what waited for it is looked at, unless a limit held others back.
   */
  #advance(instant: Instant, dc: NodeCells, ended?: number): void {
    const graph = instant.get(dc.graph);
    if (!graph) return;
    const { actions } = graph.decision;
    const following = successorsOf(graph.decision);
    const todo = ended === undefined || graph.throttled ? actions.map((action) => action.id) : [...following[ended]!];
    let throttled = false;
    let waitMs = 0;
    for (let at = 0; at < todo.length; at++) {
      const id = todo[at]!;
      const now = instant.get(dc.graph);
      if (now?.number !== graph.number) return;
      if (now.status[id] !== ".") continue;
      const action = actions[id]!;
      if (now.abortPriority !== undefined && action.priority < now.abortPriority) continue;
      if (!isReady(now, action)) continue;
      if (!this.#withinLimits(now, action)) {
        throttled = true;
        continue;
      }
      this.#begin(instant, dc, now, action, waitMs);
      if (action.kind === "rsc") waitMs += this.#core.timings.requestGapMs;
      if (instant.get(dc.graph)?.status[id] === "+") todo.push(...following[id]!);
    }
    const now = instant.get(dc.graph);
    if (now?.number !== graph.number) return;
    if (now.throttled !== throttled) instant.set(dc.graph, { ...now, throttled });
    if (!inFlight(now)) this.#transitionEnded(instant, dc, now);
  }

  #withinLimits(graph: GraphState, action: GraphAction): boolean {
    if (action.kind === "pseudo") return true;
    const { actions, batchLimit } = graph.decision;
    let total = 0;
    let onNode = 0;
    for (let i = graph.status.indexOf(">"); i >= 0; i = graph.status.indexOf(">", i + 1)) {
      if (actions[i]!.kind === "fence") continue;
      total++;
      if (actions[i]!.node === action.node) onNode++;
    }
    if (batchLimit > 0 && total >= batchLimit) return false;
    if (action.kind === "fence") return true;
    return onNode < this.#core.timings.nodeActionLimit;
  }

  #begin(instant: Instant, dc: NodeCells, graph: GraphState, action: GraphAction, waitMs: number): void {
    const core = this.#core;
    if (action.kind === "pseudo") {
      instant.set(dc.graph, withStatus(graph, action.id, "+"));
      return;
    }
    instant.set(dc.graph, withStatus(graph, action.id, ">"));
    if (action.kind === "fence") {
      this.#requestFencing(instant, dc, graph, action);
      return;
    }
    const node = action.node === undefined ? undefined : core.byName.get(action.node);
    // An operation of no resource (`probe_again`) is its node's own to do.
    if (action.kind === "crm" || action.resource === undefined || !node) {
      this.#performCrm(instant, dc, graph, action, node);
      return;
    }
    // No timer of the DC's own: an operation ends at its time-out on its node, and a silent node is lost before.
    this.#executor.perform(instant, {
      node: node.index,
      dc: dc.index,
      transition: graph.number,
      action,
      targetRc: action.targetRc ?? 0,
      waitMs,
      entry: instant.cause,
    });
  }

  #requestFencing(instant: Instant, dc: NodeCells, graph: GraphState, action: GraphAction): void {
    const target = action.node ?? action.attributes["on_node"] ?? "";
    const fenceAction = action.fenceAction ?? "reboot";
    const entry = instant.because(graph.entry, () =>
      instant.note({
        kind: "fence",
        subject: `node/${target}`,
        what: "fence-requested",
        text: `${dc.name} asks for ${target} to be fenced (${fenceAction})`,
        data: { cluster: this.#core.id, seenBy: dc.name, action: fenceAction },
      }),
    );
    this.#fencer.request(instant, dc, target, fenceAction, {
      graphAction: action.id,
      transition: graph.number,
      timeoutMs: graph.decision.stonithTimeoutMs || stonithTimeoutMs(instant, dc),
      entry,
    });
  }

  /** The cluster's own actions: history deletion, clearing fail-counts, shutdown of a node. */
  #performCrm(
    instant: Instant,
    dc: NodeCells,
    graph: GraphState,
    action: GraphAction,
    node: NodeCells | undefined,
  ): void {
    const core = this.#core;
    const done = () =>
      instant.after(core.timings.dispatchMs, this.#crmDone, {
        node: dc.index,
        transition: graph.number,
        action: action.id,
      });
    if (!node) {
      done();
      return;
    }
    switch (action.operation) {
      case "lrm_delete":
      case "delete":
        if (action.resource !== undefined) {
          this.#executor.forget(instant, node, action.resource);
          const { history } = instant.get(node.executor);
          core.writeCib(instant, dc, (cib) => withHistory(cib, node.member.id, node.name, history));
        }
        done();
        break;
      case "clear_failcount":
        this.#hooks.clearFailCounts(instant, node, action.resource);
        done();
        break;
      case "do_shutdown":
        instant.note({
          kind: "action",
          subject: `node/${node.name}`,
          what: "cluster stack shut down",
          text: `${dc.name} lets ${node.name} leave`,
          data: { cluster: core.id, node: node.name },
        });
        if (node === dc) {
          instant.set(dc.graph, undefined);
          this.#hooks.terminate(instant, node);
          return;
        }
        instant.set(dc.graph, withStatus(instant.get(dc.graph)!, action.id, "+"));
        this.#hooks.terminate(instant, node);
        break;
      default:
        done();
    }
  }

  /** An action has come to its end, well or not. */
  actionEnded(instant: Instant, dc: NodeCells, id: number, ok: boolean, why?: string): void {
    const graph = instant.get(dc.graph);
    if (graph?.status[id] !== ">") return;
    const action = graph.decision.actions[id]!;
    instant.set(dc.graph, withStatus(graph, id, ok ? "+" : "!"));
    if (!ok && !action.canFail)
      this.abort(instant, dc, why ?? `${action.key} failed`, { priority: action.priority + 1 });
    this.continue(instant, dc, id);
  }

  /** After a change of the graph: goes on with it, or with the join that waits for its end. */
  continue(instant: Instant, dc: NodeCells, ended?: number): void {
    const state = instant.get(dc.controller).value;
    if (state === "transition-engine") this.#advance(instant, dc, ended);
    else if (state === "integration" && !instant.get(dc.timers).join) this.#hooks.joinMayGoOn(instant, dc);
  }

  #transitionEnded(instant: Instant, dc: NodeCells, graph: GraphState): void {
    const core = this.#core;
    if (instant.get(dc.controller).value !== "transition-engine") return;
    if (graph.abortPriority !== undefined && graph.after === "restart") {
      instant.send(dc.controller, { type: "ABORTED" }, { quiet: true });
      const pending = instant.after(core.timings.redecideMs, this.#decide, { node: dc.index }) as Pending;
      core.setTimer(instant, dc, "decide", pending);
      return;
    }
    instant.send(dc.controller, { type: "GRAPH_COMPLETE" }, { quiet: true });
    const incomplete = /[.!]/.test(graph.status) || graph.decision.stuck.length > 0;
    const recheckMs = this.#recheckDelayMs(instant, dc, graph, incomplete);
    if (recheckMs !== undefined)
      core.setTimer(instant, dc, "recheck", instant.after(recheckMs, this.#recheck, { node: dc.index }) as Pending);
  }

  /**
   * When the DC looks again though nothing happens. The scheduler is a function of the CIB and the time: where it names
   * no time and the transition was complete, another look would find the same, so none is planned.
   */
  #recheckDelayMs(instant: Instant, dc: NodeCells, graph: GraphState, incomplete: boolean): number | undefined {
    const core = this.#core;
    const intervalOfRecheckMs = intervalMs(option(instant.get(dc.cib), "cluster-recheck-interval"), 900_000);
    const { recheckByEpochSeconds } = graph.decision;
    if (recheckByEpochSeconds !== undefined) {
      const dueMs = Math.max(1, (recheckByEpochSeconds - core.epochBase) * 1000 + 1 - instant.nowMs);
      if (core.deps.dynamicRecheck !== false || intervalOfRecheckMs <= 0) return dueMs;
      return Math.ceil(dueMs / intervalOfRecheckMs) * intervalOfRecheckMs;
    }
    return incomplete && intervalOfRecheckMs > 0 ? intervalOfRecheckMs : undefined;
  }

  /** Nodes are gone: what they had under way has failed. */
  failActionsOf(instant: Instant, dc: NodeCells, left: readonly string[], why: string): void {
    const graph = instant.get(dc.graph);
    if (!graph) return;
    let { status } = graph;
    for (let id = 0; id < status.length; id++) {
      const action = graph.decision.actions[id]!;
      if (status[id] !== ">" || action.kind === "fence" || action.kind === "pseudo") continue;
      if (action.node !== undefined && left.includes(action.node))
        status = `${status.slice(0, id)}!${status.slice(id + 1)}`;
    }
    if (status === graph.status) return;
    instant.set(dc.graph, { ...graph, status, abortPriority: ABORT_ALL, after: "restart", abortReason: why });
    this.continue(instant, dc);
  }
}

/** What is to be done, on one line; and what the transition will end without, by what that waits for. */
function decisionText({ summary, stuck }: Decision): string {
  const toDo = summary.map((line) => line.replace(/ +/g, " "));
  const never = [...new Set(stuck.map(({ awaits }) => awaits))].map((what) => {
    const actions = stuck.filter(({ awaits }) => awaits === what).map(({ action }) => action);
    return `never done, waiting for ${what}, which is not to be done: ${actions.join(", ")}`;
  });
  return [...toDo, ...never].join("; ");
}
