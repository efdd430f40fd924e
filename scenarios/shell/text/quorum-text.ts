import type { Call } from "../command.js";
import { clockText } from "./dates.js";

/** `corosync-quorumtool -s`: votes and members as the node's membership layer sees them. */
export function quorumText({ twin, read, node, handle }: Call): string {
  const cluster = twin.topology.clusters.get(twin.clusters.clusterOf(node) ?? "")!;
  const members = twin.clusters.members(read, node);
  const facts = cluster.nodes.filter((one) => members.includes(one.node));
  const votes = facts.reduce((total, one) => total + one.votes, 0);
  const isQuorate = twin.clusters.isQuorate(read, node);
  const own = cluster.nodes.find((one) => one.node === node)!;
  const expected = cluster.nodes.reduce((total, one) => total + one.votes, 0);
  const twoNode = cluster.quorum.twoNode;
  const flags = [twoNode && "2Node", isQuorate && "Quorate", cluster.quorum.waitForAll && "WaitForAll"]
    .filter(Boolean)
    .join(" ");
  const quorum = twoNode ? 1 : Math.floor(expected / 2) + 1;
  const hex = (id: number) => `0x${id.toString(16).padStart(8, "0")}`;
  return [
    "Quorum information",
    "------------------",
    `Date:             ${clockText(handle.epochSeconds)}`,
    "Quorum provider:  corosync_votequorum",
    `Nodes:            ${members.length}`,
    `Node ID:          ${own.nodeId}`,
    `Quorate:          ${isQuorate ? "Yes" : "No"}`,
    "",
    "Votequorum information",
    "----------------------",
    `Expected votes:   ${expected}`,
    `Highest expected: ${expected}`,
    `Total votes:      ${votes}`,
    `Quorum:           ${quorum} ${isQuorate ? "" : "Activity blocked"}`,
    `Flags:            ${flags} `,
    "",
    "Membership information",
    "----------------------",
    "    Nodeid      Votes Name",
    ...facts.map((one) => `${hex(one.nodeId)}          ${one.votes} ${one.node}${one.node === node ? " (local)" : ""}`),
    "",
  ].join("\n");
}
