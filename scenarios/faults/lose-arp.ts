import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * Gratuitous ARPs on a network are lost (a switch's storm control, a firewall, a bonding quirk). An address that moves
 * meanwhile is up on its new node while neighbours and the router still send to the old one, until their entries age:
 * about a minute for a Linux host, minutes to hours for a router. Source: facts, "IPaddr2: 5 gratuitous ARPs 200 ms
 * apart" and "ARP age".
 */
export const loseArp = fault({
  name: "lose-arp",
  summary: "Gratuitous ARPs on a network are lost.",
  params: z.object({ network: reference("network") }),
  subject: ({ network }) => `network/${network}`,
  targets: (topology) =>
    [...new Set([...topology.virtualAddresses.values()].map(({ network }) => network))].map((network) => ({ network })),
  inject: (instant, twin, { network }) => twin.network.setAnnouncementsLost(instant, network, true),
  heal: (instant, twin, { network }) => twin.network.setAnnouncementsLost(instant, network, false),
});
