import type { Cib } from "../../cib/types.js";
import { withoutNumber } from "../state/names.js";
import { parseScore, printScore } from "../state/score.js";
import type { ClusterState } from "../state/state.js";
import { F } from "../state/working.js";
import { historyEntries } from "./operation-record.js";
import type { OperationSpec } from "./operation-spec.js";
import { CibDraft } from "./status-draft.js";

/** Events to pretend before the decision; each list in the order given. */
export interface Injections {
  readonly quorum?: string;
  readonly watchdog?: string;
  readonly nodeUp?: readonly string[];
  readonly nodeDown?: readonly string[];
  readonly nodeFail?: readonly string[];
  readonly ticketGrant?: readonly string[];
  readonly ticketRevoke?: readonly string[];
  readonly ticketStandby?: readonly string[];
  readonly ticketActivate?: readonly string[];
  readonly operations?: readonly OperationSpec[];
}

/** Applies the injections; gives the lines below "Performing Requested Modifications:". */
export function inject(
  cib: Cib,
  state: ClusterState,
  what: Injections,
  nowEpochSeconds: number,
): { cib: Cib; lines: string[] } {
  const draft = new CibDraft(cib);
  const lines: string[] = [];
  // As crm_simulate 2.1.5 does, which takes no notice of a quorum that is all it is given.
  const others = [what.nodeUp, what.nodeDown, what.nodeFail, what.operations, what.ticketGrant];
  others.push(what.ticketRevoke, what.ticketStandby, what.ticketActivate);
  if (what.quorum !== undefined && others.some((list) => list !== undefined && list.length > 0)) {
    lines.push(`Setting quorum: ${what.quorum}`);
    draft.setAttribute("have-quorum", what.quorum);
  }
  injectNodes(draft, what, lines);
  injectTickets(draft, what, lines);
  for (const spec of what.operations ?? []) {
    lines.push(`Injecting ${spec.text} into the configuration`);
    injectOperation(draft, state, spec, nowEpochSeconds, lines);
  }
  return { cib: draft.finish(), lines };
}

function injectNodes(draft: CibDraft, what: Injections, lines: string[]): void {
  for (const name of what.nodeUp ?? []) {
    lines.push(`Bringing node ${name} online`);
    draft.change(name, draft.addNode(name), false, (n) => ({
      ...n,
      inCcm: "true",
      crmd: "online",
      join: "member",
      expected: "member",
    }));
  }
  for (const name of what.nodeDown ?? []) {
    lines.push(`Taking node ${name} offline`);
    draft.change(name, draft.addNode(name), false, (n) => ({
      ...n,
      inCcm: "false",
      crmd: "offline",
      join: "down",
      expected: "down",
      attributes: new Map(),
      resources: new Map(),
    }));
  }
  for (const name of what.nodeFail ?? []) {
    lines.push(`Failing node ${name}`);
    draft.change(name, draft.addNode(name), false, (n) => ({
      ...n,
      inCcm: "false",
      crmd: n.crmd ?? "online",
      join: n.join ?? "member",
      expected: "member",
    }));
  }
}

function injectTickets(draft: CibDraft, what: Injections, lines: string[]): void {
  for (const id of what.ticketGrant ?? []) {
    lines.push(`Granting ticket ${id}`);
    draft.setTicket(id, { granted: "true" });
  }
  for (const id of what.ticketRevoke ?? []) {
    lines.push(`Revoking ticket ${id}`);
    draft.setTicket(id, { granted: "false" });
  }
  for (const id of what.ticketStandby ?? []) {
    lines.push(`Making ticket ${id} standby`);
    draft.setTicket(id, { standby: "true" });
  }
  for (const id of what.ticketActivate ?? []) {
    lines.push(`Activating ticket ${id}`);
    draft.setTicket(id, { standby: "false" });
  }
}

function injectOperation(
  draft: CibDraft,
  state: ClusterState,
  spec: OperationSpec,
  nowEpochSeconds: number,
  lines: string[],
): void {
  const resource = state.resourcesById.get(spec.resource);
  if (resource?.variant !== "primitive") {
    lines.push(`Invalid resource: ${spec.resource}`);
    return;
  }
  const node = state.nodesByName.get(spec.node);
  const target = { name: spec.node, id: node?.id ?? draft.addNode(spec.node), remote: node?.isRemote ?? false };
  lines.push(
    ...injectFailCount(draft, target, spec.resource, spec.operation, spec.intervalMs, spec.rc, nowEpochSeconds),
  );
  const id = resource.is(F.Unique) ? resource.id : withoutNumber(spec.resource);
  const agent = {
    id,
    class: resource.agentClass,
    ...(resource.agentProvider === undefined ? {} : { provider: resource.agentProvider }),
    type: resource.agentType,
    operations: [],
  };
  for (const entry of historyEntries({
    resource: id,
    operation: spec.operation,
    intervalMs: spec.intervalMs,
    rc: spec.rc,
    targetRc: 0,
    callId: draft.nextCallId(target.name, target.id, id),
    at: nowEpochSeconds,
    exitReason: "Simulated action result",
  })) {
    draft.record(target, agent, entry);
  }
}

/** Counts a failure in the node's transient attributes, as the controller would; gives the lines that say so. */
export function injectFailCount(
  draft: CibDraft,
  node: { name: string; id: string; remote: boolean },
  resource: string,
  operation: string,
  intervalMs: number,
  rc: number,
  nowEpochSeconds: number,
): string[] {
  if (rc === 0 || (rc === 7 && intervalMs === 0)) return [];
  const about = `${resource}#${operation}_${intervalMs}`;
  const count = `fail-count-${about}`;
  const last = `last-failure-${about}`;
  draft.change(node.name, node.id, node.remote, (state) => {
    const attributes = new Map(state.attributes);
    const before = attributes.get(count);
    attributes.set(count, before === undefined ? "1" : printScore(parseScore(before) + 1));
    attributes.set(last, String(nowEpochSeconds));
    return { ...state, attributes };
  });
  return [
    `Injecting attribute ${count}=value++ into /node_state '${node.id}'`,
    `Injecting attribute ${last}=${nowEpochSeconds} into /node_state '${node.id}'`,
  ];
}
