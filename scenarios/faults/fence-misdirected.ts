import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * The host map names the wrong machine: a request to fence one node switches another. A healthy node is shot, and the
 * one that should have been fenced counts as fenced while it may still run. Source: facts, "Runbooks" (the wrong VM in
 * the host map); faults-and-promises, "Wrong target in the host map".
 */
export const fenceMisdirected = fault({
  name: "fence-misdirected",
  summary: "A request to fence one node switches another.",
  params: z.object({ controller: reference("controller"), target: reference("node"), instead: reference("node") }),
  subject: ({ controller }) => `controller/${controller}`,
  targets: (topology) =>
    [...topology.powerControllers.values()].flatMap(({ id, targets }) =>
      targets.flatMap(({ node: target }) =>
        targets.filter(({ node }) => node !== target).map(({ node: instead }) => ({ controller: id, target, instead })),
      ),
    ),
  inject: (instant, twin, { controller, target, instead }) =>
    twin.power.setController(instant, controller, { kind: "misdirected", target, instead }),
  heal: (instant, twin, { controller }) => twin.power.setController(instant, controller, { kind: "works" }),
});
