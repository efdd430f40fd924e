import { all, type Draft, type Draws, type Mutation, make, pick, setTransient } from "./draft.js";

/** Long before the date of most comparisons, and long after that of the oldest cases. */
const FAILED_AT = "1399000000";

/** Changes of what the nodes remember. */
export const HISTORY: readonly Mutation[] = [
  failOperation,
  failOperation,
  function pendingOperation(root, draws) {
    const op = pick(root, draws, "lrm_rsc_op");
    if (!op) return undefined;
    op.attrs["op-status"] = "-1";
    op.attrs["rc-code"] = draws.of(["193", "14"]);
    op.attrs["call-id"] = "-1";
    remagic(op);
    return `history ${op.attrs["id"]} pending`;
  },
  function otherStatus(root, draws) {
    const op = pick(root, draws, "lrm_rsc_op");
    if (!op) return undefined;
    const [status, rc] = draws.of([
      ["2", "1"],
      ["1", "0"],
      ["3", "3"],
      ["4", "190"],
      ["7", "5"],
      ["8", "1"],
      ["0", "191"],
    ] as const);
    op.attrs["op-status"] = status;
    op.attrs["rc-code"] = rc;
    op.attrs["last-rc-change"] ??= FAILED_AT;
    remagic(op);
    return `history ${op.attrs["id"]} status ${status} rc ${rc}`;
  },
  function failCount(root, draws) {
    const node = pick(root, draws, "node_state");
    const resource = node && pick(node, draws, "lrm_resource");
    if (!resource) return undefined;
    const what = `${resource.attrs["id"]}#${draws.of(["monitor_10000", "start_0", "stop_0"])}`;
    const count = draws.of(["1", "3", "INFINITY", "1000000"]);
    setTransient(node, `fail-count-${what}`, count);
    setTransient(node, `last-failure-${what}`, FAILED_AT);
    return `fail count ${what}=${count} on ${node.attrs["uname"] ?? node.attrs["id"]}`;
  },
  function forgetOperation(root, draws) {
    const parent = pick(root, draws, "lrm_resource");
    if (!parent || parent.children.length === 0) return undefined;
    const at = draws.below(parent.children.length);
    const [gone] = parent.children.splice(at, 1);
    return `history ${gone!.attrs["id"]} of ${parent.attrs["id"]} forgotten`;
  },
  function forgetResource(root, draws) {
    const parent = pick(root, draws, "lrm_resources");
    if (!parent || parent.children.length === 0) return undefined;
    const [gone] = parent.children.splice(draws.below(parent.children.length), 1);
    return `history of ${gone!.attrs["id"]} forgotten on one node`;
  },
  /** What one node remembers of a resource, another remembers too: it is active twice, or was probed there. */
  function copyHistory(root, draws) {
    const nodes = all(root, ["node_state"]);
    if (nodes.length < 2) return undefined;
    const from = draws.of(nodes);
    const to = draws.of(nodes.filter((n) => n !== from));
    const resource = pick(from, draws, "lrm_resource");
    const target = all(to, ["lrm_resources"])[0];
    if (!resource || !target) return undefined;
    const id = resource.attrs["id"];
    target.children = target.children.filter((r) => r.attrs["id"] !== id);
    target.children.push(structuredClone(resource));
    return `history of ${id} on ${from.attrs["uname"]} also on ${to.attrs["uname"]}`;
  },
  /** A migration in one of the states in which it may have been interrupted. */
  function migration(root, draws) {
    const nodes = all(root, ["node_state"]).filter((n) => n.attrs["uname"] !== undefined);
    if (nodes.length < 2) return undefined;
    const source = draws.of(nodes);
    const target = draws.of(nodes.filter((n) => n !== source));
    const resource = pick(source, draws, "lrm_resource");
    const there = all(target, ["lrm_resources"])[0];
    if (!resource || resource.attrs["class"] === "stonith" || !there) return undefined;
    const id = resource.attrs["id"]!;
    const between = { migrate_source: source.attrs["uname"]!, migrate_target: target.attrs["uname"]! };
    const to = draws.of(["0", "1", "pending"]);
    const from = draws.of(["0", "1", "pending", "none"]);
    remember(resource, operationOf(id, "migrate_to", to, between));
    let other = there.children.find((r) => r.attrs["id"] === id);
    if (!other) {
      other = { ...structuredClone(resource), children: [] };
      there.children.push(other);
    }
    if (from !== "none") remember(other, operationOf(id, "migrate_from", from, between));
    return `migration of ${id} from ${between.migrate_source} (${to}) to ${between.migrate_target} (${from})`;
  },
  /** Since feature set 3.0.13 fail counts are counted for each operation: the older a CIB, the older its rules. */
  function featureSet(root, draws) {
    root.attrs["crm_feature_set"] = draws.of(["3.0.6", "3.0.14", "3.16.1", "3.1.0"]);
    return `feature set ${root.attrs["crm_feature_set"]}`;
  },
  function lock(root, draws) {
    const resource = pick(root, draws, "lrm_resource");
    if (!resource) return undefined;
    resource.attrs["shutdown-lock"] = draws.of(["1399000000", "1767225000"]);
    return `history of ${resource.attrs["id"]} locked`;
  },
];

