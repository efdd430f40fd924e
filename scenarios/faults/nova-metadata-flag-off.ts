import { iniFault } from "./ini-fault.js";

/**
 * Without service_neutron_metadata_proxy nova looks the caller up by its source address, which is the agent's:
 * 404. With several nova-api behind a load balancer only the share of requests that meets this one fails. Source:
 * facts, the metadata table, "nova flag off".
 */
export const novaMetadataFlagOff = iniFault(
  "nova-metadata-flag-off",
  "Nova does not serve metadata for Neutron's proxy.",
  {
    path: "/etc/nova/nova.conf",
    section: "DEFAULT",
    key: "service_neutron_metadata_proxy",
    value: "False",
    unit: "openstack-nova-api",
  },
);
