import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A node panics and boots again by itself. Where it is back before it was declared lost it rejoins without being
 * fenced; otherwise it is fenced, booting or not. Its cluster comes up with it only where init starts it (pcs on RHEL 6
 * leaves that off). Source: pcs on RHEL 6 (facts, Timing); Pacemaker Explained, "Fencing".
 */
export const crashNode = fault({
  name: "crash-node",
  summary: "A node panics and boots again.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  targets: (topology) => [...topology.nodes.keys()].map((node) => ({ node })),
  inject: (instant, twin, { node }) => {
    twin.hosts.powerOff(instant, node, "kernel panic");
    twin.hosts.powerOn(instant, node);
  },
  heal: (instant, twin, { node }) => twin.hosts.powerOn(instant, node),
});
