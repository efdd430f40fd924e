import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** It boots where its feeds and hypervisor carry it. */
export const powerOn = operatorAction({
  name: "power-on",
  summary: "A node is switched on.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  command: ({ node }) => `power on ${node}`,
  perform: (instant, twin, { node }) => twin.hosts.powerOn(instant, node),
});
