import type { Setting } from "./fact.js";
import type { Importer } from "./ledger.js";
import type { GlanceApiFacts, GlanceRegistryFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, identityLink, listen, messagingLink, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because(
    "ignored",
    "how an image's record looks to clients does not change whether it is served",
    "show_image_direct_url enable_v1_api enable_v2_api show_multiple_locations allow_anonymous_access",
  ),
  ...because("ignored", "the file store is modelled by its directory", "known_stores filesystem_store_file_perm"),
  ...because(
    "not-modelled",
    "image cache and delayed deletion are not modelled",
    "image_cache_dir image_cache_max_size delayed_delete scrub_time scrubber_datadir",
  ),
  ...because("not-modelled", "the RBD and Swift stores are not modelled", "rbd_store_pool rbd_store_ceph_conf"),
  ...because("ignored", "exchange and topic names", "qpid_notification_exchange qpid_notification_topic"),
  ...because("ignored", "the registry is called by host and port", "registry_client_protocol"),
]);

const DATABASE = ["database.connection", "default.sql_connection"];

/** /etc/glance/glance-api.conf. */
export const importGlanceApi: Importer<GlanceApiFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const registryHost = settings.textOr("0.0.0.0", "Havana's default", "default.registry_host");
  const registryPort = settings.port(9191, "Havana's default", "default.registry_port");
  const registry: Setting<{ host: string; port: number }> = {
    ...registryHost,
    value: { host: registryHost.value, port: registryPort.value },
  };
  const facts: GlanceApiFacts = {
    file,
    ...present({
      database: databaseLink(settings, ...DATABASE),
      messaging: messagingLink(settings, "default.notifier_strategy"),
      identity: identityLink(settings),
      filesystemStoreDirectory: settings.text("default.filesystem_store_datadir"),
    }),
    listens: [listen(settings, "openstack-glance-api", ["default.bind_host"], ["default.bind_port"], 9292)],
    registry,
    defaultStore: settings.textOr("file", "Havana's default", "default.default_store").value,
  };
  return { facts, ledger: settings.ledger() };
};

/** /etc/glance/glance-registry.conf. */
export const importGlanceRegistry: Importer<GlanceRegistryFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const facts: GlanceRegistryFacts = {
    file,
    ...present({ database: databaseLink(settings, ...DATABASE), identity: identityLink(settings) }),
    listens: [listen(settings, "openstack-glance-registry", ["default.bind_host"], ["default.bind_port"], 9191)],
  };
  return { facts, ledger: settings.ledger() };
};
