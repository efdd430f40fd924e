import type { Importer } from "./ledger.js";
import type { KeystoneFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { databaseLink, listen, present } from "./oslo-links.js";
import { OsloSettings } from "./oslo-settings.js";

const KNOWN = new Map([
  ...because("ignored", "clients take endpoints from the topology", "public_endpoint admin_endpoint compute_port"),
  ...because(
    "ignored",
    "the SQL database holds them, and is modelled",
    "catalog.driver identity.driver policy.driver credential.driver trust.driver assignment.driver",
  ),
  ...because(
    "not-modelled",
    "tokens outlive every scenario of a few hours; expiry is not modelled",
    "token.expiration revoke_by_id",
  ),
  ...because("not-modelled", "a token is verified by keystone whatever its provider", "token.provider"),
  ...because("not-modelled", "LDAP is not modelled", "ldap.url ldap.user ldap.suffix"),
  ...because("ignored", "certificates of PKI tokens, taken for right", "token_format ca_certs keyfile enable"),
]);

/** /etc/keystone/keystone.conf. */
export const importKeystone: Importer<KeystoneFacts> = (text, file) => {
  const settings = new OsloSettings(text, file, KNOWN);
  const service = "openstack-keystone";
  const facts: KeystoneFacts = {
    file,
    ...present({ database: databaseLink(settings, "database.connection", "sql.connection") }),
    listens: [
      listen(settings, service, ["default.public_bind_host", "default.bind_host"], ["default.public_port"], 5000),
      listen(settings, service, ["default.admin_bind_host", "default.bind_host"], ["default.admin_port"], 35_357),
    ],
    memcached: settings.endpoints(11_211, "memcache.servers"),
    tokenProvider: lastWord(settings.textOr("pki", "Havana's default", "token.provider").value, ["uuid", "pki"]),
    tokenBackend: lastWord(settings.textOr("sql", "Havana's default", "token.driver").value, [
      "sql",
      "memcache",
      "kvs",
    ]),
  };
  return { facts, ledger: settings.ledger() };
};

/** "keystone.token.backends.sql.Token" → "sql". */
function lastWord(driver: string, words: readonly string[]): string {
  const parts = driver.toLowerCase().split(".");
  return words.find((word) => parts.includes(word)) ?? driver;
}
