import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** As init would, outside the knowledge of a cluster. */
export const startUnit = operatorAction({
  name: "start-unit",
  summary: "A service is started by hand.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  command: ({ unit }) => `service ${unit} start`,
  perform: (instant, twin, { node, unit }) => twin.units.start(instant, node, unit),
});
