import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Somebody gives a node an address that is already in use. Who announced last has the traffic; the monitor of the
 * rightful holder looks at its own interface alone and stays green. Source: facts, "its monitor checks the address
 * only"; faults-and-promises, "duplicate IP".
 */
export const duplicateAddress = fault({
  name: "duplicate-address",
  summary: "A second node answers for an address.",
  params: z.object({ address: reference("address"), node: reference("node") }),
  subject: ({ address }) => `address/${address}`,
  targets: (topology) =>
    [...topology.virtualAddresses.values()].flatMap(({ address, network }) =>
      [...topology.nodes.values()]
        .filter(({ nics }) => nics.some((nic) => nic.networks.includes(network)))
        .map(({ id }) => ({ address, node: id })),
    ),
  inject: (instant, twin, { address, node }) => twin.network.addAddress(instant, node, address),
  heal: (instant, twin, { address, node }) => twin.network.removeAddress(instant, node, address),
});
