import fc from "fast-check";
import { type Draft, make, partOf } from "../mutations/draft.js";

/** What a node remembers of a resource: how its last operations there ended. */
export type Past =
  | "none"
  | "absent"
  | "started"
  | "monitor-failed"
  | "start-failed"
  | "stop-failed"
  | "probe-failed"
  | "promoted"
  | "promoted-failed"
  | "stopped"
  | "starting"
  | "stopping"
  | "probing";

export interface Agent {
  readonly id: string;
  readonly class: string;
  readonly provider: string;
  readonly type: string;
  /** Of its recurring monitor; 0 where it has none. */
  readonly monitorSeconds: number;
  /** The container whose connection this is. */
  readonly container?: string;
}

type Result = readonly [operation: string, seconds: number, rc: number, pending?: "pending"];

export const pasts: fc.Arbitrary<Past> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Past>("absent", "started", "none") },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Past>(
      "monitor-failed",
      "start-failed",
      "stop-failed",
      "probe-failed",
      "promoted",
      "promoted-failed",
      "stopped",
      "starting",
      "stopping",
      "probing",
    ),
  },
);

/** Of what has no roles: mostly that it runs, as it should. */
export const upPasts: fc.Arbitrary<Past> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Past>("started") },
  { weight: 2, arbitrary: pasts.filter((past) => !past.startsWith("promoted")) },
);

/** Where it runs not, as it should. */
const downPasts: fc.Arbitrary<Past> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Past>("absent") },
  { weight: 1, arbitrary: pasts.filter((past) => !past.startsWith("promoted")) },
);

/** On the nodes where it should not be. */
export const elsewherePasts: fc.Arbitrary<readonly Past[]> = fc.array(downPasts, { minLength: 1, maxLength: 3 });

/** Of what has roles. */
export const runningPasts: fc.Arbitrary<Past> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Past>("started") },
  { weight: 1, arbitrary: fc.constant<Past>("promoted") },
  { weight: 2, arbitrary: pasts },
);

function resultsOf(past: Past, monitor: number): readonly Result[] {
  const recurring = (rc: number): readonly Result[] => (monitor > 0 ? [["monitor", monitor, rc]] : []);
  switch (past) {
    case "none":
      return [];
    case "absent":
      return [["monitor", 0, 7]];
    case "probe-failed":
      return [["monitor", 0, 1]];
    case "probing":
      return [["monitor", 0, 193, "pending"]];
    case "started":
      return [["start", 0, 0], ...recurring(0)];
    case "monitor-failed":
      return [["start", 0, 0], ...recurring(7)];
    case "promoted":
      return [["promote", 0, 0]];
    case "promoted-failed":
      return [["promote", 0, 0], ...recurring(9)];
    case "start-failed":
      return [["start", 0, 1]];
    case "starting":
      return [["start", 0, 193, "pending"]];
    case "stop-failed":
      return [["stop", 0, 1]];
    case "stopped":
      return [["stop", 0, 0]];
    case "stopping":
      return [
        ["monitor", 0, 0],
        ["stop", 0, 193, "pending"],
      ];
  }
}

/** Puts the past of a resource into a node's state, in place of what was there. */
export function remember(nodeState: Draft, agent: Agent, past: Past): void {
  const results = resultsOf(past, agent.monitorSeconds);
  const resources = historiesOf(nodeState);
  resources.children = resources.children.filter((r) => r.attrs["id"] !== agent.id);
  if (results.length === 0) return;
  const entries = new Map<string, Draft>();
  for (const [at, [operation, seconds, rc, pending]] of results.entries()) {
    const failed = rc !== 0 && operation !== "monitor" && pending === undefined;
    const key = `${agent.id}_${operation}_${seconds * 1_000}`;
    const id = seconds > 0 ? key : `${agent.id}_last_${failed ? "failure_" : ""}0`;
    const expected = operation === "monitor" && seconds === 0 ? 7 : 0;
    const transition = `${at + 1}:${at + 1}:${expected}:11111111-2222-3333-4444-555555555555`;
    const status = pending === undefined ? 0 : -1;
    const attrs = {
      id,
      operation_key: key,
      operation,
      crm_feature_set: "3.16.1",
      "transition-key": transition,
      "transition-magic": `${status}:${rc};${transition}`,
      "call-id": pending === undefined ? `${30 + at}` : "-1",
      "rc-code": `${rc}`,
      "op-status": `${status}`,
      interval: `${seconds * 1_000}`,
      "last-rc-change": "1400000000",
    };
    entries.set(id, make("lrm_rsc_op", attrs));
  }
  const { id, class: standard, provider, type, container } = agent;
  const attrs = { id, class: standard, provider, type, ...(container !== undefined && { container }) };
  resources.children.push(make("lrm_resource", attrs, [...entries.values()]));
}

function historiesOf(nodeState: Draft): Draft {
  return partOf(partOf(nodeState, "lrm", { id: nodeState.attrs["id"]! }), "lrm_resources");
}

/** The agent of a primitive, its monitor the first that recurs. */
export function agentOf(primitive: Draft): Agent {
  const { id, class: standard, provider, type } = primitive.attrs;
  let monitorSeconds = 0;
  for (const op of primitive.children.find((c) => c.name === "operations")?.children ?? []) {
    if (op.attrs["name"] === "monitor" && monitorSeconds === 0)
      monitorSeconds = Number.parseInt(op.attrs["interval"] ?? "0", 10);
  }
  return { id: id!, class: standard!, provider: provider!, type: type!, monitorSeconds };
}
