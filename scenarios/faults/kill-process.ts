import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A process is gone without a word: kill -9, the OOM killer, a crash. The next monitor of its resource finds it not
 * running: fail-count, restart in place, elsewhere after migration-threshold failures. What only init started stays
 * dead. Source: Pacemaker Explained, "Handling Resource Failure".
 */
export const killProcess = fault({
  name: "kill-process",
  summary: "A process dies.",
  params: z.object({ node: reference("node"), unit: reference("unit") }),
  subject: ({ node, unit }) => `unit/${unit}@${node}`,
  targets: (topology) => [...topology.services.values()].map(({ node, unit }) => ({ node, unit })),
  inject: (instant, twin, { node, unit }) => twin.units.kill(instant, node, unit),
  heal: (instant, twin, { node, unit }) => {
    if (!twin.units.isRunning(instant, node, unit)) twin.units.start(instant, node, unit);
  },
});
