import type { Importer } from "./ledger.js";
import type { HeatFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, identityLink, listen, messagingLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because(
    "not-modelled",
    "signals of guests to their stack are not modelled",
    "heat_metadata_server_url heat_waitcondition_server_url",
  ),
  ...because(
    "not-modelled",
    "heat's CloudWatch service is not modelled",
    "heat_watch_server_url heat_api_cloudwatch.bind_port heat_api_cloudwatch.bind_host",
  ),
  ...because("ignored", "EC2 signatures are verified by the same keystone", "ec2authtoken.auth_uri"),
  ...because(
    "not-modelled",
    "stacks are not modelled, only that their engine answers",
    "instance_connection_is_secure heat_stack_user_role stack_user_domain num_engine_workers engine_life_check_timeout",
  ),
]);

/** /etc/heat/heat.conf. */
export const importHeat: Importer<HeatFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const facts: HeatFacts = {
    file,
    ...present({
      database: databaseLink(settings, "database.connection", "default.sql_connection"),
      messaging: messagingLink(settings),
      identity: identityLink(settings),
      metadataServerUrl: settings.url("default.heat_metadata_server_url"),
      waitConditionServerUrl: settings.url("default.heat_waitcondition_server_url"),
    }),
    listens: [
      listen(settings, "openstack-heat-api", ["heat_api.bind_host"], ["heat_api.bind_port"], 8004),
      listen(settings, "openstack-heat-api-cfn", ["heat_api_cfn.bind_host"], ["heat_api_cfn.bind_port"], 8000),
    ],
  };
  return { facts, ledger: settings.ledger() };
};
