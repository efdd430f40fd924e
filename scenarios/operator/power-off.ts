import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** At once, without an orderly shutdown. Source: facts, Runbooks 2. */
export const powerOff = operatorAction({
  name: "power-off",
  summary: "A node is switched off at its power button.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `power off ${node}`,
  perform: (instant, twin, { node }) => twin.hosts.powerOff(instant, node, "switched off by hand"),
});
