import type { Cib, ResourceHistory } from "../../cib/types.js";
import { operationDigest } from "../../status/digest.js";
import type { Decision, GraphAction } from "../interface.js";
import { INFINITY } from "../state/score.js";
import type { ClusterState } from "../state/state.js";
import { F } from "../state/working.js";
import { injectFailCount } from "./inject.js";
import { LeastFirst } from "./least-first.js";
import { historyEntries } from "./operation-record.js";
import type { OperationSpec } from "./operation-spec.js";
import { CibDraft } from "./status-draft.js";

export interface Execution {
  /** The lines below "Executing Cluster Transition:", without indentation. */
  readonly lines: readonly string[];
  /** The CIB with every result in its status. */
  readonly cib: Cib;
}

export interface ExecuteOptions {
  readonly nowEpochSeconds: number;
  /** Operations that fail instead of doing what is expected. */
  readonly fail?: readonly OperationSpec[];
}

/**
 * Executes a decision at once, as `crm_simulate -S` does: every action has the result that was expected of it, unless
 * it is to fail; after a failure only what is more urgent goes on. `state` is what the decision was made from.
 */
export function execute(cib: Cib, decision: Decision, state: ClusterState, options: ExecuteOptions): Execution {
  const run = new Run(cib, state, options);
  let aborted = false;
  inGraphOrder(decision.actions, (action) => {
    if (aborted && action.priority < INFINITY && action.kind !== "pseudo") return false;
    if (run.perform(action)) return true;
    aborted = true;
    return true;
  });
  return { lines: run.lines, cib: run.draft.finish() };
}

/**
 * Goes through the actions as crm_simulate does: round after round in the order of the graph, and in each round does
 * whatever waits for nothing more. `perform` tells whether those that wait for an action may go on.
 */
function inGraphOrder(actions: readonly GraphAction[], perform: (action: GraphAction) => boolean): void {
  const waiting = new Int32Array(actions.length);
  const waiters: number[][] = actions.map(() => []);
  for (const { id, inputs } of actions) {
    waiting[id] = inputs.length;
    for (const input of inputs) waiters[input]!.push(id);
  }
  let round = new LeastFirst();
  for (const { id } of actions) if (waiting[id] === 0) round.push(id);
  while (!round.empty) {
    const next = new LeastFirst();
    while (!round.empty) {
      const id = round.pop();
      if (!perform(actions[id]!)) continue;
      for (const waiter of waiters[id]!) {
        // What stands further on in the list comes yet in this round.
        if (--waiting[waiter]! === 0) (waiter > id ? round : next).push(waiter);
      }
    }
    round = next;
  }
}

class Run {
  readonly lines: string[] = [];
  readonly draft: CibDraft;
  private readonly state: ClusterState;
  private readonly options: ExecuteOptions;
  private readonly names: Set<string>;

  constructor(cib: Cib, state: ClusterState, options: ExecuteOptions) {
    this.draft = new CibDraft(cib);
    this.state = state;
    this.options = options;
    this.names = state.knownNames();
  }

  /** False where the action failed. */
  perform(action: GraphAction): boolean {
    switch (action.kind) {
      case "pseudo": {
        // Only a guest's fencing, which its container's stop brings about, is told with its node.
        const where = action.operation === "stonith" && action.node !== undefined ? ` on ${action.node}` : "";
        this.lines.push(`Pseudo action:   ${action.key}${where}`);
        return true;
      }
      case "fence":
        this.fence(action);
        return true;
      case "crm":
        this.cluster(action);
        return true;
      default:
        return this.resource(action);
    }
  }

  private cluster(action: GraphAction): void {
    const resource = action.resource === undefined ? "" : ` for ${this.configuredName(action)}`;
    this.lines.push(`Cluster action:  ${action.operation}${resource} on ${action.node ?? ""}`);
  }

  /** A fenced node is gone: not a member, nothing runs there, its transient attributes are lost. */
  private fence(action: GraphAction): void {
    const name = action.node ?? "";
    const how = action.fenceAction ?? "reboot";
    this.lines.push(`Fencing ${name} (${how})`);
    if (how === "on") return;
    const node = this.state.nodesByName.get(name);
    this.draft.change(name, node?.id ?? name, node?.isRemote ?? false, (old) => ({
      ...old,
      inCcm: "false",
      crmd: "offline",
      join: "down",
      expected: "down",
      attributes: new Map(),
      resources: new Map(),
      other: { ...withoutLrm(old.other), "crm-debug-origin": "crm_simulate" },
    }));
  }

