import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** Its services and its cluster stop first; no fence. */
export const shutdownNode = operatorAction({
  name: "shutdown-node",
  summary: "A node is shut down in order.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `shutdown -h now   # on ${node}`,
  perform: (instant, twin, { node }) => twin.hosts.shutdown(instant, node, "off"),
});
