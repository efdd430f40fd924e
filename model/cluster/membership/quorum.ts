import type { EffectiveQuorum } from "../../importers/totem-facts.js";

/** What votequorum remembers beside the present members. */
export interface QuorumMemory {
  /** All nodes have been seen together since this node's stack started (wait_for_all). */
  readonly seenAll: boolean;
  /** Lowered by last_man_standing. */
  readonly expectedVotes: number;
  /** Members of the last quorate partition, for auto_tie_breaker. */
  readonly lastQuorate: readonly string[];
}

export interface Voter {
  readonly node: string;
  readonly nodeId: number;
  readonly votes: number;
}

/**
 * Whether a partition has quorum. corosync: votequorum(5); cman: cman's two_node and expected_votes. A quorum device's
 * votes are not counted (the importer's ledger says so).
 */
export function isQuorateWith(
  rules: EffectiveQuorum,
  all: readonly Voter[],
  members: readonly string[],
  memory: QuorumMemory,
): boolean {
  if (rules.provider === "none") return true;
  const present = all.filter((voter) => members.includes(voter.node));
  const votes = present.reduce((sum, voter) => sum + voter.votes, 0);
  if (rules.waitForAll && !memory.seenAll) return false;
  if (rules.twoNode) return votes >= 1;
  const expected = memory.expectedVotes;
  if (votes * 2 > expected) return true;
  if (!rules.autoTieBreaker || votes * 2 !== expected) return false;
  return holdsTieBreaker(rules.autoTieBreakerNode, all, members, memory.lastQuorate);
}

/** The half that keeps quorum: the one with the lowest (or highest, or first listed) id of the last quorate partition. */
function holdsTieBreaker(
  rule: string,
  all: readonly Voter[],
  members: readonly string[],
  lastQuorate: readonly string[],
): boolean {
  const candidates = all.filter((voter) => lastQuorate.includes(voter.node));
  if (candidates.length === 0) return false;
  let breaker: Voter | undefined;
  if (rule === "highest") breaker = candidates[candidates.length - 1];
  else if (rule === "lowest" || rule === "") breaker = candidates[0];
  else {
    const ids = rule.split(/[\s,]+/).map(Number);
    for (const id of ids) breaker ??= candidates.find((voter) => voter.nodeId === id);
  }
  return breaker !== undefined && members.includes(breaker.node);
}