  private resource(action: GraphAction): boolean {
    // A node that is asked to look again at all it has (probe_again) is asked without a word.
    if (action.resource === undefined) return true;
    const name = this.shownName(action);
    const nodeName = action.node ?? "";
    const interval = action.intervalMs > 0 ? `=${action.intervalMs}` : "";
    const operation = action.operation === "lrm_delete" ? "delete" : action.operation;
    this.lines.push(`Resource action: ${name.padEnd(15)} ${operation}${interval} on ${nodeName}`);
    if (operation === "delete" || operation === "meta-data") return true;
    const node = this.state.nodesByName.get(nodeName);
    const target = { name: nodeName, id: node?.id ?? nodeName, remote: node?.isRemote ?? false };
    const id = action.resource ?? name;
    // Histories of old releases bear the instance's number; the result joins the one that is there.
    const history = this.draft.node(target.name, target.id, target.remote).resources.has(name) ? name : id;
    const spec = this.options.fail?.find(
      (f) =>
        f.node === nodeName &&
        f.operation === action.operation &&
        f.intervalMs === action.intervalMs &&
        (f.resource === id || f.resource === action.instance || f.resource === name),
    );
    const expected = action.targetRc ?? 0;
    const rc = spec?.rc ?? expected;
    if (spec) {
      this.lines.push(`\u0000Pretending action ${action.id} failed with rc=${rc}`);
      for (const line of injectFailCount(
        this.draft,
        target,
        name,
        action.operation,
        action.intervalMs,
        rc,
        this.options.nowEpochSeconds,
      )) {
        this.lines.push(line);
      }
    }
    for (const entry of historyEntries({
      resource: id,
      operation: action.operation,
      intervalMs: action.intervalMs,
      rc,
      targetRc: expected,
      callId: this.draft.nextCallId(target.name, target.id, history),
      at: this.options.nowEpochSeconds,
      exitReason: spec ? "User-injected result" : "",
      digest: operationDigest(action.attributes, action.intervalMs),
      notification: notificationOf(action),
      migrateSource: action.attributes["CRM_meta_migrate_source"] ?? action.attributes["migrate_source"],
      migrateTarget: action.attributes["CRM_meta_migrate_target"] ?? action.attributes["migrate_target"],
    })) {
      this.draft.record(target, this.agentOf(history, action), entry);
    }
    return spec === undefined;
  }

  private agentOf(id: string, action: GraphAction): ResourceHistory {
    const resource =
      (action.instance === undefined ? undefined : this.state.resourcesById.get(action.instance)) ??
      this.state.resourcesById.get(id);
    return {
      id,
      class: resource?.agentClass ?? "",
      ...(resource?.agentProvider === undefined ? {} : { provider: resource.agentProvider }),
      type: resource?.agentType ?? "",
      ...(resource?.container ? { container: resource.container.id } : {}),
      operations: [],
    };
  }

  /** The id in the configuration: an anonymous instance's without its number. */
  private configuredName(action: GraphAction): string {
    const resource = action.instance === undefined ? undefined : this.state.resourcesById.get(action.instance);
    if (!resource || resource.is(F.Unique) || resource.is(F.Orphan)) return action.resource ?? "";
    return resource.xml?.attrs["id"] ?? action.resource ?? "";
  }

  /** The name by which the cluster knows an instance before the transition; else the one with its number. */
  private shownName(action: GraphAction): string {
    const id = action.resource ?? "";
    if (this.names.has(id)) return id;
    return action.instance !== undefined && this.names.has(action.instance) ? action.instance : id;
  }
}

function withoutLrm(other: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const kept: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const key of Object.keys(other ?? {})) if (key !== "lrm") kept[key] = other![key]!;
  return kept;
}

/** What a notification tells of, as its key names it. */
function notificationOf(action: GraphAction): string | undefined {
  if (action.operation !== "notify") return undefined;
  return `${action.attributes["CRM_meta_notify_type"]}_notify_${action.attributes["CRM_meta_notify_operation"]}`;
}
