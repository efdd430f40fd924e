import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Neutron has two ports (or none) with a guest's address on its network. The metadata agent needs exactly one match:
 * 404. Source: facts, the metadata table, "unknown or duplicate port address"; NEU, the agent asks for exactly one.
 */
export const duplicatePort = fault({
  name: "duplicate-port",
  summary: "Neutron does not find exactly one port for a guest's address.",
  params: z.object({ guest: reference("guest"), ports: z.union([z.literal(0), z.literal(2)]).default(2) }),
  subject: ({ guest }) => `guest/${guest}`,
  targets: (topology) => [...topology.guests.keys()].flatMap((guest) => [{ guest, ports: 0 as const }, { guest }]),
  inject: (instant, twin, { guest, ports }) => twin.guests.setPorts(instant, guest, ports),
  heal: (instant, twin, { guest }) => twin.guests.setPorts(instant, guest, 1),
});
