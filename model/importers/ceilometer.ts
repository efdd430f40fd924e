import type { Importer } from "./ledger.js";
import type { CeilometerFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, identityLink, listen, messagingLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because("not-modelled", "polling of the other services is not modelled", "os_auth_url"),
  ...because(
    "not-modelled",
    "samples are not modelled, only that the API answers",
    "time_to_live pipeline_cfg_file metering_topic collector_workers evaluation_interval record_history",
  ),
]);

/** /etc/ceilometer/ceilometer.conf. */
export const importCeilometer: Importer<CeilometerFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const facts: CeilometerFacts = {
    file,
    ...present({
      database: databaseLink(settings, "database.connection", "default.database_connection"),
      messaging: messagingLink(settings),
      identity: identityLink(settings),
      agentIdentity: settings.url("service_credentials.os_auth_url", "default.os_auth_url"),
    }),
    listens: [
      listen(settings, "openstack-ceilometer-api", ["api.host"], ["api.port", "default.metering_api_port"], 8777),
    ],
  };
  return { facts, ledger: settings.ledger() };
};
