import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A cable carries nothing: pulled, broken, its port shut. What is behind it is unreachable from the rest unless another
 * way exists; a node whose ring runs over it is lost to its peers and they fence each other over whatever network the
 * fence devices use. Source: corosync.conf(5); faults-and-promises, "Network".
 */
export const downLink = fault({
  name: "down-link",
  summary: "A cable carries nothing.",
  params: z.object({ link: reference("link") }),
  subject: ({ link }) => `link/${link}`,
  targets: (topology) => [...topology.links.keys()].map((link) => ({ link })),
  inject: (instant, twin, { link }) => twin.network.setLink(instant, link, false),
  heal: (instant, twin, { link }) => twin.network.setLink(instant, link, true),
});
