import type { HaproxyBind, HaproxyCheck, HaproxyProxy, HaproxyServer, HaproxyTimeouts } from "./haproxy-facts.js";
import { OPTIONS_IGNORED, OPTIONS_NOT_MODELLED, PROXY_IGNORED, PROXY_NOT_MODELLED } from "./haproxy-keywords.js";
import {
  haproxyBinds,
  haproxyServer,
  type ServerParameters,
  serverAddress,
  serverParameters,
} from "./haproxy-server.js";
import { haproxyTimeMs } from "./haproxy-words.js";
import type { LedgerWriter, LineStatus } from "./ledger.js";
import { wholeNumber } from "./words.js";

type LineVerdict = readonly [status: LineStatus, reason?: string];
const MODELLED: LineVerdict = ["modelled"];
const MODES = ["tcp", "http", "health"];
const ALGORITHMS =
  /^(?:roundrobin|static-rr|leastconn|first|source|uri|random|hdr|url_param|rdp-cookie|hash|log-hash|sticky)(?:\(.*\))?$/;
const KEEPALIVE = new Map([
  ["tcpka", { client: true, server: true }],
  ["clitcpka", { client: true }],
  ["srvtcpka", { server: true }],
]);
const SPREADING = /^(?:roundrobin|static-rr|leastconn|random)/;
const TIMEOUTS: ReadonlyMap<string, keyof HaproxyTimeouts | undefined> = new Map([
  ["connect", "connectMs"],
  ["client", "clientMs"],
  ["server", "serverMs"],
  ["check", "checkMs"],
  ["queue", "queueMs"],
  ["tunnel", "tunnelMs"],
  ["http-request", "httpRequestMs"],
  ["http-keep-alive", "httpKeepAliveMs"],
  ["client-fin", undefined],
  ["server-fin", undefined],
  ["tarpit", undefined],
]);
/** Spellings of 1.4, gone from 2.1 on. */
const OLD_TIMEOUTS = new Map([
  ["contimeout", "connect"],
  ["clitimeout", "client"],
  ["srvtimeout", "server"],
]);
const CHECKS: ReadonlyMap<string, HaproxyCheck["kind"]> = new Map([
  ["httpchk", "http"],
  ["mysql-check", "mysql"],
  ["redis-check", "redis"],
  ["ssl-hello-chk", "ssl-hello"],
  ["tcp-check", "tcp-script"],
  ["smtpchk", "other"],
  ["ldap-check", "other"],
  ["pgsql-check", "other"],
  ["spop-check", "other"],
  ["external-check", "other"],
]);

/** One section while it is read: defaults, listen, frontend or backend. A section starts from its defaults. */
export class HaproxySection {
  readonly kind: "defaults" | HaproxyProxy["kind"];
  readonly name: string;
  readonly line: number;
  readonly #ledger: LedgerWriter;
  #mode: "tcp" | "http" = "tcp";
  #balance = "roundrobin";
  #maxconn: number | undefined;
  #timeouts: HaproxyTimeouts = {};
  #retries = 3;
  #redispatch = false;
  #check: HaproxyCheck = { kind: "tcp" };
  #defaultServer: ServerParameters = {};
  #defaultBackend: { name: string; line: number } | undefined;
  #disabled = false;
  #keepalive = { client: false, server: false };
  #statsPage = false;
  #stickOn: string | undefined;
  #stickLine = 0;
  #stickTable: string | undefined;
  #hasStickTable = false;
  readonly #binds: HaproxyBind[] = [];
  readonly #servers: HaproxyServer[] = [];
  readonly #serverLines = new Map<string, number>();
  readonly #useBackends: { backend: string; condition: string; line: number }[] = [];

  constructor(ledger: LedgerWriter, kind: HaproxySection["kind"], name: string, line: number, from?: HaproxySection) {
    this.#ledger = ledger;
    this.kind = kind;
    this.name = name;
    this.line = line;
    if (from === undefined) return;
    this.#mode = from.#mode;
    this.#balance = from.#balance;
    this.#maxconn = from.#maxconn;
    this.#timeouts = from.#timeouts;
    this.#retries = from.#retries;
    this.#redispatch = from.#redispatch;
    this.#check = from.#check;
    this.#defaultServer = from.#defaultServer;
    if (kind !== "backend") this.#defaultBackend = from.#defaultBackend;
    this.#disabled = from.#disabled;
    this.#keepalive = from.#keepalive;
    this.#statsPage = from.#statsPage;
  }

  /** One line of the section. */
  read(words: readonly string[], line: number): void {
    this.#ledger.mark(line, ...this.#settle(words, line));
  }

