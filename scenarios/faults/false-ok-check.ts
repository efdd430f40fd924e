import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * The load balancer's check only connects (mode tcp, check): it stays UP and a share of requests fails for as
 * long as it lasts; only a check that asks for content would see it. Source: faults-and-promises, "a false-OK
 * check"; HAProxy manual, option httpchk.
 */
export const falseOkCheck = fault({
  name: "false-ok-check",
  summary: "A service accepts connections and answers with errors.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  targets: (topology) =>
    [...topology.services.values()].filter(({ role }) => role === "api").map(({ node, unit }) => ({ node, unit })),
  inject: (instant, twin, { node, unit }) => twin.answers.setAnswers(instant, node, unit, "wrong"),
  heal: (instant, twin, { node, unit }) => twin.answers.setAnswers(instant, node, unit, "well"),
});
