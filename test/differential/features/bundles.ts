import fc from "fast-check";
import { type Draft, make, setTransient } from "../mutations/draft.js";
import { addFarNode, farNode } from "./far-nodes.js";
import { type Agent, agentOf, elsewherePasts, remember, runningPasts, upPasts } from "./remembered.js";
import { at, type Family, maybe, type Subject } from "./subject.js";

const replica = fc.record({
  container: upPasts,
  address: upPasts,
  connection: upPasts,
  child: runningPasts,
  /** How far from the container the connection is. */
  apart: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  elsewhere: elsewherePasts,
  wish: maybe(1, ["10", "5", "-1"]),
  far: farNode,
});

const META: readonly (readonly [string, string])[] = [
  ["target-role", "Stopped"],
  ["is-managed", "false"],
  ["maintenance", "true"],
  ["resource-stickiness", "100"],
  ["migration-threshold", "1"],
  ["priority", "5"],
];

const bundle = fc.record({
  technology: fc.constantFrom("docker", "podman", "rkt"),
  replicas: maybe(1, ["1", "2", "3"]),
  perHost: maybe(6, ["1", "2"]),
  promotedMax: maybe(1, ["1", "2"]),
  network: fc.constantFrom("addresses", "port", "port", "both"),
  primitive: fc.option(
    fc.record({
      monitorSeconds: fc.constantFrom(0, 10),
      onFail: maybe(6, ["restart", "fence", "block", "ignore", "standby", "stop", "restart-container", "demote"]),
      meta: maybe(6, META),
    }),
    { nil: undefined, freq: 5 },
  ),
  meta: maybe(6, META),
  host: fc.nat(3),
  known: fc.array(replica, { minLength: 1, maxLength: 3 }),
  constraints: fc.array(
    fc.record({
      kind: fc.constantFrom("colocation", "order", "location"),
      other: fc.nat(9),
      node: fc.nat(3),
      first: fc.boolean(),
      score: fc.constantFrom("INFINITY", "-INFINITY", "100"),
      promoted: fc.boolean(),
      orderKind: fc.constantFrom("Mandatory", "Optional"),
    }),
    { maxLength: 2 },
  ),
});

/** Bundles: containers with what is in them, where each part is, and what keeps them beside or behind others. */
export const bundles: Family = fc.array(bundle, { minLength: 1, maxLength: 2 }).map((all) => (cib) => {
  for (const one of all) {
    const id = cib.id("b");
    const element = make("bundle", { id });
    const container: Record<string, string> = { image: "image" };
    if (one.replicas !== undefined) container["replicas"] = one.replicas;
    if (one.perHost !== undefined) container["replicas-per-host"] = one.perHost;
    if (one.promotedMax !== undefined) container["promoted-max"] = one.promotedMax;
    element.children.push(make(one.technology, container));
    const network: Record<string, string> = {};
    if (one.network !== "port") network["ip-range-start"] = `192.168.${id.length}.${10 * cib.tops.length}`;
    if (one.network !== "addresses") network["control-port"] = "3121";
    element.children.push(make("network", network));
    let child: Draft | undefined;
    if (one.primitive) {
      const type = one.promotedMax === undefined ? "Dummy" : "Stateful";
      child = make("primitive", { id: `${id}p`, class: "ocf", provider: "pacemaker", type });
      if (one.primitive.meta) cib.meta(child, ...one.primitive.meta);
      if (one.primitive.monitorSeconds > 0) {
        const op = make("op", { id: `${id}p-m`, name: "monitor", interval: `${one.primitive.monitorSeconds}s` });
        if (one.promotedMax !== undefined && one.primitive.onFail === "demote") op.attrs["role"] = "Promoted";
        if (one.primitive.onFail !== undefined) op.attrs["on-fail"] = one.primitive.onFail;
        child.children.push(make("operations", {}, [op]));
      }
      element.children.push(child);
    }
    if (one.meta) cib.meta(element, ...one.meta);
    cib.configuration("resources").children.push(element);
    rememberReplicas(cib, id, one, child);
    constrain(cib, id, one);
  }
});

type Bundle = typeof bundle extends fc.Arbitrary<infer T> ? T : never;

function rememberReplicas(cib: Subject, id: string, one: Bundle, child: Draft | undefined): void {
  const members = cib.memberStates;
  const count = Number(one.replicas ?? one.promotedMax ?? 1);
  for (let n = 0; n < count; n++) {
    const known = at(one.known, n);
    const part = (name: string, provider: string, type: string, monitorSeconds: number): Agent => ({
      id: name,
      class: "ocf",
      provider,
      type,
      monitorSeconds,
    });
    const container = part(`${id}-${one.technology}-${n}`, "heartbeat", one.technology, 60);
    const connection = { ...part(`${id}-${n}`, "pacemaker", "remote", 30), container: container.id };
    for (const [m, member] of members.entries()) {
      const here = m === (one.host + n) % members.length;
      const connected = m === (one.host + n + known.apart) % members.length;
      remember(member, container, here ? known.container : at(known.elsewhere, m));
      if (child) remember(member, connection, connected ? known.connection : at(known.elsewhere, m));
    }
    if (!child) continue;
    const far = { ...known.far, wishes: [], pasts: ["none" as const] };
    addFarNode(cib, connection.id, far);
    const state = cib.nodeStates.find((s) => s.attrs["id"] === connection.id);
    if (!state) continue;
    const agent = agentOf(child);
    remember(state, one.perHost === "2" ? { ...agent, id: `${agent.id}:${n}` } : agent, known.child);
    if (known.wish !== undefined) setTransient(state, `master-${agent.id}`, known.wish);
  }
}

function constrain(cib: Subject, id: string, one: Bundle): void {
  for (const { kind, other, node, first, score, promoted, orderKind } of one.constraints) {
    const name = at(cib.constrainable, other);
    const key = cib.id("between");
    if (kind === "location") cib.constrain(make("rsc_location", { id: key, rsc: id, node: cib.nodeName(node), score }));
    else if (name === id) continue;
    else if (kind === "colocation") {
      const attrs: Record<string, string> = first ? { rsc: id, "with-rsc": name } : { rsc: name, "with-rsc": id };
      if (!first && promoted && one.promotedMax !== undefined) attrs["with-rsc-role"] = "Promoted";
      cib.constrain(make("rsc_colocation", { id: key, score, ...attrs }));
    } else {
      const [before, after] = first ? [id, name] : [name, id];
      const attrs: Record<string, string> = { id: key, first: before, kind: orderKind };
      if (first && promoted && one.promotedMax !== undefined) {
        attrs["first-action"] = "promote";
        attrs["then-action"] = "start";
      }
      // biome-ignore lint/suspicious/noThenProperty: the attribute of rsc_order is called that
      cib.constrain(make("rsc_order", { ...attrs, then: after }));
    }
  }
}
