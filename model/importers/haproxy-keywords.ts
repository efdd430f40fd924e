/** Lines of haproxy.cfg that the twin does not behave by, each with why. First words, or "option WORD". */

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
const reasons = (groups: readonly (readonly [string, string])[]): ReadonlyMap<string, string> =>
  new Map(groups.flatMap(([reason, names]) => words(names).map((name) => [name, reason] as const)));

const LOGGING = "logging does not change what is served";
const PROCESS = "how the process is set up inside the node, taken for right";

export const GLOBAL_IGNORED = reasons([
  [LOGGING, "log log-send-hostname log-tag quiet debug"],
  [PROCESS, "daemon chroot pidfile user group uid gid nbproc nbthread cpu-map ulimit-n master-worker description node"],
  [PROCESS, "ca-base crt-base lua-load setenv presetenv unsetenv resetenv stats zero-warning set-dumpable localpeer"],
  [
    "tuning of one process, no limit that the twin reaches",
    "noepoll nokqueue nopoll nosplice nogetaddrinfo spread-checks",
  ],
  [PROCESS, "ssl-default-bind-ciphers ssl-default-bind-options ssl-default-server-ciphers ssl-default-server-options"],
  [PROCESS, "ssl-default-bind-ciphersuites ssl-default-server-ciphersuites ssl-server-verify ssl-dh-param-file"],
  [PROCESS, "external-check unix-bind hard-stop-after insecure-fork-wanted insecure-setuid-wanted strict-limits"],
]);
export const GLOBAL_NOT_MODELLED = reasons([
  ["rates of connections are not modelled", "maxconnrate maxsessrate maxsslconn maxsslrate maxpipes maxcomprate"],
]);

const LOOKS = "how a request looks, not whether it is answered";
const RULES = "rules on the content of requests are not modelled: every request is let through";
const HTTP_CONNECTION = "how connections are shared by requests is not modelled";

export const PROXY_IGNORED = reasons([
  [
    LOGGING,
    "log log-format log-format-sd error-log-format log-tag unique-id-format unique-id-header capture description id",
  ],
  ["the statistics page is modelled as one that answers", "stats"],
  ["a mark of the writer's", "enabled guid"],
]);
export const PROXY_NOT_MODELLED = reasons([
  [RULES, "acl http-request http-response http-after-response tcp-request tcp-response block reqadd reqdel reqallow"],
  [RULES, "reqdeny reqpass reqrep reqtarpit reqiadd reqidel reqiallow reqideny reqipass reqirep rspadd rspdel rspdeny"],
  [RULES, "rsprep rspidel rspideny rspirep filter rate-limit force-persist ignore-persist http-send-name-header"],
  [
    RULES,
    "declare redirect monitor monitor-net monitor-uri use-server errorfile errorfiles errorloc errorloc302 errorloc303",
  ],
  ["persistence by cookie is not modelled", "cookie appsession dynamic-cookie-key hash-type hash-balance-factor"],
  ["how long stick-table entries live is not modelled", "stick-table"],
  ["servers by template or DNS are not modelled", "server-template load-server-state-from-file server-state-file-name"],
  ["the source of haproxy's connections is the node's own address", "source"],
  ["capacity of servers is not modelled", "fullconn max-keep-alive-queue max-session-srv-conns backlog"],
  ["other processes of one haproxy are not modelled", "bind-process"],
  ["transparent and dispatched proxies are not modelled", "transparent dispatch"],
  ["custom checks beyond a connection are not modelled", "tcp-check external-check email-alert http-error"],
  ["retries on an answer's content are not modelled", "retry-on http-reuse compression"],
]);

