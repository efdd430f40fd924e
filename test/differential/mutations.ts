import type { XmlElement } from "../../model/cluster/cib/types.js";
import { parseXml } from "../../model/cluster/cib/xml.js";

/** An element that may be changed in place. */
interface Draft {
  name: string;
  attrs: Record<string, string>;
  children: Draft[];
  line: number;
}

/** Draws that depend on the seed alone (mulberry32). */
export class Draws {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** 0 … n - 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** What a mutation did, in a few words; undefined where the CIB holds nothing that it could change. */
type Mutation = (root: Draft, draws: Draws) => string | undefined;

/** The CIB with some mutations, as an element, and what they did. The same seed gives the same. */
export function mutate(xml: string, file: string, draws: Draws, count: number): { root: XmlElement; did: string[] } {
  const root = draft(parseXml(xml, file));
  const did: string[] = [];
  for (let tries = 0; did.length < count && tries < 20; tries++) {
    const done = draws.of(MUTATIONS)(root, draws);
    if (done !== undefined) did.push(done);
  }
  return { root, did };
}

function draft(e: XmlElement): Draft {
  return { name: e.name, attrs: { ...e.attrs }, children: e.children.map(draft), line: e.line };
}

function all(root: Draft, names: readonly string[], found: Draft[] = []): Draft[] {
  if (names.includes(root.name)) found.push(root);
  for (const c of root.children) all(c, names, found);
  return found;
}

function pick(root: Draft, draws: Draws, ...names: string[]): Draft | undefined {
  const found = all(root, names);
  return found.length === 0 ? undefined : draws.of(found);
}

function section(root: Draft, name: string): Draft | undefined {
  return all(root, [name])[0];
}

function make(name: string, attrs: Record<string, string>, children: Draft[] = []): Draft {
  return { name, attrs, children, line: 0 };
}

/** Sets a name to a value in the first plain set of a kind, which is made where there is none. */
function setPair(parent: Draft, kind: string, name: string, value: string): void {
  for (const set of parent.children) {
    if (set.name !== kind) continue;
    set.children = set.children.filter((c) => c.attrs["name"] !== name);
  }
  let set = parent.children.find((c) => c.name === kind && !c.children.some((x) => x.name === "rule"));
  if (!set || set.attrs["id-ref"] !== undefined) {
    set = make(kind, { id: `mutated-${parent.attrs["id"] ?? parent.name}-${kind}` });
    parent.children.unshift(set);
  }
  set.children.push(make("nvpair", { id: `mutated-${parent.attrs["id"] ?? ""}-${name}`, name, value }));
}

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "no-quorum-policy": ["stop", "freeze", "ignore", "demote", "suicide"],
  "stonith-enabled": ["true", "false"],
  "symmetric-cluster": ["true", "false"],
  "maintenance-mode": ["true"],
  "stop-all-resources": ["true"],
  "start-failure-is-fatal": ["true", "false"],
  "placement-strategy": ["default", "utilization", "minimal", "balanced"],
  "concurrent-fencing": ["true", "false"],
  "stonith-action": ["off", "reboot"],
  "stop-orphan-resources": ["false"],
  "stop-orphan-actions": ["false"],
  "enable-startup-probes": ["false"],
  "startup-fencing": ["false"],
  "priority-fencing-delay": ["15"],
  "shutdown-lock": ["true"],
  "node-health-strategy": ["migrate-on-red", "only-green", "progressive", "custom"],
};

const META: Readonly<Record<string, readonly string[]>> = {
  "target-role": ["Stopped", "Started", "Unpromoted", "Promoted"],
  "is-managed": ["false", "true"],
  maintenance: ["true"],
  "resource-stickiness": ["0", "1", "100", "INFINITY"],
  "migration-threshold": ["1", "3"],
  "multiple-active": ["stop_start", "stop_only", "block", "stop_unexpected"],
  priority: ["0", "10", "100"],
  critical: ["false"],
  requires: ["nothing", "quorum", "fencing", "unfencing"],
  "failure-timeout": ["60", "1000d"],
  "allow-migrate": ["true", "false"],
};

const CLONE_META: Readonly<Record<string, readonly string[]>> = {
  interleave: ["true", "false"],
  ordered: ["true", "false"],
  notify: ["true", "false"],
  "clone-max": ["1", "2", "3"],
  "clone-node-max": ["1", "2"],
  "globally-unique": ["true", "false"],
  "promoted-max": ["1", "2"],
  "clone-min": ["1", "2"],
  promotable: ["true"],
};

const RESOURCES = ["primitive", "group", "clone", "master", "bundle"];

