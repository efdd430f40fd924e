import { secretDigest } from "./fact.js";
import type { Importer } from "./ledger.js";
import type { MetadataAgentFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because("not-modelled", "capacity is not modelled: an agent that runs has workers enough", "metadata_workers"),
  ...because("ignored", "there is one region", "auth_region endpoint_type"),
  ...because("not-modelled", "capacity is not modelled", "metadata_backlog"),
  ...because("not-modelled", "answers of Neutron are not remembered by the agent", "cache_url"),
  ...because("ignored", "the agent is called by host and port", "nova_metadata_protocol auth_insecure auth_ca_cert"),
]);

const DEFAULT = "Havana's default";

/** /etc/neutron/metadata_agent.ini. */
export const importMetadataAgent: Importer<MetadataAgentFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const host = settings.textOr("127.0.0.1", DEFAULT, "default.nova_metadata_ip", "default.nova_metadata_host");
  const port = settings.port(8775, DEFAULT, "default.nova_metadata_port");
  const secret = settings.text("default.metadata_proxy_shared_secret");
  if (secret !== undefined) settings.lines.scrub(secret.line, secret.value);
  const facts: MetadataAgentFacts = {
    file,
    novaMetadata: { ...host, value: { host: host.value, port: port.value } },
    metadataProxySocket: settings.textOr("/var/lib/neutron/metadata_proxy", DEFAULT, "default.metadata_proxy_socket"),
    workers: settings.integer(0, DEFAULT, "default.metadata_workers"),
    ...present({
      identity: settings.url("default.auth_url"),
      sharedSecret: secret === undefined ? undefined : { ...secret, value: secretDigest(secret.value) },
    }),
  };
  return { facts, ledger: settings.ledger() };
};
