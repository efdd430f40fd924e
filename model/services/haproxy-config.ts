import { InputError } from "../errors.js";
import { importHaproxy } from "../importers/haproxy.js";
import type { HaproxyFacts, HaproxyProxy, HaproxyServer } from "../importers/haproxy-facts.js";

export const HAPROXY_FILE = "/etc/haproxy/haproxy.cfg";

/** A configuration as haproxy works with it, with what is looked up often. */
export interface HaproxyConfig {
  readonly text: string;
  readonly facts: HaproxyFacts;
  /** By port: the listen or frontend sections bound there. */
  readonly bound: ReadonlyMap<number, readonly BoundProxy[]>;
  /** Every checked server, `proxy/server`. */
  readonly servers: ReadonlyMap<string, ConfiguredServer>;
}

export interface BoundProxy {
  readonly proxy: HaproxyProxy;
  /** "*" or an address. */
  readonly address: string;
  readonly transparent: boolean;
  /** Where its requests go: itself for a listen, else the default backend. Undefined: it answers 503 or by itself. */
  readonly backend: HaproxyProxy | undefined;
}

export interface ConfiguredServer {
  readonly proxy: HaproxyProxy;
  readonly server: HaproxyServer;
}

const parsed = new Map<string, HaproxyConfig | string>();

/** What a text means to haproxy; a string says why it refuses it. Remembered: the same text means the same. */
export function haproxyConfig(text: string): HaproxyConfig | string {
  let found = parsed.get(text);
  if (found === undefined) {
    found = read(text);
    parsed.set(text, found);
  }
  return found;
}

function read(text: string): HaproxyConfig | string {
  let facts: HaproxyFacts;
  try {
    facts = importHaproxy(text, HAPROXY_FILE).facts;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  const backends = new Map<string, HaproxyProxy>();
  for (const proxy of facts.proxies) if (proxy.kind !== "frontend") backends.set(proxy.name, proxy);
  const bound = new Map<number, BoundProxy[]>();
  const servers = new Map<string, ConfiguredServer>();
  for (const proxy of facts.proxies) {
    if (proxy.disabled) continue;
    for (const server of proxy.servers) servers.set(`${proxy.name}/${server.name}`, { proxy, server });
    const backend =
      proxy.defaultBackend !== undefined
        ? backends.get(proxy.defaultBackend)
        : proxy.kind === "listen"
          ? proxy
          : undefined;
    for (const { address, port, transparent } of proxy.binds) {
      const one: BoundProxy = { proxy, address, transparent, backend };
      const list = bound.get(port);
      if (list) list.push(one);
      else bound.set(port, [one]);
    }
  }
  return { text, facts, bound, servers };
}
