import type { Importer } from "./ledger.js";
import type { OvsPluginFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";
import { commaList, wholeNumber } from "./words.js";

const KNOWN = new Map([
  ...because("ignored", "networks and their tags are given by the topology", "tenant_network_type network_vlan_ranges"),
  ...because("ignored", "every bridge reaches the integration bridge", "integration_bridge"),
  ...because("ignored", "the server's own link to the database is the one modelled", "sql_connection connection"),
  ...because(
    "not-modelled",
    "tunnelled tenant networks are not modelled",
    `enable_tunneling tunnel_type tunnel_types tunnel_id_ranges local_ip tunnel_bridge vxlan_udp_port l2_population
     int_peer_patch_port tun_peer_patch_port veth_mtu arp_responder`,
  ),
  ...because("not-modelled", "security group rules are given by the topology", "firewall_driver enable_security_group"),
  ...because(
    "ignored",
    "how flows are watched does not change them",
    "minimize_polling ovsdb_monitor_respawn_interval",
  ),
]);

/** The Open vSwitch plugin's file (plugin.ini), read by the server and by the agent on each node. */
export const importOvsPlugin: Importer<OvsPluginFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const facts: OvsPluginFacts = {
    file,
    ...present({ database: databaseLink(settings, "database.connection", "database.sql_connection") }),
    tenantNetworkType: settings.textOr("local", "Havana's default", "ovs.tenant_network_type").value,
    bridgeMappings: bridgeMappings(settings),
    vlanRanges: vlanRanges(settings),
    integrationBridge: settings.textOr("br-int", "Havana's default", "ovs.integration_bridge").value,
    pollingIntervalMs: settings.seconds(2000, "Havana's default", "agent.polling_interval"),
  };
  return { facts, ledger: settings.ledger() };
};

function bridgeMappings(settings: OsloSettings): OvsPluginFacts["bridgeMappings"] {
  const mappings = new Map<string, { bridge: string; line: number }>();
  const fact = settings.text("ovs.bridge_mappings");
  const bridges = new Set<string>();
  for (const member of commaList(fact?.value ?? "")) {
    const parts = /^([^\s:]+):([^\s:]+)$/.exec(member);
    if (parts === null)
      throw settings.lines.error(fact!.line, "bridge_mappings: expected PHYSICAL_NETWORK:BRIDGE, found", member);
    const [, network, bridge] = parts;
    if (mappings.has(network!)) throw settings.lines.error(fact!.line, "bridge_mappings: mapped twice:", network);
    if (bridges.has(bridge!)) throw settings.lines.error(fact!.line, "bridge_mappings: bridge used twice:", bridge);
    bridges.add(bridge!);
    mappings.set(network!, { bridge: bridge!, line: fact!.line });
  }
  return mappings;
}

function vlanRanges(settings: OsloSettings): OvsPluginFacts["vlanRanges"] {
  const fact = settings.text("ovs.network_vlan_ranges");
  return commaList(fact?.value ?? "").map((member) => {
    const line = fact!.line;
    const parts = /^([^\s:]+)(?::(\d+):(\d+))?$/.exec(member);
    if (parts === null)
      throw settings.lines.error(line, "network_vlan_ranges: expected NETWORK or NETWORK:FIRST:LAST, found", member);
    const [, physicalNetwork, from, to] = parts;
    if (from === undefined) return { physicalNetwork: physicalNetwork!, line };
    const tag = (text: string) => wholeNumber(settings.lines, line, "network_vlan_ranges", text, 1, 4094);
    const range = { physicalNetwork: physicalNetwork!, first: tag(from), last: tag(to!), line };
    if (range.first > range.last)
      throw settings.lines.error(line, "network_vlan_ranges: the first tag is above the last:", member);
    return range;
  });
}