/** Each entry of a history has an id of its own: a new result takes the place of the old one. */
function remember(resource: Draft, op: Draft): void {
  resource.children = [...resource.children.filter((o) => o.attrs["id"] !== op.attrs["id"]), op];
}

function operationOf(id: string, operation: string, result: string, more: Record<string, string>): Draft {
  const pending = result === "pending";
  const op = make("lrm_rsc_op", {
    id: `${id}_${pending || result === "0" ? "last" : "last_failure"}_0`,
    operation_key: `${id}_${operation}_0`,
    operation,
    "crm-debug-origin": "mutated",
    crm_feature_set: "3.16.1",
    "transition-key": "99:999:0:aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
    "call-id": pending ? "-1" : "9999",
    "rc-code": pending ? "193" : result,
    "op-status": pending ? "-1" : result === "0" ? "0" : "4",
    interval: "0",
    "last-rc-change": FAILED_AT,
    ...more,
  });
  remagic(op);
  return op;
}

/** Brings the transition-magic in line with the status and exit code. */
export function remagic(op: Draft): void {
  const key = op.attrs["transition-key"];
  if (key !== undefined) op.attrs["transition-magic"] = `${op.attrs["op-status"]}:${op.attrs["rc-code"]};${key}`;
}

/** An operation of a history turns out to have failed, as it would be remembered. */
function failOperation(root: Draft, draws: Draws): string | undefined {
  const nodes = all(root, ["node_state"]);
  if (nodes.length === 0) return undefined;
  const node = draws.of(nodes);
  const resource = pick(node, draws, "lrm_resource");
  const op = resource && pick(resource, draws, "lrm_rsc_op");
  if (!op) return undefined;
  const rc = draws.of(["1", "1", "5", "6", "7", "8", "9", "2", "3", "4"]);
  op.attrs["rc-code"] = rc;
  op.attrs["op-status"] = rc === "1" ? "4" : "0";
  op.attrs["last-rc-change"] ??= FAILED_AT;
  remagic(op);
  if (draws.below(2) === 0) {
    const what = `${resource.attrs["id"]}#${op.attrs["operation"]}_${op.attrs["interval"] ?? "0"}`;
    setTransient(node, `fail-count-${what}`, op.attrs["operation"] === "start" ? "INFINITY" : "1");
    setTransient(node, `last-failure-${what}`, FAILED_AT);
  }
  return `history ${op.attrs["id"]} ${op.attrs["operation"]} on ${node.attrs["uname"]} rc=${rc}`;
}
