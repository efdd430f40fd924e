import type { SysctlFacts } from "./host-facts.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { present } from "./oslo-links.js";
import { wholeNumber } from "./words.js";

/** /etc/sysctl.conf: `key = value`; of the kernel's many keys those of addresses and keepalive. */
export const importSysctl: Importer<SysctlFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const said = new Map<string, { value: string; line: number }>();
  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === "" || /^[#;]/.test(trimmed)) {
      ledger.ignored(line, trimmed === "" ? "blank" : "comment");
      return;
    }
    const parts = /^-?\s*([\w./*-]+)\s*=\s*(.*)$/.exec(trimmed);
    if (parts === null) throw ledger.error(line, "sysctl: expected KEY = VALUE, found", trimmed);
    const key = parts[1]!.replaceAll("/", ".");
    const before = said.get(key);
    if (before !== undefined) ledger.ignored(before.line, `line ${line} says it again, the last one counts`);
    said.set(key, { value: parts[2]!, line });
  });
  const number = (key: string, scale = 1) => {
    const found = said.get(key);
    if (found === undefined) return undefined;
    if (key === "net.ipv4.ip_nonlocal_bind") ledger.modelled(found.line);
    return { value: wholeNumber(ledger, found.line, key, found.value) * scale, file, line: found.line };
  };
  const flag = (key: string) => {
    const found = number(key);
    return found === undefined ? undefined : { ...found, value: found.value !== 0 };
  };
  const facts: SysctlFacts = {
    file,
    ...present({
      ipNonlocalBind: flag("net.ipv4.ip_nonlocal_bind"),
      ipForward: flag("net.ipv4.ip_forward"),
      tcpKeepaliveTimeMs: number("net.ipv4.tcp_keepalive_time", 1000),
      tcpKeepaliveIntervalMs: number("net.ipv4.tcp_keepalive_intvl", 1000),
      tcpKeepaliveProbes: number("net.ipv4.tcp_keepalive_probes"),
    }),
  };
  for (const [key, { line }] of said) {
    if (ledger.isMarked(line)) continue;
    if (key === "net.ipv4.ip_forward") ledger.ignored(line, "no node but the network's own routers forwards");
    else if (/rp_filter|arp_|tcp_(?!syncookies)|netdev|bridge-nf|neigh\.|somaxconn/.test(key))
      ledger.notModelled(line, "tuning of the kernel's network");
    else if (/^(?:kernel|vm|fs|net\.ipv6)\.|accept_source_route|tcp_syncookies|redirects|log_martians|icmp_/.test(key))
      ledger.ignored(line, "kernel settings without bearing on what is reachable");
    else ledger.unrecognised(line, `key ${key}`);
  }
  return { facts, ledger: ledger.entries() };
};
