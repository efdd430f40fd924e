import { iniFault } from "./ini-fault.js";

/**
 * Nova refuses the signature with 403, the agent passes 500 on to the guest; nova logs a signature mismatch.
 * Source: facts, the metadata table, "wrong secret".
 */
export const wrongMetadataSecret = iniFault(
  "wrong-metadata-secret",
  "The metadata agent signs with another secret than nova's.",
  {
    path: "/etc/neutron/metadata_agent.ini",
    section: "DEFAULT",
    key: "metadata_proxy_shared_secret",
    value: "not-the-secret-of-nova",
    unit: "neutron-metadata-agent",
  },
);
