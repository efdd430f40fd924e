import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A node loses its power, or its kernel panics and does not come back: processes and memory are gone at once.
 * Its peers miss its tokens, form a new membership without it after token and consensus, call it UNCLEAN, fence it and
 * only then recover its resources. Sources: Pacemaker Explained, "Fencing"; cman(5), totem token and consensus.
 */
export const loseNode = fault({
  name: "lose-node",
  summary: "A node loses power.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  targets: (topology) => [...topology.nodes.keys()].map((node) => ({ node })),
  inject: (instant, twin, { node }) => twin.hosts.powerOff(instant, node, "power lost"),
  heal: (instant, twin, { node }) => twin.hosts.powerOn(instant, node),
});
