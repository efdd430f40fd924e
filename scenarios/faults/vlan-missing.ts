import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";

/**
 * A VLAN is not among those that a trunk carries: everything else on the cable works, the guests of that VLAN behind it
 * get no DHCP at all and no metadata. Source: facts, the metadata table, "VLAN missing on the trunk".
 */
export const vlanMissing = fault({
  name: "vlan-missing",
  summary: "A trunk does not carry a VLAN.",
  params: z.object({ vlan: reference("vlan"), link: reference("link") }),
  subject: ({ vlan, link }) => `link/${link}/${vlan}`,
  targets: (topology) =>
    [...topology.links.values()].flatMap(({ id, networks }) =>
      networks
        .filter((network) => topology.networks.get(network)?.role === "guests")
        .map((vlan) => ({ vlan, link: id })),
    ),
  inject: (instant, twin, { vlan, link }) => twin.network.setCarried(instant, link, vlan, false),
  heal: (instant, twin, { vlan, link }) => twin.network.setCarried(instant, link, vlan, true),
});
