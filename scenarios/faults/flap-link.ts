import { z } from "zod";
import { duration } from "../file/duration.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A cable goes down and comes back, again and again: a bad connector. Each down shorter than the token goes unnoticed;
 * a longer one costs a membership change and a fence; a load balancer's rise and fall damp it.
 * Source: corosync.conf(5) token; faults-and-promises, "flap: HAProxy rise/fall".
 */
export const flapLink = fault({
  name: "flap-link",
  summary: "A cable goes down and up, again and again.",
  params: z.object({
    link: reference("link"),
    down: duration.describe("How long it is down each time."),
    up: duration.describe("How long it is up in between."),
    times: z.int().min(1).max(1_000).default(5),
  }),
  subject: ({ link }) => `link/${link}`,
  targets: (topology) => [...topology.links.keys()].map((link) => ({ link, down: "2s", up: "8s" })),
  inject: (instant, twin, { link, down, up, times }) =>
    twin.flaps.start(instant, { link, downMs: down, upMs: up, left: times }),
  heal: (instant, twin, { link }) => twin.flaps.stop(instant, link),
});
