import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A guest has no route of its own to 169.254.169.254: its packets go to its default gateway, the physical router, which
 * drops them. cloud-init waits its 120 s and goes on without. Source: facts, the metadata table, "no route, gateway
 * set"; CI, Ec2 max_wait.
 */
export const loseMetadataRoute = fault({
  name: "lose-metadata-route",
  summary: "A guest lacks its route to the metadata address.",
  params: z.object({ guest: reference("guest") }),
  subject: ({ guest }) => `guest/${guest}`,
  targets: (topology) => [...topology.guests.keys()].map((guest) => ({ guest })),
  inject: (instant, twin, { guest }) => {
    twin.guests.setRoutes(instant, guest, "no-metadata-route");
    twin.guests.reboot(instant, guest);
  },
  heal: (instant, twin, { guest }) => {
    twin.guests.setRoutes(instant, guest, "as-imaged");
    twin.guests.reboot(instant, guest);
  },
});
