import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A power feed fails. Everything that has no other feed goes off, its BMC with it: the survivors cannot fence what has
 * no power, and a fence that cannot be confirmed holds recovery back. Source: faults-and-promises, "BMC powered from
 * the failed node's feed"; Pacemaker Explained, "Fencing".
 */
export const cutFeed = fault({
  name: "cut-feed",
  summary: "A power feed fails.",
  params: z.object({ feed: reference("feed") }),
  subject: ({ feed }) => `feed/${feed}`,
  targets: (topology) => [...topology.feeds.keys()].map((feed) => ({ feed })),
  inject: (instant, twin, { feed }) => twin.hosts.setFeed(instant, feed, false),
  heal: (instant, twin, { feed }) => twin.hosts.setFeed(instant, feed, true),
});
