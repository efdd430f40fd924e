/** What a haproxy.cfg says, defaults sections already applied. Times in milliseconds. */
export interface HaproxyFacts {
  readonly file: string;
  readonly globalMaxconn?: number;
  /** listen, frontend and backend sections in the file's order; names are unique per kind. */
  readonly proxies: readonly HaproxyProxy[];
}

export interface HaproxyProxy {
  readonly kind: "listen" | "frontend" | "backend";
  readonly name: string;
  readonly line: number;
  readonly mode: "tcp" | "http";
  /** Empty for a backend. One entry an address and port (lists and port ranges are spread out). */
  readonly binds: readonly HaproxyBind[];
  /** "roundrobin" (the default), "source", "leastconn", "static-rr", "first", "uri", "hdr(...)", … */
  readonly balance: string;
  readonly maxconn?: number;
  readonly timeouts: HaproxyTimeouts;
  /** Connection retries to a server; 3 unless set. */
  readonly retries: number;
  /** On the last retry another server is tried. */
  readonly redispatch: boolean;
  readonly check: HaproxyCheck;
  readonly servers: readonly HaproxyServer[];
  /** `default_backend`, for a frontend or listen. */
  readonly defaultBackend?: string;
  /** `use_backend NAME if COND`, in order. Conditions are kept as text, they are not modelled. */
  readonly useBackends: readonly { readonly backend: string; readonly condition: string; readonly line: number }[];
  /** `stick on KEY`: all clients with the same key go to the same server (dst: all of them). */
  readonly stickOn?: string;
  /** The statistics page: this listener answers by itself. */
  readonly statsPage: boolean;
  /** `disabled`: haproxy does not start this section. */
  readonly disabled: boolean;
  /** clitcpka/srvtcpka/tcpka: keepalive on client and server sides. */
  readonly tcpKeepalive: { readonly client: boolean; readonly server: boolean };
}

export interface HaproxyBind {
  /** "*" for all addresses. */
  readonly address: string;
  readonly port: number;
  readonly line: number;
  /** TLS is ended here. */
  readonly ssl: boolean;
  /** `transparent` binds an address that the node need not have. */
  readonly transparent: boolean;
}

/** Undefined: not set, haproxy then waits without a limit (and warns). */
export interface HaproxyTimeouts {
  readonly connectMs?: number;
  readonly clientMs?: number;
  readonly serverMs?: number;
  readonly checkMs?: number;
  readonly queueMs?: number;
  readonly tunnelMs?: number;
  readonly httpRequestMs?: number;
  readonly httpKeepAliveMs?: number;
}

export interface HaproxyCheck {
  /** tcp: a connection that opens is enough. The others speak the protocol. */
  readonly kind: "tcp" | "http" | "mysql" | "redis" | "ssl-hello" | "tcp-script" | "other";
  readonly method?: string;
  readonly uri?: string;
  /** Expected status as written after `http-check expect`, e.g. "status 200". */
  readonly expect?: string;
  readonly line?: number;
}

export interface HaproxyServer {
  readonly name: string;
  readonly line: number;
  readonly address: string;
  /** Absent: the port of the incoming connection. */
  readonly port?: number;
  /** `check`: without it the server is always taken for UP. */
  readonly check: boolean;
  readonly checkAddress?: string;
  readonly checkPort?: number;
  /** 2000 unless set. */
  readonly interMs: number;
  /** While going up or down; interMs unless set. */
  readonly fastInterMs: number;
  /** While fully down; interMs unless set. */
  readonly downInterMs: number;
  /** 2 unless set. */
  readonly rise: number;
  /** 3 unless set. */
  readonly fall: number;
  readonly backup: boolean;
  /** 1 unless set; 0: no new connections but persistent ones. */
  readonly weight: number;
  readonly maxconn?: number;
  /** Starts in maintenance. */
  readonly disabled: boolean;
  readonly onMarkedDown?: "shutdown-sessions";
  readonly onMarkedUp?: "shutdown-backup-sessions";
  /** Names of those of the above that are haproxy's defaults: "interMs", "rise", "fall". */
  readonly defaulted: readonly string[];
}
