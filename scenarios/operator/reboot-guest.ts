import { z } from "zod";
import { operatorAction } from "../faults/fault.js";
import { reference } from "../file/reference.js";

/** It asks for its lease and its metadata anew. */
export const rebootGuest = operatorAction({
  name: "reboot-guest",
  summary: "A guest is rebooted.",
  params: z.object({ guest: reference("guest") }),
  subject: ({ guest }) => `guest/${guest}`,
  command: ({ guest }) => `nova reboot ${guest}`,
  perform: (instant, twin, { guest }) => twin.guests.reboot(instant, guest),
});
