import { z } from "zod";
import { reference } from "../file/reference.js";
import { fault } from "./fault.js";
import { restoreFile, setIniKey, textOn } from "./file-edit.js";

const PATH = "/etc/neutron/dhcp_agent.ini";
const MISNAMED = "/etc/neutron/dhcp-agent.ini";

/**
 * Somebody wants metadata from the DHCP agent, and edits `dhcp-agent.ini`: the agent reads `dhcp_agent.ini`, where it is
 * still off. The edit has no effect, however often the agent is restarted. Source: facts, the metadata table, "edited
 * dhcp-agent.ini instead of dhcp_agent.ini".
 */
export const misnamedDhcpIni = fault({
  name: "misnamed-dhcp-ini",
  summary: "enable_isolated_metadata is set in a file that nobody reads.",
  params: z.object({ node: reference("node") }),
  subject: ({ node }) => `file/${node}:${MISNAMED}`,
  targets: (topology) =>
    [...topology.nodes.values()].filter(({ files }) => files.has(PATH)).map(({ id }) => ({ node: id })),
  inject: (instant, twin, { node }) => {
    const text = textOn(instant, twin, node, PATH);
    twin.files.write(instant, node, MISNAMED, setIniKey(text, "DEFAULT", "enable_isolated_metadata", "True"));
    twin.files.write(instant, node, PATH, setIniKey(text, "DEFAULT", "enable_isolated_metadata", "False"));
    twin.units.restart(instant, node, "neutron-dhcp-agent");
  },
  heal: (instant, twin, { node }) => {
    twin.files.remove(instant, node, MISNAMED);
    restoreFile(instant, twin, node, PATH);
    twin.units.restart(instant, node, "neutron-dhcp-agent");
  },
});
