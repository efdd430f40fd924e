import type { Importer } from "./ledger.js";
import type { DhcpAgentFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because(
    "not-modelled",
    "it matters for subnets inside 169.254.0.0/16 alone, which are not modelled",
    "enable_metadata_network",
  ),
  ...because("ignored", "dnsmasq on Open vSwitch is the one modelled", "interface_driver dhcp_driver"),
  ...because("not-modelled", "dnsmasq's further options are not modelled", "dnsmasq_config_file"),
  ...because("ignored", "names handed to guests do not change reachability", "dhcp_domain dnsmasq_dns_server"),
  ...because(
    "not-modelled",
    "namespaces of deleted networks are not modelled",
    "dhcp_delete_namespaces dnsmasq_lease_max dhcp_broadcast_reply num_sync_threads",
  ),
  ...because("not-modelled", "the agent's bridge comes from the plugin's file", "ovs_integration_bridge"),
]);

const DEFAULT = "Havana's default";

/** /etc/neutron/dhcp_agent.ini. A file of another name (dhcp-agent.ini) is read by nothing. */
export const importDhcpAgent: Importer<DhcpAgentFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const facts: DhcpAgentFacts = {
    file,
    enableIsolatedMetadata: settings.boolean(false, DEFAULT, "default.enable_isolated_metadata"),
    enableMetadataNetwork: settings.boolean(false, DEFAULT, "default.enable_metadata_network"),
    useNamespaces: settings.boolean(true, DEFAULT, "default.use_namespaces"),
    ovsUseVeth: settings.boolean(false, DEFAULT, "default.ovs_use_veth"),
    dhcpDriver: settings.textOr("neutron.agent.linux.dhcp.Dnsmasq", DEFAULT, "default.dhcp_driver"),
    resyncIntervalMs: settings.seconds(5000, DEFAULT, "default.resync_interval"),
    metadataProxySocket: settings.textOr("/var/lib/neutron/metadata_proxy", DEFAULT, "default.metadata_proxy_socket"),
    ...present({
      interfaceDriver: settings.text("default.interface_driver"),
      dnsmasqConfigFile: settings.text("default.dnsmasq_config_file"),
    }),
  };
  return { facts, ledger: settings.ledger() };
};
