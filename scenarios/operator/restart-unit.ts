import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** It reads its files again. */
export const restartUnit = operatorAction({
  name: "restart-unit",
  summary: "A service is restarted by hand.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  command: ({ unit }) => `service ${unit} restart`,
  perform: (instant, twin, { node, unit }) => twin.units.restart(instant, node, unit),
});