const MUTATIONS: readonly Mutation[] = [
  function nodeLeaves(root, draws) {
    const node = pick(root, draws, "node_state");
    if (!node) return undefined;
    const states: Readonly<Record<string, Record<string, string>>> = {
      unclean: { in_ccm: "false", crmd: "offline", join: "down", expected: "member" },
      offline: { in_ccm: "false", crmd: "offline", join: "down", expected: "down" },
      online: { in_ccm: "true", crmd: "online", join: "member", expected: "member" },
      pending: { in_ccm: "true", crmd: "online", join: "pending", expected: "member" },
      "without-process": { in_ccm: "true", crmd: "offline", join: "member", expected: "member" },
    };
    const state = draws.of(Object.keys(states));
    Object.assign(node.attrs, states[state]!);
    return `node ${node.attrs["uname"]} ${state}`;
  },
  function nodeAttribute(root, draws) {
    const nodes = section(root, "nodes");
    const node = nodes && pick(nodes, draws, "node");
    if (!node) return undefined;
    const name = draws.of(["standby", "standby", "maintenance"]);
    const value = draws.of(["true", "true", "false"]);
    setPair(node, "instance_attributes", name, value);
    return `node ${node.attrs["uname"]} ${name}=${value}`;
  },
  function nodeStops(root, draws) {
    const node = pick(root, draws, "node_state");
    if (!node) return undefined;
    transient(node, "shutdown", "1400000000");
    return `node ${node.attrs["uname"]} shutting down`;
  },
  function quorum(root) {
    const had = root.attrs["have-quorum"] === "1" || root.attrs["have-quorum"] === "true";
    root.attrs["have-quorum"] = had ? "0" : "1";
    return had ? "quorum lost" : "quorum gained";
  },
  function option(root, draws) {
    const config = section(root, "crm_config");
    if (!config) return undefined;
    const name = draws.of(Object.keys(OPTIONS));
    const value = draws.of(OPTIONS[name]!);
    for (const set of config.children) set.children = set.children.filter((c) => c.attrs["name"] !== name);
    setPair(config, "cluster_property_set", name, value);
    return `option ${name}=${value}`;
  },
  meta,
  meta,
  function cloneMeta(root, draws) {
    const resources = section(root, "resources");
    const clone = resources && pick(resources, draws, "clone", "master");
    if (!clone) return undefined;
    const name = draws.of(Object.keys(CLONE_META));
    const value = draws.of(CLONE_META[name]!);
    setPair(clone, "meta_attributes", name, value);
    return `meta ${clone.attrs["id"]} ${name}=${value}`;
  },
  failOperation,
  failOperation,
  function pendingOperation(root, draws) {
    const op = pick(root, draws, "lrm_rsc_op");
    if (!op) return undefined;
    op.attrs["op-status"] = "-1";
    op.attrs["rc-code"] = "193";
    op.attrs["call-id"] = "-1";
    remagic(op);
    return `history ${op.attrs["id"]} pending`;
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
  function withoutConstraint(root, draws) {
    const constraints = section(root, "constraints");
    if (!constraints || constraints.children.length === 0) return undefined;
    const [gone] = constraints.children.splice(draws.below(constraints.children.length), 1);
    return `without ${gone!.name} ${gone!.attrs["id"]}`;
  },
  function otherScore(root, draws) {
    const constraint = pick(root, draws, "rsc_colocation", "rsc_location", "rule");
    if (!constraint || constraint.attrs["score-attribute"] !== undefined) return undefined;
    const score = draws.of(["INFINITY", "-INFINITY", "100", "-100", "0"]);
    constraint.attrs["score"] = score;
    return `${constraint.name} ${constraint.attrs["id"]} score=${score}`;
  },
  function otherOrder(root, draws) {
    const order = pick(root, draws, "rsc_order");
    if (!order) return undefined;
    if (draws.below(3) === 0) {
      order.attrs["symmetrical"] = "false";
      return `rsc_order ${order.attrs["id"]} symmetrical=false`;
    }
    delete order.attrs["score"];
    order.attrs["kind"] = draws.of(["Optional", "Mandatory", "Serialize"]);
    return `rsc_order ${order.attrs["id"]} kind=${order.attrs["kind"]}`;
  },
  function moreConstraints(root, draws) {
    const constraints = section(root, "constraints");
    const resources = section(root, "resources");
    const names = (resources?.children ?? []).filter((r) => RESOURCES.includes(r.name)).map((r) => r.attrs["id"]!);
    if (!constraints || names.length < 2) return undefined;
    const a = draws.of(names);
    const b = draws.of(names.filter((n) => n !== a));
    const id = `mutated-${constraints.children.length}`;
    if (draws.below(2) === 0) {
      const kind = draws.of(["Optional", "Mandatory", "Mandatory", "Serialize"]);
      // biome-ignore lint/suspicious/noThenProperty: the attribute of rsc_order is called that
      constraints.children.push(make("rsc_order", { id, first: a, then: b, kind }));
      return `order ${a} then ${b} ${kind}`;
    }
    const score = draws.of(["INFINITY", "INFINITY", "-INFINITY", "100", "-100"]);
    constraints.children.push(make("rsc_colocation", { id, rsc: a, "with-rsc": b, score }));
    return `colocation ${a} with ${b} ${score}`;
  },
  function ban(root, draws) {
    const constraints = section(root, "constraints");
    const resources = section(root, "resources");
    const resource = resources && pick(resources, draws, ...RESOURCES);
    const nodes = section(root, "nodes");
    const node = nodes && pick(nodes, draws, "node");
    if (!constraints || !resource || !node) return undefined;
    const rsc = resource.attrs["id"]!;
    const score = draws.of(["INFINITY", "-INFINITY", "100", "-100"]);
    const more: Record<string, string> = {};
    if (draws.below(4) === 0) more["resource-discovery"] = draws.of(["never", "exclusive"]);
    if (draws.below(5) === 0) more["role"] = "Promoted";
    const id = `mutated-${constraints.children.length}`;
    const name = node.attrs["uname"]!;
    constraints.children.push(make("rsc_location", { id, rsc, node: name, score, ...more }));
    return `location ${rsc} on ${name} ${score} ${Object.values(more).join(" ")}`;
  },
  function withoutResource(root, draws) {
    const resources = section(root, "resources");
    if (!resources || resources.children.length < 2) return undefined;
    const candidates = resources.children.filter((r) => RESOURCES.includes(r.name));
    if (candidates.length === 0) return undefined;
    const gone = draws.of(candidates);
    resources.children.splice(resources.children.indexOf(gone), 1);
    const names = all(gone, RESOURCES).map((r) => r.attrs["id"]!);
    const constraints = section(root, "constraints");
    if (constraints) {
      const mentions = (e: Draft): boolean =>
        Object.entries(e.attrs).some(([key, value]) => key !== "id" && names.includes(value)) ||
        e.children.some((c) => (c.name === "resource_ref" ? names.includes(c.attrs["id"]!) : mentions(c)));
      constraints.children = constraints.children.filter((c) => !mentions(c));
    }
    return `without ${gone.name} ${gone.attrs["id"]}`;
  },
  function onFail(root, draws) {
    const op = pick(root, draws, "op");
    if (!op) return undefined;
    op.attrs["on-fail"] = draws.of(["ignore", "block", "stop", "restart", "standby", "fence", "demote"]);
    return `op ${op.attrs["id"]} on-fail=${op.attrs["on-fail"]}`;
  },
  function operation(root, draws) {
    const op = pick(root, draws, "op");
    if (!op) return undefined;
    if (draws.below(2) === 0) {
      op.attrs["interval"] = draws.of(["7s", "0"]);
      return `op ${op.attrs["id"]} interval=${op.attrs["interval"]}`;
    }
    op.attrs["role"] = draws.of(["Stopped", "Promoted", "Unpromoted"]);
    return `op ${op.attrs["id"]} role=${op.attrs["role"]}`;
  },
  function parameter(root, draws) {
    const resources = section(root, "resources");
    const primitive = resources && pick(resources, draws, "primitive");
    if (!primitive) return undefined;
    setPair(primitive, "instance_attributes", "mutated", "1");
    return `parameters of ${primitive.attrs["id"]} changed`;
  },
  function ticket(root, draws) {
    const state = pick(root, draws, "ticket_state");
    if (!state) return undefined;
    const name = draws.of(["granted", "standby"]);
    state.attrs[name] = state.attrs[name] === "true" ? "false" : "true";
    return `ticket ${state.attrs["id"]} ${name}=${state.attrs[name]}`;
  },
  function lossPolicy(root, draws) {
    const constraint = pick(root, draws, "rsc_ticket");
    if (!constraint) return undefined;
    constraint.attrs["loss-policy"] = draws.of(["stop", "demote", "fence", "freeze"]);
    return `rsc_ticket ${constraint.attrs["id"]} loss-policy=${constraint.attrs["loss-policy"]}`;
  },
];

function meta(root: Draft, draws: Draws): string | undefined {
  const resources = section(root, "resources");
  const resource = resources && pick(resources, draws, ...RESOURCES);
  if (!resource) return undefined;
  const name = draws.of(Object.keys(META));
  const value = draws.of(META[name]!);
  setPair(resource, "meta_attributes", name, value);
  return `meta ${resource.attrs["id"]} ${name}=${value}`;
}

function transient(node: Draft, name: string, value: string): void {
  let part = node.children.find((c) => c.name === "transient_attributes");
  if (!part) {
    part = make("transient_attributes", { id: node.attrs["id"] ?? "" });
    node.children.push(part);
  }
  setPair(part, "instance_attributes", name, value);
}

function remagic(op: Draft): void {
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
  const rc = draws.of(["1", "1", "5", "6", "7", "8", "9", "2"]);
  op.attrs["rc-code"] = rc;
  op.attrs["op-status"] = rc === "1" ? "4" : "0";
  op.attrs["last-rc-change"] ??= "1399000000";
  remagic(op);
  if (draws.below(2) === 0) {
    const what = `${resource.attrs["id"]}#${op.attrs["operation"]}_${op.attrs["interval"] ?? "0"}`;
    transient(node, `fail-count-${what}`, op.attrs["operation"] === "start" ? "INFINITY" : "1");
    transient(node, `last-failure-${what}`, "1399000000");
  }
  return `history ${op.attrs["id"]} ${op.attrs["operation"]} on ${node.attrs["uname"]} rc=${rc}`;
}
