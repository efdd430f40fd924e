import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** A clustered service that is stopped by hand is found dead by its monitor, and started again. */
export const stopUnit = operatorAction({
  name: "stop-unit",
  summary: "A service is stopped by hand.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  command: ({ unit }) => `service ${unit} stop`,
  perform: (instant, twin, { node, unit }) => twin.units.stop(instant, node, unit),
});
