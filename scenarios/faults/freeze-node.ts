import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A node stops executing with its memory intact: a virtual machine suspended, a storage stall, an SMI. It holds its
 * addresses in neighbours' caches but answers nothing. The token times out, it is fenced; where it is not and thaws,
 * it goes on where it stood and may write, which is why recovery waits for the fence.
 * Source: corosync.conf(5) token; Pacemaker Explained, "Fencing".
 */
export const freezeNode = fault({
  name: "freeze-node",
  summary: "A node stops executing, with its memory intact.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `node/${node}`,
  targets: (topology) => [...topology.nodes.keys()].map((node) => ({ node })),
  inject: (instant, twin, { node }) => twin.hosts.freeze(instant, node),
  heal: (instant, twin, { node }) => {
    if (twin.hosts.state(instant, node) === "off") twin.hosts.powerOn(instant, node);
    else twin.hosts.thaw(instant, node);
  },
});
