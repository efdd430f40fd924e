import { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

const params = z.object({
  from: z.array(reference("node")).min(1).max(200).describe("One side."),
  to: z.array(reference("node")).min(1).max(200).optional().describe("The other side; without it, every other node."),
  network: reference("network").optional().describe("On this network alone; without it, on all."),
  way: z
    .enum(["both", "forth", "back"])
    .default("both")
    .describe("forth: what `from` sends is lost; back: what `from` should hear is lost."),
});

/**
 * Nodes are parted: whole, one-way, on one network or on all. Two sides, a lone node, or (with several of these) a ring
 * or a bridge where A and C hear B but not each other. Membership must converge; the side without quorum stops what it
 * runs, with two_node both sides have quorum and fence each other. One-way loss ends in the same: a node that is not
 * heard is not a member. Sources: corosync.conf(5), votequorum(5), cman(5); Jepsen's nemeses for the shapes.
 */
export const partition = fault({
  name: "partition",
  summary: "Nodes do not hear one another.",
  params,
  subject: ({ from, network }) => `partition/${from.join("+")}${network ? `/${network}` : ""}`,
  targets: (topology) =>
    [...topology.clusters.values()].flatMap(({ nodes }) =>
      nodes.length < 2
        ? []
        : nodes.flatMap(({ node }) => {
            const to = nodes.filter((other) => other.node !== node).map((other) => other.node);
            return (["both", "forth", "back"] as const).map((way) => ({ from: [node], to, way }));
          }),
    ),
  inject: (instant, twin, it) => {
    for (const [from, to] of pairs(twin.topology, it)) twin.network.block(instant, from, to, it.network);
  },
  heal: (instant, twin, it) => {
    for (const [from, to] of pairs(twin.topology, it)) twin.network.unblock(instant, from, to, it.network);
  },
});

function pairs(topology: Topology, { from, to, way }: z.output<typeof params>): readonly (readonly [string, string])[] {
  const others = to ?? [...topology.nodes.keys()].filter((node) => !from.includes(node));
  return from.flatMap((a) =>
    others
      .filter((b) => b !== a)
      .flatMap((b): (readonly [string, string])[] => [
        ...(way === "back" ? [] : [[a, b] as const]),
        ...(way === "forth" ? [] : [[b, a] as const]),
      ]),
  );
}
