import type { HaproxyBind, HaproxyServer } from "./haproxy-facts.js";
import { BIND_FLAGS, BIND_VALUES, SERVER_FLAGS, SERVER_VALUES } from "./haproxy-keywords.js";
import { haproxyTimeMs } from "./haproxy-words.js";
import type { LedgerWriter } from "./ledger.js";
import { portNumber, wholeNumber } from "./words.js";

/** What `server` and `default-server` lines say of checks, weights and limits; undefined is haproxy's default. */
export interface ServerParameters {
  readonly check?: boolean;
  readonly checkAddress?: string;
  readonly checkPort?: number;
  readonly interMs?: number;
  readonly fastInterMs?: number;
  readonly downInterMs?: number;
  readonly rise?: number;
  readonly fall?: number;
  readonly backup?: boolean;
  readonly weight?: number;
  readonly maxconn?: number;
  readonly disabled?: boolean;
  readonly onMarkedDown?: "shutdown-sessions" | undefined;
  readonly onMarkedUp?: "shutdown-backup-sessions" | undefined;
}

const WEIGHT_MAX = 256;
const OURS = "check inter fastinter downinter rise fall backup weight maxconn disabled port addr on-marked-down".split(
  " ",
);

/** Reads the parameters from `words[from]` on. Errors: a parameter unknown to haproxy, a value out of its range. */
export function serverParameters(
  ledger: LedgerWriter,
  line: number,
  words: readonly string[],
  from: number,
): ServerParameters {
  const found: { -readonly [K in keyof ServerParameters]: ServerParameters[K] } = {};
  for (let at = from; at < words.length; at++) {
    const word = words[at]!;
    const flag = SERVER_SWITCHES.get(word);
    if (flag !== undefined) {
      Object.assign(found, flag);
      continue;
    }
    if (SERVER_FLAGS.has(word)) {
      ledger.notModelled(line, `server parameter ${word}`);
      continue;
    }
    const value = words[++at];
    if (value === undefined && (SERVER_VALUES.has(word) || OURS.includes(word)))
      throw ledger.error(line, `server parameter ${word}: its value is missing`);
    const whole = (least: number, most?: number) => wholeNumber(ledger, line, word, value!, least, most);
    if (word === "inter" || word === "fastinter" || word === "downinter") {
      const time = haproxyTimeMs(ledger, line, word, value);
      if (time === 0) throw ledger.error(line, `${word}: expected a time above 0, found`, value);
      found[word === "inter" ? "interMs" : word === "fastinter" ? "fastInterMs" : "downInterMs"] = time;
    } else if (word === "rise") found.rise = whole(1);
    else if (word === "fall") found.fall = whole(1);
    else if (word === "weight") found.weight = whole(0, WEIGHT_MAX);
    else if (word === "maxconn") found.maxconn = whole(0);
    else if (word === "port") found.checkPort = portNumber(ledger, line, word, value!);
    else if (word === "addr") found.checkAddress = value!;
    else if (word === "on-marked-down") {
      ledger.notModelled(line, `${word}: open sessions are not modelled one by one`);
      found.onMarkedDown = oneOf(ledger, line, word, value!, ["shutdown-sessions"] as const);
    } else if (word === "on-marked-up") {
      ledger.notModelled(line, `${word}: open sessions are not modelled one by one`);
      found.onMarkedUp = oneOf(ledger, line, word, value!, ["shutdown-backup-sessions"] as const);
    } else if (SERVER_VALUES.has(word)) {
      if (word === "slowstart") haproxyTimeMs(ledger, line, word, value);
      if (!IGNORED_VALUES.has(word)) ledger.notModelled(line, `server parameter ${word}`);
    } else {
      throw ledger.error(
        line,
        "unknown server parameter",
        word,
        [...OURS, ...SERVER_FLAGS, ...SERVER_VALUES],
        "parameters",
      );
    }
  }
  return found;
}

const IGNORED_VALUES = new Set(["id", "init-addr"]);

const SERVER_SWITCHES: ReadonlyMap<string, ServerParameters> = new Map<string, ServerParameters>([
  ["check", { check: true }],
  ["no-check", { check: false }],
  ["backup", { backup: true }],
  ["no-backup", { backup: false }],
  ["disabled", { disabled: true }],
  ["enabled", { disabled: false }],
]);

function oneOf<T extends string>(
  ledger: LedgerWriter,
  line: number,
  name: string,
  value: string,
  known: readonly T[],
): T {
  if (!(known as readonly string[]).includes(value)) throw ledger.error(line, `${name}: unknown`, value, known);
  return value as T;
}

