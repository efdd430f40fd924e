import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A LUN of the SAN is gone for every node that sees it: the volume group on it cannot be activated, its volumes give
 * I/O errors. Moving the resource helps nobody. Source: faults-and-promises, "correlated loss".
 */
export const loseLun = fault({
  name: "lose-lun",
  summary: "A LUN of the SAN is gone.",
  params: z.object({ lun: reference("lun") }),
  subject: ({ lun }) => `lun/${lun}`,
  targets: (topology) => [...topology.luns.keys()].map((lun) => ({ lun })),
  inject: (instant, twin, { lun }) => twin.storage.setLun(instant, lun, false),
  heal: (instant, twin, { lun }) => twin.storage.setLun(instant, lun, true),
});
