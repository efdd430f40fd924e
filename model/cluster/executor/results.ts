import type { EventType, Instant, Reader } from "../../kernel/index.js";
import { type PrimitiveFacts, settingsOf } from "../configuration/settings.js";
import type { ClusterCore, NodeCells } from "../core.js";
import { withEntry, withHistory } from "../status/edit.js";
import { type OperationResult, STATUS_DONE, withResult } from "../status/history.js";
import type { RunningOperation } from "./executor-state.js";
import { RC_OK, wordFor } from "./result-words.js";

/** Told of every result that reached the cluster. */
export type ResultListener = (
  instant: Instant,
  node: NodeCells,
  result: OperationResult,
  from: { readonly dc: string; readonly transition: number; readonly action: number; readonly recurring: boolean },
) => void;

interface ReportPayload {
  readonly node: number;
  readonly result: OperationResult;
  readonly dc: string;
  readonly transition: number;
  readonly action: number;
  readonly recurring: boolean;
}

/** What becomes of a result on its way from a node's executor to the cluster: the trace, the node's history, the CIB. */
export class Results {
  readonly #core: ClusterCore;
  readonly #report: EventType<ReportPayload>;
  readonly #isBlocked: (instant: Instant, node: NodeCells) => boolean;
  #listener: ResultListener = () => {};

  constructor(core: ClusterCore, isBlocked: (instant: Instant, node: NodeCells) => boolean) {
    this.#core = core;
    this.#isBlocked = isBlocked;
    this.#report = core.blueprint.event(`cluster/${core.id}/result`, (instant, payload: ReportPayload) => {
      const node = core.nodes[payload.node]!;
      if (core.defers(instant, node, this.#report, payload)) return;
      this.#deliver(instant, node, payload);
    });
  }

  onResult(listener: ResultListener): void {
    this.#listener = listener;
  }

  /** The result of an operation that ends (or, as pending, begins) now. */
  of(
    instant: Instant,
    node: NodeCells,
    op: RunningOperation,
    rc: number,
    status: number,
    exitReason: string | undefined,
  ): OperationResult {
    const facts = factsOf(this.#core, op.resource, instant, node);
    const core = this.#core;
    return {
      resource: op.resource,
      class: facts?.class ?? "",
      ...(facts?.provider !== undefined && { provider: facts.provider }),
      type: facts?.type ?? "",
      operation: op.operation,
      intervalMs: op.intervalMs,
      callId: op.callId,
      rc,
      status,
      transitionKey: `${op.action}:${op.transition}:${op.targetRc}:${core.id}-${op.dc}`,
      targetRc: op.targetRc,
      node: node.name,
      ...(exitReason !== undefined && { exitReason }),
      epochSeconds: core.epochSeconds(instant),
      execTimeMs: instant.nowMs - op.beganMs,
      ...(op.digest !== undefined && { digest: op.digest }),
      ...(op.migrateSource !== undefined && { migrateSource: op.migrateSource }),
      ...(op.migrateTarget !== undefined && { migrateTarget: op.migrateTarget }),
    };
  }

  /** Tells the trace, keeps the node's own history, and hands the result to the cluster as soon as messages pass. */
  publish(instant: Instant, node: NodeCells, result: OperationResult, op: RunningOperation, entry: number): void {
    const recurring = result.intervalMs > 0;
    const ok = result.status === STATUS_DONE && result.rc === result.targetRc;
    const asExpected = result.operation === "monitor" && ok && (result.rc === RC_OK || !recurring);
    let cause = entry;
    if (!asExpected && result.operation !== "notify") {
      cause = instant.because(entry, () =>
        instant.note({
          kind: result.operation === "monitor" ? "check" : "action",
          subject: `resource/${this.#core.id}/${result.resource}@${node.name}`,
          what: `${result.operation === "monitor" && !recurring ? "probe" : result.operation} ${wordFor(result)}`,
          ...(result.exitReason !== undefined && { text: result.exitReason }),
          data: {
            cluster: this.#core.id,
            resource: result.resource,
            node: node.name,
            operation: result.operation,
            intervalMs: result.intervalMs,
            rc: result.rc,
            status: result.status,
            execTimeMs: result.execTimeMs,
          },
        }),
      );
    }
    const state = instant.get(node.executor);
    const history =
      result.operation === "notify"
        ? state.history
        : withEntry(state.history, result.resource, withResult(state.history.get(result.resource), result));
    instant.set(node.executor, { ...state, history });
    const payload: ReportPayload = {
      node: node.index,
      result,
      dc: op.dc,
      transition: op.transition,
      action: op.action,
      recurring,
    };
    instant.because(cause, () => {
      if (this.#isBlocked(instant, node)) this.hold(instant, node, this.#report, payload);
      else this.#deliver(instant, node, payload);
    });
  }

  /** A recurring monitor was cancelled: the DC hears of it as soon as the node's executor was asked. */
  cancelled(
    instant: Instant,
    node: NodeCells,
    what: Pick<OperationResult, "resource" | "intervalMs" | "callId">,
    request: { readonly dc: number; readonly transition: number; readonly action: { readonly id: number } },
  ): void {
    const facts = factsOf(this.#core, what.resource, instant, node);
    const result: OperationResult = {
      ...what,
      class: facts?.class ?? "",
      type: facts?.type ?? "",
      operation: "cancel",
      rc: RC_OK,
      status: STATUS_DONE,
      transitionKey: "",
      targetRc: RC_OK,
      node: node.name,
      epochSeconds: this.#core.epochSeconds(instant),
      execTimeMs: 0,
    };
    instant.after(this.#core.timings.dispatchMs, this.#report, {
      node: node.index,
      result,
      dc: this.#core.nodes[request.dc]!.name,
      transition: request.transition,
      action: request.action.id,
      recurring: false,
    });
  }

  /** While a member is silent messages wait for the new membership. */
  hold<P>(instant: Instant, node: NodeCells, type: EventType<P>, payload: P): void {
    instant.set(node.deferred, [...instant.get(node.deferred), { type: type as EventType<unknown>, payload }]);
  }

  #deliver(instant: Instant, node: NodeCells, payload: ReportPayload): void {
    const { result } = payload;
    const history = instant.get(node.executor).history;
    if (result.operation !== "notify")
      this.#core.writeCib(instant, node, (cib) => withHistory(cib, node.member.id, node.name, history));
    this.#listener(instant, node, result, payload);
  }
}

/** What the configuration says of a resource; the node's own where somebody has added it since the start. */
export function factsOf(
  core: ClusterCore,
  resource: string,
  read?: Reader,
  node?: NodeCells,
): PrimitiveFacts | undefined {
  const find = ({ primitives }: ReturnType<typeof settingsOf>) =>
    primitives.get(resource) ?? primitives.get(resource.replace(/:\d+$/, ""));
  const known = find(settingsOf(core.spec.cib));
  return known ?? (read && node && find(settingsOf(read.get(node.cib))));
}
