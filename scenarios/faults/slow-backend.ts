import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Its port is open and a plain TCP check passes, so the load balancer goes on giving it its share: those requests
 * are slow or run into the proxy's time-out. Source: faults-and-promises, "Backend down, slow"; facts, timeouts
 * of the RDO pair.
 */
export const slowBackend = fault({
  name: "slow-backend",
  summary: "A service answers, but late.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  targets: (topology) =>
    [...topology.services.values()].filter(({ role }) => role === "api").map(({ node, unit }) => ({ node, unit })),
  inject: (instant, twin, { node, unit }) => twin.answers.setAnswers(instant, node, unit, "slow"),
  heal: (instant, twin, { node, unit }) => twin.answers.setAnswers(instant, node, unit, "well"),
});