/** A server with haproxy's defaults filled in (configuration manual, "server"). */
export function haproxyServer(
  name: string,
  line: number,
  address: string,
  port: number | undefined,
  said: ServerParameters,
): HaproxyServer {
  const interMs = said.interMs ?? 2000;
  const defaulted = (["interMs", "rise", "fall"] as const).filter((setting) => said[setting] === undefined);
  const { checkAddress, checkPort, maxconn, onMarkedDown, onMarkedUp } = said;
  return {
    name,
    line,
    address,
    ...(port === undefined ? {} : { port }),
    check: said.check ?? false,
    ...(checkAddress === undefined ? {} : { checkAddress }),
    ...(checkPort === undefined ? {} : { checkPort }),
    interMs,
    fastInterMs: said.fastInterMs ?? interMs,
    downInterMs: said.downInterMs ?? interMs,
    rise: said.rise ?? 2,
    fall: said.fall ?? 3,
    backup: said.backup ?? false,
    weight: said.weight ?? 1,
    ...(maxconn === undefined ? {} : { maxconn }),
    disabled: said.disabled ?? false,
    ...(onMarkedDown === undefined ? {} : { onMarkedDown }),
    ...(onMarkedUp === undefined ? {} : { onMarkedUp }),
    defaulted,
  };
}

/** "host", "host:port", "[v6]:port", "ipv4@host:port". A port with a sign is relative to the client's. */
export function serverAddress(ledger: LedgerWriter, line: number, text: string): { address: string; port?: number } {
  const bare = text.replace(/^(?:ipv4|ipv6|inet)@/, "");
  const parts = /^(\[[0-9a-fA-F:.]+\]|[^\s:/@]+|[0-9a-fA-F:]+:)(?::?([+-]?\d*))?$/.exec(bare);
  if (parts === null) {
    if (/^(?:unix@|abns@|\/)/.test(text)) {
      ledger.notModelled(line, "a server on a socket of the node");
      return { address: text };
    }
    throw ledger.error(line, "server: expected an ADDRESS:PORT, found", text);
  }
  const address = parts[1]!.replace(/^\[|\]$/g, "");
  const port = parts[2];
  if (port === undefined || port === "") return { address };
  if (/^[+-]/.test(port)) {
    ledger.notModelled(line, "a port relative to the client's");
    return { address };
  }
  return { address, port: portNumber(ledger, line, "server", port) };
}

const PORTS_MAX = 4096;

/** A `bind` line: addresses separated by commas, each with a port or a range of ports. */
export function haproxyBinds(
  ledger: LedgerWriter,
  line: number,
  words: readonly string[],
  from: number,
): HaproxyBind[] {
  const flags = new Set<string>();
  for (let at = from + 1; at < words.length; at++) {
    const word = words[at]!;
    if (BIND_FLAGS.has(word)) flags.add(word);
    else if (BIND_VALUES.has(word)) {
      if (words[++at] === undefined) throw ledger.error(line, `bind parameter ${word}: its value is missing`);
    } else throw ledger.error(line, "unknown bind parameter", word, [...BIND_FLAGS, ...BIND_VALUES], "parameters");
    if (!MODELLED_FLAGS.has(word)) ledger.notModelled(line, `bind parameter ${word}`);
  }
  const binds: HaproxyBind[] = [];
  for (const text of words[from]!.split(",")) {
    if (/^(?:\/|unix@|abns@|fd@|sockpair@)/.test(text)) {
      ledger.notModelled(line, "a listener on a socket of the node");
      continue;
    }
    const parts = /^(\[[0-9a-fA-F:.]*\]|\*|[^\s:/@]*|[0-9a-fA-F:]+):(\d+)(?:-(\d+))?$/.exec(
      text.replace(/^(?:ipv4|ipv6)@/, ""),
    );
    if (parts === null) throw ledger.error(line, "bind: expected ADDRESS:PORT, found", text);
    const first = portNumber(ledger, line, "bind", parts[2]!);
    const last = parts[3] === undefined ? first : portNumber(ledger, line, "bind", parts[3]);
    if (last < first) throw ledger.error(line, "bind: the first port is above the last:", text);
    if (last - first >= PORTS_MAX) throw ledger.error(line, `bind: a range of more than ${PORTS_MAX} ports:`, text);
    const written = parts[1]!.replace(/^\[|\]$/g, "");
    const address = written === "" || written === "0.0.0.0" || written === "::" ? "*" : written;
    for (let port = first; port <= last; port++)
      binds.push({ address, port, line, ssl: flags.has("ssl"), transparent: flags.has("transparent") });
  }
  return binds;
}

const MODELLED_FLAGS = new Set(["transparent", "name", "v4v6", "id"]);