  #settle(words: readonly string[], line: number): LineVerdict {
    const ledger = this.#ledger;
    const [keyword, value = ""] = words as [string, string?];
    const where = this.kind === "defaults" ? "" : ` ${this.name}`;
    switch (keyword) {
      case "mode":
        if (!MODES.includes(value))
          throw ledger.error(line, `${this.kind}${where}: unknown mode`, value, MODES, "modes");
        if (value === "health") return ["not-modelled", "mode health"];
        this.#mode = value as "tcp" | "http";
        break;
      case "balance":
        if (!ALGORITHMS.test(value)) throw ledger.error(line, `${this.kind}${where}: unknown algorithm`, value);
        this.#balance = value;
        if (SPREADING.test(value)) return ["ignored", "every usable server gets requests, in whichever turn"];
        return ["not-modelled", "which clients stay with which server: every usable server gets requests"];
      case "maxconn":
        this.#maxconn = wholeNumber(ledger, line, keyword, value, 0);
        return ["not-modelled", "connections are not counted: a listener's limit is not reached"];
      case "retries":
        this.#retries = wholeNumber(ledger, line, keyword, value, 0);
        break;
      case "redispatch":
        this.#redispatch = true;
        break;
      case "disabled":
        this.#disabled = true;
        break;
      case "enabled":
        this.#disabled = false;
        break;
      case "timeout":
      case "contimeout":
      case "clitimeout":
      case "srvtimeout":
        return this.#timeout(
          keyword === "timeout" ? value : OLD_TIMEOUTS.get(keyword)!,
          words.at(keyword === "timeout" ? 2 : 1),
          line,
        );
      case "option":
        return this.#option(words, line, true);
      case "no":
      case "default":
        if (value === "option") return this.#option(words.slice(1), line, false);
        if (value === "log" || value === "stats") return ["ignored", "logging and statistics"];
        throw ledger.error(line, `${keyword}: expected an option, found`, value);
      case "bind":
        this.#refuse(line, keyword, "defaults");
        if (value === "") throw ledger.error(line, "bind: its address is missing");
        for (const bind of haproxyBinds(ledger, line, words, 1)) if (this.kind !== "backend") this.#binds.push(bind);
        if (this.kind === "backend") return ["ignored", "haproxy passes over bind in a backend"];
        break;
      case "default-server":
        this.#refuse(line, keyword, "frontend");
        this.#defaultServer = { ...this.#defaultServer, ...serverParameters(ledger, line, words, 1) };
        break;
      case "server":
        this.#refuse(line, keyword, "defaults", "frontend");
        this.#server(words, line);
        break;
      case "default_backend":
        if (value === "") throw ledger.error(line, "default_backend: its name is missing");
        this.#defaultBackend = { name: value, line };
        if (this.kind === "backend") return ["ignored", "haproxy passes over default_backend in a backend"];
        break;
      case "use_backend":
        this.#refuse(line, keyword, "defaults");
        if (value === "") throw ledger.error(line, "use_backend: its name is missing");
        this.#useBackends.push({ backend: value, condition: words.slice(2).join(" "), line });
        return ["not-modelled", "conditions on requests are not modelled: the default backend is taken"];
      case "http-check":
        if (value === "expect") this.#check = { ...this.#check, expect: words.slice(2).join(" ") };
        return ["not-modelled", "what a check expects: an answer without an error passes it"];
      case "stick":
        if (value !== "on" && value !== "match") return ["not-modelled", "stick: only `on` and `match` are modelled"];
        if (this.kind === "frontend") return ["ignored", "haproxy passes over stick in a frontend"];
        this.#stickOn = words[2];
        this.#stickLine = line;
        this.#stickTable = words[words.indexOf("table", 3) + 1 || words.length] ?? this.name;
        break;
      case "stick-table":
        this.#hasStickTable = true;
        return ["not-modelled", PROXY_NOT_MODELLED.get("stick-table")!];
      case "stats":
        if (value !== "socket" && value !== "timeout") this.#statsPage = true;
        return ["ignored", PROXY_IGNORED.get("stats")!];
      default:
        if (PROXY_IGNORED.has(keyword)) return ["ignored", PROXY_IGNORED.get(keyword)!];
        if (PROXY_NOT_MODELLED.has(keyword)) return ["not-modelled", PROXY_NOT_MODELLED.get(keyword)!];
        return ["unrecognised", `${this.kind} keyword ${keyword}`];
    }
    return MODELLED;
  }

  #refuse(line: number, keyword: string, ...kinds: HaproxySection["kind"][]): void {
    if (kinds.includes(this.kind)) throw this.#ledger.error(line, `${this.kind} section: no place for`, keyword);
  }

  #timeout(name: string, value: string | undefined, line: number): LineVerdict {
    if (!TIMEOUTS.has(name)) throw this.#ledger.error(line, "unknown timeout", name, [...TIMEOUTS.keys()], "timeouts");
    const time = haproxyTimeMs(this.#ledger, line, `timeout ${name}`, value);
    const field = TIMEOUTS.get(name);
    if (field === undefined) return ["not-modelled", `timeout ${name}`];
    this.#timeouts = { ...this.#timeouts, [field]: time };
    if (field !== "connectMs" && field !== "checkMs")
      return ["not-modelled", "how long an open session may be silent; sessions are not modelled one by one"];
    return MODELLED;
  }

  #option(words: readonly string[], line: number, on: boolean): LineVerdict {
    const [, option = ""] = words;
    const check = CHECKS.get(option);
    if (option === "redispatch") this.#redispatch = on;
    else if (KEEPALIVE.has(option)) {
      this.#keepalive = { ...this.#keepalive, ...(on ? KEEPALIVE.get(option) : { client: false, server: false }) };
      return ["not-modelled", "keepalive of open sessions is not modelled"];
    } else if (check !== undefined) this.#check = on ? checkOption(check, words.slice(2), line) : { kind: "tcp" };
    else if (OPTIONS_IGNORED.has(option)) return ["ignored", OPTIONS_IGNORED.get(option)!];
    else if (OPTIONS_NOT_MODELLED.has(option)) return ["not-modelled", OPTIONS_NOT_MODELLED.get(option)!];
    else return ["unrecognised", `option ${option}`];
    return MODELLED;
  }

  #server(words: readonly string[], line: number): void {
    const [, name, address] = words;
    if (name === undefined || address === undefined)
      throw this.#ledger.error(line, "server: expected NAME ADDRESS[:PORT] [PARAMETERS]");
    const twinLine = this.#serverLines.get(name);
    if (twinLine !== undefined)
      throw this.#ledger.error(
        line,
        `${this.kind} ${this.name}: line ${twinLine} already has a server of the name`,
        name,
      );
    const at = serverAddress(this.#ledger, line, address);
    const said = { ...this.#defaultServer, ...serverParameters(this.#ledger, line, words, 3) };
    this.#serverLines.set(name, line);
    this.#servers.push(haproxyServer(name, line, at.address, at.port, said));
  }

  /** Errors: a check without a port, a backend or stick-table that is named and not there. `backends` holds listens and backends by name. */
  checkReferences(backends: ReadonlyMap<string, HaproxySection>): void {
    if (this.#disabled) return;
    for (const { name, line, check, address, port, checkPort } of this.#servers)
      if (check && port === undefined && checkPort === undefined && !address.includes("/"))
        throw this.#ledger.error(line, `server ${name}: a check needs a port`);
    const named = this.#useBackends.map(({ backend, line }) => ({ name: backend, line }));
    if (this.#defaultBackend !== undefined) named.push(this.#defaultBackend);
    for (const { name, line } of named) {
      if (name.includes("%[")) continue;
      const target = backends.get(name);
      if (target === undefined) {
        const known = [...backends.keys()];
        throw this.#ledger.error(line, `${this.kind} ${this.name}: unknown backend`, name, known, "backends");
      }
      if (this.#mode === "http" && target.#mode === "tcp")
        throw this.#ledger.error(
          line,
          `${this.kind} ${this.name} is in mode http and cannot use a backend in mode tcp:`,
          name,
        );
    }
    const table = this.#stickTable;
    const holder = table === this.name ? this : backends.get(table ?? "");
    if (table !== undefined && !table.includes("/") && (holder === undefined || !holder.#hasStickTable))
      throw this.#ledger.error(
        this.#stickLine,
        `${this.kind} ${this.name}: stick on: there is no stick-table in`,
        table,
      );
  }

  proxy(): HaproxyProxy {
    return {
      kind: this.kind as HaproxyProxy["kind"],
      name: this.name,
      line: this.line,
      mode: this.#mode,
      binds: this.#binds,
      balance: this.#balance,
      ...(this.#maxconn === undefined ? {} : { maxconn: this.#maxconn }),
      timeouts: this.#timeouts,
      retries: this.#retries,
      redispatch: this.#redispatch,
      check: this.#check,
      servers: this.#servers,
      ...(this.#defaultBackend === undefined || this.kind === "backend"
        ? {}
        : { defaultBackend: this.#defaultBackend.name }),
      useBackends: this.#useBackends,
      ...(this.#stickOn === undefined ? {} : { stickOn: this.#stickOn }),
      statsPage: this.#statsPage,
      disabled: this.#disabled,
      tcpKeepalive: this.#keepalive,
    };
  }
}

/** `option httpchk [METHOD] [URI] [VERSION]`: one word alone is the URI. */
function checkOption(kind: HaproxyCheck["kind"], words: readonly string[], line: number): HaproxyCheck {
  if (kind !== "http") return { kind, line };
  const [first, second] = words;
  if (first === undefined) return { kind, method: "OPTIONS", uri: "/", line };
  return second === undefined
    ? { kind, method: "OPTIONS", uri: first, line }
    : { kind, method: first, uri: second, line };
}
