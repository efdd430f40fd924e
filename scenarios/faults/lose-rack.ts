import { z } from "zod";
import type { Topology } from "../../model/topology/types.js";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Fire, water or a tripped breaker: everything in a rack goes at once, nodes, hypervisors and switches. BMCs keep what
 * feeds they have but their switch may be gone with the rack. Source: faults-and-promises, "correlated loss of a rack".
 */
export const loseRack = fault({
  name: "lose-rack",
  summary: "Everything in a rack goes at once.",
  params: z.object({ rack: reference("rack") }),
  subject: ({ rack }) => `rack/${rack}`,
  targets: (topology) => [...topology.racks.keys()].map((rack) => ({ rack })),
  inject: (instant, twin, { rack }) => {
    const { hypervisors, nodes, switches } = inRack(twin.topology, rack);
    for (const id of switches) twin.network.setSwitch(instant, id, false);
    for (const id of hypervisors) twin.hosts.setHypervisor(instant, id, false);
    for (const id of nodes) twin.hosts.powerOff(instant, id, "rack lost");
  },
  heal: (instant, twin, { rack }) => {
    const { hypervisors, nodes, switches } = inRack(twin.topology, rack);
    for (const id of switches) twin.network.setSwitch(instant, id, true);
    for (const id of hypervisors) twin.hosts.setHypervisor(instant, id, true);
    for (const id of nodes) twin.hosts.powerOn(instant, id);
  },
});

function inRack(topology: Topology, rack: string) {
  const here = <T extends { readonly id: string; readonly rack?: string }>(things: ReadonlyMap<string, T>) =>
    [...things.values()].filter((thing) => thing.rack === rack).map(({ id }) => id);
  return { hypervisors: here(topology.hypervisors), nodes: here(topology.nodes), switches: here(topology.switches) };
}
