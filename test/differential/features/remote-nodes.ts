import fc from "fast-check";
import { make } from "../mutations/draft.js";
import { addFarNode, CONNECTION_META, farNode } from "./far-nodes.js";
import { agentOf, elsewherePasts, remember, upPasts } from "./remembered.js";
import { at, type Family, maybe } from "./subject.js";

const connection = fc.record({
  host: fc.nat(3),
  past: upPasts,
  elsewhere: elsewherePasts,
  reconnect: maybe(4, ["60s", "60"]),
  monitorSeconds: fc.constantFrom(0, 30),
  onFail: maybe(6, ["restart", "fence", "block", "ignore", "standby", "stop"]),
  meta: maybe(5, CONNECTION_META),
  far: farNode,
});

/** Pacemaker Remote nodes: their connections, where those are, and what runs behind them. */
export const remoteNodes: Family = fc.array(connection, { minLength: 1, maxLength: 2 }).map((connections) => (cib) => {
  const members = cib.memberStates;
  for (const { host, past, elsewhere, reconnect, monitorSeconds, onFail, meta, far } of connections) {
    const id = cib.id("far");
    const primitive = make("primitive", { id, class: "ocf", provider: "pacemaker", type: "remote" });
    if (meta) cib.meta(primitive, ...meta);
    if (reconnect !== undefined) {
      const pair = make("nvpair", { id: `${id}-r`, name: "reconnect_interval", value: reconnect });
      primitive.children.push(make("instance_attributes", { id: `${id}-a` }, [pair]));
    }
    if (monitorSeconds > 0) {
      const op = make("op", { id: `${id}-m`, name: "monitor", interval: `${monitorSeconds}s` });
      if (onFail !== undefined) op.attrs["on-fail"] = onFail;
      primitive.children.push(make("operations", {}, [op]));
    }
    cib.configuration("resources").children.push(primitive);
    for (const [i, member] of members.entries()) {
      const here = i === host % members.length;
      remember(member, agentOf(primitive), here ? past : at(elsewhere, i));
    }
    addFarNode(cib, id, far);
  }
});
