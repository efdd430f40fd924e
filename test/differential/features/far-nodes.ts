import fc from "fast-check";
import { make, setPair, setTransient } from "../mutations/draft.js";
import { agentOf, type Past, pasts, remember } from "./remembered.js";
import { at, maybe, type Subject } from "./subject.js";

/** Meta-attributes of what such a node stands on: its connection, or the machine that it is. */
export const CONNECTION_META: readonly (readonly [string, string])[] = [
  ["target-role", "Stopped"],
  ["is-managed", "false"],
  ["allow-migrate", "true"],
  ["maintenance", "true"],
  ["resource-stickiness", "100"],
  ["migration-threshold", "1"],
  ["priority", "5"],
];

/** A node behind a connection, as the cluster knows it: in its nodes section, and in its status. */
export interface FarNode {
  readonly attribute: string | undefined;
  readonly transient: string | undefined;
  readonly seen: boolean;
  readonly inCcm: string | undefined;
  readonly fenced: string | undefined;
  readonly inMaintenance: string | undefined;
  /** Of the primitives there are, in document order; wraps around. */
  readonly pasts: readonly Past[];
  /** Resources that would like to be there. */
  readonly wishes: readonly (readonly [resource: number, score: string])[];
}

export const farNode: fc.Arbitrary<FarNode> = fc.record({
  attribute: maybe(8, ["standby", "maintenance"]),
  transient: maybe(12, ["standby", "maintenance", "shutdown", "terminate"]),
  seen: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  inCcm: maybe(1, ["true", "false"]),
  fenced: maybe(6, ["1", "0"]),
  inMaintenance: maybe(8, ["1", "0"]),
  pasts: fc.array(pasts, { minLength: 1, maxLength: 6 }),
  wishes: fc.array(fc.tuple(fc.nat(9), fc.constantFrom("100", "INFINITY", "-INFINITY", "10")), { maxLength: 2 }),
});

/** Puts such a node into a CIB; `kind` is what the nodes section says it is, where it says anything. */
export function addFarNode(cib: Subject, name: string, far: FarNode): void {
  if (far.attribute !== undefined) {
    const node = make("node", { id: name, uname: name, type: "remote" });
    setPair(node, "instance_attributes", far.attribute, "on");
    cib.configuration("nodes").children.push(node);
  }
  for (const [resource, score] of far.wishes) {
    const rsc = at(cib.constrainable, resource);
    cib.constrain(make("rsc_location", { id: cib.id("wish"), rsc, node: name, score }));
  }
  if (!far.seen) return;
  const state = make("node_state", { id: name, uname: name, remote_node: "true" });
  if (far.inCcm !== undefined) state.attrs["in_ccm"] = far.inCcm;
  if (far.fenced !== undefined) state.attrs["node_fenced"] = far.fenced;
  if (far.inMaintenance !== undefined) state.attrs["node_in_maintenance"] = far.inMaintenance;
  if (far.transient !== undefined)
    setTransient(state, far.transient, far.transient === "shutdown" ? "1400000000" : "true");
  cib.addNodeState(state);
  for (const [i, primitive] of cib.primitives.entries()) {
    // Connections and machines are in no remote or guest node: Pacemaker crashes on a machine that is in itself.
    if (primitive.attrs["type"] !== "remote" && primitive.attrs["type"] !== "VirtualDomain")
      remember(state, agentOf(primitive), at(far.pasts, i));
  }
}
