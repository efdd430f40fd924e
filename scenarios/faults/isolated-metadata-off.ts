import { iniFault } from "./ini-fault.js";

/**
 * Without enable_isolated_metadata the DHCP namespace has no 169.254.169.254 and no proxy: guests that come for
 * metadata through it get nothing. An edit without a restart changes nothing. Source: facts, "The metadata path"
 * 4, and NEU.
 */
export const isolatedMetadataOff = iniFault("isolated-metadata-off", "The DHCP agent does not answer metadata.", {
  path: "/etc/neutron/dhcp_agent.ini",
  section: "DEFAULT",
  key: "enable_isolated_metadata",
  value: "False",
  unit: "neutron-dhcp-agent",
});
