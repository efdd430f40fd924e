import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A guest's security group lets nothing out to 169.254.169.254:80: requests time out, though everything behind them
 * works. Source: facts, the metadata table, "egress rule removed".
 */
export const removeEgress = fault({
  name: "remove-egress",
  summary: "A guest's security group keeps it from the metadata address.",
  params: z.object({ guest: reference("guest") }),
  subject: ({ guest }) => `guest/${guest}`,
  targets: (topology) => [...topology.guests.keys()].map((guest) => ({ guest })),
  inject: (instant, twin, { guest }) => twin.guests.setEgress(instant, guest, false),
  heal: (instant, twin, { guest }) => twin.guests.setEgress(instant, guest, true),
});
