import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A switch stops forwarding: everything cabled to it alone is cut off from everything, BMCs included where they hang on
 * it. Source: faults-and-promises, "correlated loss of a rack, feed, switch".
 */
export const loseSwitch = fault({
  name: "lose-switch",
  summary: "A switch stops forwarding.",
  params: z.object({ switch: reference("switch") }),
  subject: (params) => `switch/${params.switch}`,
  targets: (topology) => [...topology.switches.keys()].map((id) => ({ switch: id })),
  inject: (instant, twin, params) => twin.network.setSwitch(instant, params.switch, false),
  heal: (instant, twin, params) => twin.network.setSwitch(instant, params.switch, true),
});
