import type { Endpoint, Fact } from "./fact.js";
import type { DatabaseLink, Listen, MessagingLink } from "./openstack-facts.js";
import type { OsloSettings } from "./oslo-settings.js";
import { commaList, hostAndPort, portNumber } from "./words.js";

/** What most OpenStack services say in the same words: where the database, the broker and keystone are. */

const DATABASE_PORTS = new Map([
  ["mysql", 3306],
  ["postgresql", 5432],
  ["mongodb", 27_017],
]);

/** SQLAlchemy's or MongoDB's URL: ENGINE[+DRIVER]://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE. The password is scrubbed. */
export function databaseLink(settings: OsloSettings, ...names: string[]): Fact<DatabaseLink> | undefined {
  const fact = settings.text(...names);
  if (fact === undefined || fact.value === "") return undefined;
  const parts =
    /^([a-z]+)(?:\+[a-z0-9]+)?:\/\/(?:([^:@/\s]*)(?::(\S*))?@)?([^/?@\s]*)(?:\/([^?\s]*))?(?:\?\S*)?$/i.exec(
      fact.value,
    );
  if (parts === null) {
    throw settings.lines.error(fact.line, `${names[0]}: expected ENGINE://USER:PASSWORD@HOST/DATABASE`);
  }
  const [, engine, user, password, host, database = ""] = parts;
  if (password !== undefined) settings.lines.scrub(fact.line, password);
  const name = engine!.toLowerCase();
  if (host === "") return { ...fact, value: { engine: name, host: "", port: 0, database } };
  const at = hostAndPort(settings.lines, fact.line, names[0]!, host!, DATABASE_PORTS.get(name) ?? 3306);
  return { ...fact, value: { engine: name, ...at, ...(user === undefined ? {} : { user }), database } };
}

/**
 * qpid's or rabbit's settings in [DEFAULT], whichever `rpc_backend` (Glance: `notifier_strategy`) chooses; without it,
 * the one that has settings, as Red Hat's packages choose qpid in a file of their own.
 */
export function messagingLink(
  settings: OsloSettings,
  chooser = "default.rpc_backend",
): Fact<MessagingLink> | undefined {
  const chosen = settings.text(chooser);
  const qpid = broker(settings, "qpid", "qpid_hostname", "qpid_port", "qpid_hosts");
  const rabbit = broker(settings, "rabbit", "rabbit_host", "rabbit_port", "rabbit_hosts");
  if (chosen === undefined) return qpid ?? rabbit;
  if (/qpid/.test(chosen.value)) return qpid ?? { ...chosen, value: { kind: "qpid", brokers: [LOCAL_BROKER] } };
  if (/kombu|rabbit/.test(chosen.value))
    return rabbit ?? { ...chosen, value: { kind: "rabbit", brokers: [LOCAL_BROKER] } };
  if (chosen.value !== "" && !/noop|logging|default/.test(chosen.value))
    settings.lines.notModelled(chosen.line, "a broker other than qpid and rabbit");
  return undefined;
}

const AMQP_PORT = 5672;
const LOCAL_BROKER: Endpoint = { host: "localhost", port: AMQP_PORT };

function broker(
  settings: OsloSettings,
  kind: MessagingLink["kind"],
  hostName: string,
  portName: string,
  hostsName: string,
): Fact<MessagingLink> | undefined {
  const hosts = settings.text(`default.${hostsName}`);
  const host = settings.text(`default.${hostName}`);
  const port = settings.text(`default.${portName}`);
  const lines = settings.lines;
  const portValue = port === undefined ? AMQP_PORT : portNumber(lines, port.line, portName, port.value);
  const listed = commaList(hosts?.value ?? "").filter((text) => !text.startsWith("$"));
  if (listed.length > 0) {
    const brokers = listed.map((text) => hostAndPort(lines, hosts!.line, hostsName, text, portValue));
    return { ...hosts!, value: { kind, brokers } };
  }
  if (host === undefined) return undefined;
  return { ...host, value: { kind, brokers: [hostAndPort(lines, host.line, hostName, host.value, portValue)] } };
}

/** [keystone_authtoken]: `auth_url` or `identity_uri` of later releases, `auth_host` and `auth_port` of Havana. */
export function identityLink(settings: OsloSettings): Fact<Endpoint> | undefined {
  const section = "keystone_authtoken";
  settings.text(`${section}.auth_uri`);
  const host = settings.text(`${section}.auth_host`);
  const port = settings.port(35_357, "keystoneclient's default", `${section}.auth_port`);
  const scheme = settings.textOr("https", "keystoneclient's default", `${section}.auth_protocol`);
  const url = settings.url(`${section}.identity_uri`, `${section}.auth_url`);
  if (url !== undefined) return url;
  if (host === undefined) return undefined;
  return { ...host, value: { host: host.value, port: port.value, scheme: scheme.value } };
}

/** One listening address: host and port settings with Havana's defaults. */
export function listen(
  settings: OsloSettings,
  service: string,
  hostNames: readonly string[],
  portNames: readonly string[],
  defaultPort: number,
): Listen {
  const host = settings.textOr("0.0.0.0", "Havana's default", ...hostNames);
  const port = settings.port(defaultPort, "Havana's default", ...portNames);
  const line = port.line ?? host.line;
  return { service, host: host.value, port: port.value, ...(line === undefined ? {} : { line }) };
}

/** Spread into facts: members that are undefined are left out. */
export function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
