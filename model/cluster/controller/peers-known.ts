import type { Instant } from "../../kernel/index.js";
import type { NodeCells } from "../core.js";
import { withEntry } from "../status/edit.js";

/** Everybody in the ring has been seen. */
export function seePeers(instant: Instant, node: NodeCells): void {
  let known = instant.get(node.peersKnown);
  for (const name of instant.get(node.totem).ring ?? []) if (!known.has(name)) known = withEntry(known, name, "seen");
  instant.set(node.peersKnown, known);
}

/** What a controller expects of a peer from now on. */
export function expectPeer(instant: Instant, node: NodeCells, peer: string, what: "member" | "down"): void {
  instant.set(node.peersKnown, withEntry(instant.get(node.peersKnown), peer, what));
}
