import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * The DHCP port of a network comes back with another address (the agent was moved, its port made anew). A static route
 * in an image goes via the old one: new and rebooting guests fail, option 121 users follow. Source: facts, the metadata
 * table, "DHCP port's address changed (agent moved)".
 */
export const moveDhcpPort = fault({
  name: "move-dhcp-port",
  summary: "A network's DHCP port has another address.",
  params: z.object({ network: reference("neutron-network"), address: z.ipv4() }),
  subject: ({ network }) => `dhcp-port/${network}`,
  targets: (topology) =>
    topology.neutron.dhcp.map(({ network, address }) => ({
      network,
      address: address.replace(/\d+$/, (last) => String((Number(last) + 1) % 255)),
    })),
  inject: (instant, twin, { network, address }) => twin.neutron.setDhcpAddress(instant, network, address),
  heal: (instant, twin, { network }) => twin.neutron.setDhcpAddress(instant, network, undefined),
});
