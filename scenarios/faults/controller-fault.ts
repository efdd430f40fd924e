import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/** Faults of a power controller that need no more than its name. */
export function controllerFault(name: string, summary: string, kind: "dead" | "refuses" | "lies") {
  return fault({
    name,
    summary,
    params: z.object({ controller: reference("controller") }),
    subject: ({ controller }) => `controller/${controller}`,
    targets: (topology) => [...topology.powerControllers.keys()].map((controller) => ({ controller })),
    inject: (instant, twin, { controller }) => twin.power.setController(instant, controller, { kind }),
    heal: (instant, twin, { controller }) => twin.power.setController(instant, controller, { kind: "works" }),
  });
}
