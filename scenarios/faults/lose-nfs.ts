import { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * An NFS server dies: its power is gone. Its hard mounts hang on every client as with a hung server, mounting anew
 * fails, and nothing in the clients' clusters can bring it back: a single point of failure. When it boots again the
 * clients go on where they stood. Sources: nfs(5); faults-and-promises, "MySQL, NFS, AMQP".
 */
export const loseNfs = fault({
  name: "lose-nfs",
  summary: "An NFS server dies.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  targets: (topology) => servers(topology).map((node) => ({ node })),
  inject: (instant, twin, { node }) => twin.hosts.powerOff(instant, node, "power lost"),
  heal: (instant, twin, { node }) => twin.hosts.powerOn(instant, node),
});

function servers(topology: Topology): readonly string[] {
  return [...new Set([...topology.exports.values()].map(({ node }) => node))];
}
