import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A guest has neither a route to the metadata address nor a default route: "Network is unreachable" at once.
 * Source: facts, the metadata table, "no default route".
 */
export const loseDefaultRoute = fault({
  name: "lose-default-route",
  summary: "A guest has no way out of its subnet.",
  params: z.object({ guest: reference("guest") }),
  subject: ({ guest }) => `guest/${guest}`,
  targets: (topology) => [...topology.guests.keys()].map((guest) => ({ guest })),
  inject: (instant, twin, { guest }) => {
    twin.guests.setRoutes(instant, guest, "no-default-route");
    twin.guests.reboot(instant, guest);
  },
  heal: (instant, twin, { guest }) => {
    twin.guests.setRoutes(instant, guest, "as-imaged");
    twin.guests.reboot(instant, guest);
  },
});
