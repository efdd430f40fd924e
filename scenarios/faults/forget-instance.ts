import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Nova does not know a guest that Neutron has a port for (a restored database, a half-deleted instance): the metadata
 * request ends in 500. Source: facts, the metadata table, "instance unknown to nova".
 */
export const forgetInstance = fault({
  name: "forget-instance",
  summary: "Nova does not know a guest.",
  params: z.object({ guest: reference("guest") }),
  subject: ({ guest }) => `guest/${guest}`,
  targets: (topology) => [...topology.guests.keys()].map((guest) => ({ guest })),
  inject: (instant, twin, { guest }) => twin.guests.setKnown(instant, guest, false),
  heal: (instant, twin, { guest }) => twin.guests.setKnown(instant, guest, true),
});
