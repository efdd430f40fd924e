import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * The metadata proxy in a DHCP namespace dies; the address stays on the tap, so guests get "Connection refused", and try
 * again each second. Nothing restarts it but the DHCP agent's next start. Source: facts, the metadata table, "proxy
 * dead, address up".
 */
export const killMetadataProxy = fault({
  name: "kill-metadata-proxy",
  summary: "The metadata proxy of a network dies.",
  params: z.object({ node: reference("node"), network: reference("neutron-network") }),
  subject: ({ node, network }) => `metadata-proxy/${network}@${node}`,
  targets: (topology) => topology.neutron.dhcp.map(({ node, network }) => ({ node, network })),
  inject: (instant, twin, { node, network }) => twin.neutron.killMetadataProxy(instant, node, network),
  heal: (instant, twin, { node }) => twin.units.restart(instant, node, "neutron-dhcp-agent"),
});
