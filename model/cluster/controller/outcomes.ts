import type { Instant } from "../../kernel/index.js";
import { booleanOf } from "../configuration/interval.js";
import { option } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import type { Executor } from "../executor/executor.js";
import type { FenceOperation } from "../fencer/fence-operation.js";
import type { Fencer } from "../fencer/fencer.js";
import { withEntry, withFenced } from "../status/edit.js";
import { didFail, type OperationResult, operationKey } from "../status/history.js";
import type { Attributes } from "./attributes.js";
import { failureAttributes } from "./fail-count.js";
import { ABORT_ALL, type GraphState, withStatus } from "./graph-state.js";
import { expectPeer } from "./peers-known.js";
import type { Transitions } from "./transitions.js";

/** stonith-max-attempts: after so many failures the DC stops asking until something changes. */
const STONITH_ATTEMPTS = 10;

/** What the DC makes of results: of operations, and of fencing. */
export class Outcomes {
  readonly #core: ClusterCore;
  readonly #transitions: Transitions;
  readonly #attributes: Attributes;
  readonly #leaveAtOnce: (instant: Instant, node: NodeCells) => void;

  constructor(
    core: ClusterCore,
    parts: {
      executor: Executor;
      fencer: Fencer;
      transitions: Transitions;
      attributes: Attributes;
      /** A node that hears of its own fencing stops its stack. */
      leaveAtOnce: (instant: Instant, node: NodeCells) => void;
    },
  ) {
    this.#core = core;
    this.#transitions = parts.transitions;
    this.#attributes = parts.attributes;
    this.#leaveAtOnce = parts.leaveAtOnce;
    parts.executor.onResult((instant, node, result, from) => this.#resultArrived(instant, node, result, from));
    parts.fencer.onEnd((instant, node, operation, result) => this.#fencingEnded(instant, node, operation, result));
  }

  #resultArrived(
    instant: Instant,
    node: NodeCells,
    result: OperationResult,
    from: { readonly dc: string; readonly transition: number; readonly action: number; readonly recurring: boolean },
  ): void {
    const core = this.#core;
    const dc = core.dcCells(instant, node);
    if (!dc || !core.isDc(instant, dc)) return;
    const graph = instant.get(dc.graph);
    const current =
      graph && graph.number === from.transition && from.dc === dc.name && graph.status[from.action] === ">";
    const failed = didFail(result);
    if (failed) this.#countFailure(instant, node, result, graph);
    if (current) {
      this.#transitions.actionEnded(
        instant,
        dc,
        from.action,
        !failed,
        `${operationKey(result.resource, result.operation, result.intervalMs)} on ${node.name} failed`,
      );
      return;
    }
    // A result of an earlier transition, or a monitor that found something new.
    const recurringAsExpected = from.recurring && !failed;
    if (!recurringAsExpected || failed)
      this.#transitions.abort(instant, dc, `${result.operation} of ${result.resource} on ${node.name}: new result`);
    this.#transitions.continue(instant, dc);
  }

  #countFailure(instant: Instant, node: NodeCells, result: OperationResult, graph: GraphState | undefined): void {
    const decision = graph?.decision;
    const changes = failureAttributes(instant.get(node.attributes), result, {
      epochSeconds: this.#core.epochSeconds(instant),
      startFailureIsFatal: decision
        ? decision.failedStartOffset >= ABORT_ALL
        : booleanOf(option(instant.get(node.cib), "start-failure-is-fatal"), true),
    });
    if (changes.size > 0) this.#attributes.change(instant, node, changes);
  }

  #fencingEnded(
    instant: Instant,
    node: NodeCells,
    operation: FenceOperation,
    result: {
      readonly ok: boolean;
      readonly noDevice: boolean;
      readonly by: string | undefined;
      readonly entry: number;
    },
  ): void {
    const core = this.#core;
    const target = core.byName.get(operation.target);
    const dc = core.dcCells(instant, node);
    if (result.ok) {
      if (target && operation.action !== "on") this.markFenced(instant, node, target);
      const failures = instant.get(node.fenceFailures);
      if (failures.has(operation.target))
        instant.set(node.fenceFailures, withEntry(failures, operation.target, undefined));
      if (operation.graphAction === undefined) {
        if (dc) this.#transitions.abort(instant, dc, `${operation.target} was fenced`);
        return;
      }
      const graph = instant.get(node.graph);
      if (graph?.number === operation.transition)
        this.#transitions.actionEnded(instant, node, operation.graphAction, true);
      else if (dc) this.#transitions.abort(instant, dc, `${operation.target} was fenced`);
      return;
    }
    const count = (instant.get(node.fenceFailures).get(operation.target) ?? 0) + 1;
    instant.set(node.fenceFailures, withEntry(instant.get(node.fenceFailures), operation.target, count));
    const graph = instant.get(node.graph);
    if (operation.graphAction === undefined || graph?.number !== operation.transition) {
      if (dc) this.#transitions.continue(instant, dc);
      return;
    }
    const giveUp = result.noDevice || count >= STONITH_ATTEMPTS;
    if (giveUp)
      instant.note({
        kind: "fence",
        subject: `node/${operation.target}`,
        what: "fencing given up",
        text: result.noDevice
          ? `no device in this partition can fence ${operation.target}`
          : `${count} failures to fence ${operation.target} in a row: ${node.name} gives up until something changes`,
        data: { cluster: core.id, seenBy: node.name, failures: count },
      });
    instant.set(node.graph, {
      ...withStatus(graph, operation.graphAction, "!"),
      abortPriority: ABORT_ALL,
      after: giveUp && (graph.abortPriority === undefined || graph.after === "wait") ? "wait" : "restart",
      abortReason: "fencing failed",
    });
    this.#transitions.continue(instant, node);
  }

  /** Everybody in the partition takes the target for down: nothing runs there any more. */
  markFenced(instant: Instant, at: NodeCells, target: NodeCells): void {
    const core = this.#core;
    core.writeCib(instant, at, (cib) => withFenced(cib, target.member.id, target.name));
    for (const peer of core.peers(instant, at)) expectPeer(instant, peer, target.name, "down");
    // A target that is alive and hears of it leaves at once, without stopping anything.
    const alive = instant.get(at.totem).ring?.includes(target.name) && core.isControllerUp(instant, target);
    if (alive && target !== at && core.isAwake(instant, target)) {
      instant.note({
        kind: "fence",
        subject: `node/${target.name}`,
        what: "allegedly fenced",
        text: `${target.name} hears that it was fenced and is still alive: its cluster stack exits, its resources go on`,
        data: { cluster: core.id, node: target.name },
      });
      this.#leaveAtOnce(instant, target);
    }
  }
}
