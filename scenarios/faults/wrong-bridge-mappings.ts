import { iniFault } from "./ini-fault.js";

/**
 * The agent cannot wire provider VLANs of that physical network (it exits at start where the bridge does not
 * exist): guests behind it get no DHCP at all. Source: facts, the metadata table, "wrong bridge_mappings"; NEU.
 */
export const wrongBridgeMappings = iniFault(
  "wrong-bridge-mappings",
  "The L2 agent's bridge mappings name another bridge.",
  {
    path: "/etc/neutron/plugins/openvswitch/ovs_neutron_plugin.ini",
    section: "OVS",
    key: "bridge_mappings",
    value: "physnet1:br-nothing",
    unit: "neutron-openvswitch-agent",
  },
);
