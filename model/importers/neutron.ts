import type { Importer } from "./ledger.js";
import type { NeutronFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, identityLink, listen, messagingLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because("ignored", "the Open vSwitch plugin is the one modelled", "core_plugin"),
  ...because("not-modelled", "a lease outlives every scenario of a few hours", "dhcp_lease_duration dhcp_lease_time"),
  ...because("not-modelled", "calls over the broker take the twin's own limits", "rpc_response_timeout"),
  ...because(
    "ignored",
    "networks and ports are given by the topology",
    `service_plugins allow_overlapping_ips base_mac mac_generation_retries allow_bulk allow_pagination allow_sorting
     max_dns_nameservers max_subnet_host_routes max_fixed_ips_per_port network_scheduler_driver
     router_scheduler_driver api_extensions_path service_provider quota_items quota_network quota_subnet quota_port
     quota_router quota_driver quota_floatingip quota_security_group quota_security_group_rule default_quota`,
  ),
  ...because(
    "not-modelled",
    "a new network is given to an agent by the topology, not by the scheduler",
    "network_auto_schedule router_auto_schedule agent_down_time_check_interval",
  ),
  ...because(
    "not-modelled",
    "Nova is not told of ports (Icehouse and later)",
    "notify_nova_on_port_status_changes nova_url",
  ),
  ...because("not-modelled", "DVR and L3 HA are later releases'", "l3_ha max_l3_agents_per_router router_distributed"),
]);

/** /etc/neutron/neutron.conf, read by the server and by every agent. */
export const importNeutron: Importer<NeutronFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const facts: NeutronFacts = {
    file,
    ...present({
      database: databaseLink(settings, "database.connection", "database.sql_connection"),
      messaging: messagingLink(settings),
      identity: identityLink(settings),
      corePlugin: settings.text("default.core_plugin")?.value,
    }),
    listens: [listen(settings, "neutron-server", ["default.bind_host"], ["default.bind_port"], 9696)],
    agentDownTimeMs: settings.seconds(
      9000,
      "2013.2.3's default (5 s before, 75 s from 2013.2.4)",
      "default.agent_down_time",
    ),
    reportIntervalMs: settings.seconds(4000, "2013.2.3's default (30 s from 2013.2.4)", "agent.report_interval"),
    dhcpAgentsPerNetwork: settings.integer(1, "Havana's default", "default.dhcp_agents_per_network"),
    dhcpLeaseMs: settings.seconds(
      86_400_000,
      "Havana's default",
      "default.dhcp_lease_duration",
      "default.dhcp_lease_time",
    ),
    rpcResponseTimeoutMs: settings.seconds(60_000, "Havana's default", "default.rpc_response_timeout"),
  };
  return { facts, ledger: settings.ledger() };
};
