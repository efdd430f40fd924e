import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** Its services and its cluster stop first; no fence. Source: facts, Runbooks 8. */
export const rebootNode = operatorAction({
  name: "reboot-node",
  summary: "A node is rebooted in order.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `shutdown -r now   # on ${node}`,
  perform: (instant, twin, { node }) => twin.hosts.shutdown(instant, node, "reboot"),
});
