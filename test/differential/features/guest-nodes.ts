import fc from "fast-check";
import { make } from "../mutations/draft.js";
import { addFarNode, CONNECTION_META, farNode } from "./far-nodes.js";
import { agentOf, elsewherePasts, remember, upPasts } from "./remembered.js";
import { at, type Family, maybe } from "./subject.js";

const META: readonly (readonly [string, string])[] = [
  ...CONNECTION_META,
  ["remote-allow-migrate", "false"],
  ["remote-addr", "192.168.122.1"],
  ["remote-port", "3121"],
  ["remote-connect-timeout", "60s"],
];

const guest = fc.record({
  host: fc.nat(3),
  /** Whether the connection is where the container is, or so many members further. */
  apart: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  container: upPasts,
  connection: upPasts,
  containers: elsewherePasts,
  connections: elsewherePasts,
  onFail: maybe(6, ["restart", "fence", "block", "ignore", "standby", "stop"]),
  meta: maybe(5, META),
  inGroup: maybe(6, ["first", "last"]),
  far: farNode,
});

/** Guest nodes: a resource that is a machine, the connection into it, and what runs there. */
export const guestNodes: Family = fc.array(guest, { minLength: 1, maxLength: 2 }).map((guests) => (cib) => {
  const members = cib.memberStates;
  for (const one of guests) {
    const id = cib.id("vm");
    const name = `${id}-guest`;
    const container = make("primitive", { id, class: "ocf", provider: "heartbeat", type: "VirtualDomain" });
    if (one.meta) cib.meta(container, ...one.meta);
    cib.meta(container, "remote-node", name);
    const op = make("op", { id: `${id}-m`, name: "monitor", interval: "10s" });
    if (one.onFail !== undefined) op.attrs["on-fail"] = one.onFail;
    container.children.push(make("operations", {}, [op]));
    const group = cib.tops.find((top) => top.name === "group");
    if (group && one.inGroup === "first") {
      const at = group.children.findIndex((c) => c.name === "primitive");
      group.children.splice(at, 0, container);
    } else if (group && one.inGroup === "last") group.children.push(container);
    else cib.configuration("resources").children.push(container);
    const connection = {
      id: name,
      class: "ocf",
      provider: "pacemaker",
      type: "remote",
      monitorSeconds: 30,
      container: id,
    };
    for (const [i, member] of members.entries()) {
      const here = i === one.host % members.length;
      const connected = i === (one.host + one.apart) % members.length;
      remember(member, agentOf(container), here ? one.container : at(one.containers, i));
      remember(member, connection, connected ? one.connection : at(one.connections, i));
    }
    addFarNode(cib, name, one.far);
  }
});
