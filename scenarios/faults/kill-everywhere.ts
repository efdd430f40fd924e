import { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * The same process dies on every node that runs it: a bad update, a poisoned message, an expired licence. All backends
 * of a frontend are down at once, HAProxy answers 503 or refuses. For nova-api it is the metadata table's "all 8775
 * backends down": guests get 500. Source: facts, "The metadata path".
 */
export const killEverywhere = fault({
  name: "kill-everywhere",
  summary: "A process dies on every node that runs it.",
  params: z.object({ unit: reference("unit") }),
  subject: ({ unit }) => `unit/${unit}`,
  targets: (topology) =>
    [...new Set([...topology.services.values()].map(({ unit }) => unit))].map((unit) => ({ unit })),
  inject: (instant, twin, { unit }) => {
    for (const node of nodesOf(twin.topology, unit))
      if (twin.units.isRunning(instant, node, unit)) twin.units.kill(instant, node, unit);
  },
  heal: (instant, twin, { unit }) => {
    for (const node of nodesOf(twin.topology, unit))
      if (!twin.units.isRunning(instant, node, unit)) twin.units.start(instant, node, unit);
  },
});

function nodesOf(topology: Topology, unit: string): readonly string[] {
  return [...topology.services.values()].filter((service) => service.unit === unit).map(({ node }) => node);
}
