import type { Reader } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { ClusterCore, NodeCells } from "../core.js";

/**
 * Who becomes DC among peers that all vote. Pacemaker compares versions, then how much processor time the controllers
 * have used, then names. All run one version here; a node that has been DC has used most (and among rivals the one
 * that took office first), and where nobody has, the greater name wins.
 */
export function electionWinner(core: ClusterCore, read: Reader, peers: readonly NodeCells[]): NodeCells | undefined {
  const incumbents = peers.filter((peer) => core.isDc(read, peer));
  if (incumbents.length > 0)
    return incumbents.reduce((best, peer) => (read.get(peer.term) < read.get(best.term) ? peer : best));
  return peers.reduce<NodeCells | undefined>(
    (best, peer) => (best === undefined || isGreater(peer.name, best.name) ? peer : best),
    undefined,
  );
}

/** As strcasecmp orders names. */
function isGreater(a: NodeId, b: NodeId): boolean {
  return a.toLowerCase() > b.toLowerCase();
}