export const OPTIONS_IGNORED = reasons([
  [LOGGING, "tcplog httplog httpslog dontlognull dontlog-normal log-health-checks log-separate-errors logasap"],
  [LOGGING, "socket-stats contstats clflog"],
  [LOOKS, "forwardfor originalto http-use-proxy-header httpchk-legacy accept-invalid-http-request"],
  [LOOKS, "accept-invalid-http-response h1-case-adjust-bogus-client h1-case-adjust-bogus-server http-use-htx"],
  [LOOKS, "http-restrict-req-hdr-names"],
  ["tuning of sockets", "nolinger tcp-smart-accept tcp-smart-connect splice-auto splice-request splice-response"],
  ["tuning of sockets", "http-no-delay independant-streams independent-streams idle-close-on-response"],
]);
export const OPTIONS_NOT_MODELLED = reasons([
  [HTTP_CONNECTION, "http-server-close http-keep-alive httpclose forceclose http-pretend-keepalive http-tunnel"],
  [HTTP_CONNECTION, "http_proxy prefer-last-server http-buffer-request http-ignore-probes disable-h2-upgrade"],
  ["requests given up by their client are not modelled", "abortonclose"],
  ["only the first usable backup is used, as without it", "allbackups"],
  ["persistence is not modelled", "persist transparent"],
  [RULES, "checkcache"],
]);

/** Sections whose lines are all passed over. */
export const OTHER_SECTIONS = reasons([
  ["tables shared by several haproxys are not modelled", "peers"],
  [RULES, "userlist"],
  ["DNS is not modelled", "resolvers"],
  [LOGGING, "mailers ring log-forward"],
  ["further programs are not modelled", "program fcgi-app"],
  ["caching is not modelled", "cache"],
  [LOOKS, "http-errors"],
]);

/** `server` and `default-server` parameters that are no flags of ours. With a value, and without. */
export const SERVER_VALUES = new Set(
  words(`addr agent-addr agent-check-port agent-inter agent-port agent-send alpn npn ca-file check-alpn check-proto
  check-sni ciphers ciphersuites cookie crl-file crt error-limit force id init-addr log-bufsize log-proto max-reuse
  maxqueue minconn namespace observe on-error pool-low-conn pool-max-conn pool-purge-delay proto redir resolve-net
  resolve-opts resolve-prefer resolvers send-proxy-v2-opts proxy-v2-options set-proxy-v2-tlv-fmt shard slowstart sni
  socks4 source usesrc interface ssl-max-ver ssl-min-ver tcp-ut track verify verifyhost ws`),
);
export const SERVER_FLAGS = new Set(
  words(`agent-check allow-0rtt check-send-proxy check-ssl check-via-socks4 force-sslv3 force-tlsv10 force-tlsv11
  force-tlsv12 force-tlsv13 no-agent-check no-check-send-proxy no-check-ssl no-send-proxy no-send-proxy-v2
  no-send-proxy-v2-ssl no-send-proxy-v2-ssl-cn no-ssl no-ssl-reuse no-sslv3 no-tls-tickets no-tlsv10 no-tlsv11 no-tlsv12
  no-tlsv13 no-tfo non-stick no-verifyhost send-proxy send-proxy-v2 send-proxy-v2-ssl send-proxy-v2-ssl-cn ssl ssl-reuse
  sslv3 stick tfo tls-tickets tlsv10 tlsv11 tlsv12 tlsv13`),
);
export const BIND_VALUES = new Set(
  words(`alpn npn backlog ca-file ca-ignore-err ca-sign-file ca-sign-pass ca-verify-file ciphers ciphersuites crl-file
  crt crt-ignore-err crt-list curves ecdhe expose-fd gid uid user group mode id interface level maxconn mss name
  namespace nice process proto severity-output ssl-max-ver ssl-min-ver tcp-ut thread tls-ticket-keys verify shards`),
);
export const BIND_FLAGS = new Set(
  words(`accept-netscaler-cip accept-proxy allow-0rtt defer-accept force-sslv3 force-tlsv10 force-tlsv11 force-tlsv12
  force-tlsv13 generate-certificates no-alpn no-ca-names no-sslv3 no-tls-tickets no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13
  prefer-client-ciphers ssl strict-sni tfo transparent v4v6 v6only`),
);
