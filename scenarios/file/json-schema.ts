import { z } from "zod";
import { faults } from "../faults/index.js";
import { operatorActions } from "../operator/index.js";
import { stepSchema } from "./read-scenario.js";
import { healStep, scenarioSchema } from "./scenario-schema.js";

/** The JSON Schema (2020-12) of `*.scenario.yaml`, for editors: every fault and command with its own parameters. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const step = z.union([
    healStep,
    ...[...faults.values()].map((fault) => stepSchema(fault, "fault")),
    ...[...operatorActions.values()].map((action) => stepSchema(action, "operator")),
  ]);
  const schema = z.toJSONSchema(scenarioSchema.extend({ timeline: z.array(step).min(1).max(500) }), { io: "input" });
  return { ...schema, title: "Fencepost scenario" };
}
