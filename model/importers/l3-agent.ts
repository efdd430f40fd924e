import type { Importer } from "./ledger.js";
import type { L3AgentFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because("ignored", "routers on Open vSwitch are the ones modelled", "interface_driver"),
  ...because("ignored", "a port inside the router's namespace", "metadata_port"),
  ...because(
    "not-modelled",
    "which routers an agent takes is given by the topology",
    "external_network_bridge gateway_external_network_id handle_internal_only_routers",
  ),
  ...because(
    "not-modelled",
    "the agent's periodic work is modelled as done when its router changes",
    "periodic_interval periodic_fuzzy_delay router_delete_namespaces",
  ),
  ...because("not-modelled", "gratuitous ARPs of routers are taken for received", "send_arp_for_ha"),
  ...because("not-modelled", "DVR and L3 HA are later releases'", "agent_mode ha_confs_path"),
]);

const DEFAULT = "Havana's default";

/** /etc/neutron/l3_agent.ini. */
export const importL3Agent: Importer<L3AgentFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  settings.text("default.gateway_external_network_id");
  const facts: L3AgentFacts = {
    file,
    useNamespaces: settings.boolean(true, DEFAULT, "default.use_namespaces"),
    ovsUseVeth: settings.boolean(false, DEFAULT, "default.ovs_use_veth"),
    enableMetadataProxy: settings.boolean(true, DEFAULT, "default.enable_metadata_proxy"),
    metadataPort: settings.port(9697, DEFAULT, "default.metadata_port"),
    externalNetworkBridge: settings.textOr("br-ex", DEFAULT, "default.external_network_bridge"),
    handleInternalOnlyRouters: settings.boolean(true, DEFAULT, "default.handle_internal_only_routers"),
    ...present({
      routerId: settings.text("default.router_id"),
      interfaceDriver: settings.text("default.interface_driver"),
    }),
  };
  return { facts, ledger: settings.ledger() };
};
