import type { KeepalivedFacts, VrrpInstance } from "./keepalived-facts.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { present } from "./oslo-links.js";
import { ipv4, wholeNumber } from "./words.js";

/** A block of keepalived.conf: a line's words, and what stands between its braces. */
interface Block {
  readonly words: readonly string[];
  readonly line: number;
  readonly children: Block[];
  readonly isBlock: boolean;
}

const DEPTH_MAX = 10;
/** Its facts are complete; no machine of the twin plays VRRP yet. */
const NOT_PLAYED = "VRRP is not played by the twin";
const IGNORED = new Map([
  ["global_defs", "notifications and the process's own settings"],
  ["garp_master_delay", "further gratuitous ARPs after the first"],
]);
const NOT_MODELLED = new Map([
  ["virtual_server", "LVS is not modelled"],
  ["virtual_server_group", "LVS is not modelled"],
  ["vrrp_sync_group", "groups of instances that move together are not modelled"],
  ["static_ipaddress", "addresses and routes of keepalived's own are not modelled"],
  ["static_routes", "addresses and routes of keepalived's own are not modelled"],
]);

/**
 * /etc/keepalived/keepalived.conf: VRRP instances, times in milliseconds. Errors: braces that do not match, an instance
 * without interface, virtual_router_id or address, or twice of one name, values out of range.
 */
export const importKeepalived: Importer<KeepalivedFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const instances: VrrpInstance[] = [];
  for (const block of blocks(ledger)) {
    const [keyword = ""] = block.words;
    if (keyword === "vrrp_instance") {
      const instance = vrrpInstance(ledger, block);
      const twin = instances.find((other) => other.name === instance.name);
      if (twin !== undefined)
        throw ledger.error(block.line, `line ${twin.line} already has a vrrp_instance of the name`, twin.name);
      instances.push(instance);
    } else if (IGNORED.has(keyword)) markAll(ledger, block, "ignored", IGNORED.get(keyword)!);
    else if (NOT_MODELLED.has(keyword)) markAll(ledger, block, "not-modelled", NOT_MODELLED.get(keyword)!);
    else if (/^vrrp_(?:script|track_process)$/.test(keyword))
      markAll(ledger, block, "not-modelled", "what a script answers is given by the topology");
    else markAll(ledger, block, "unrecognised", `keyword ${keyword}`);
  }
  return { facts: { file, instances }, ledger: ledger.entries() };
};

function blocks(ledger: LedgerWriter): Block[] {
  const top: Block[] = [];
  const open: Block[] = [];
  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const code = raw.replace(/[#!].*$/, "").trim();
    if (code === "") {
      ledger.ignored(line, raw.trim() === "" ? "blank" : "comment");
      return;
    }
    for (const piece of code.match(/[{}]|[^{}]+/g)!) {
      const words = piece.trim().split(/\s+/);
      const into = open.at(-1)?.children ?? top;
      if (piece === "{") {
        const header = into.pop();
        if (header === undefined || header.isBlock) throw ledger.error(line, "an opening brace without a keyword");
        if (open.length >= DEPTH_MAX) throw ledger.error(line, `blocks nested deeper than ${DEPTH_MAX}`);
        const block = { ...header, isBlock: true };
        into.push(block);
        open.push(block);
      } else if (piece === "}") {
        if (open.pop() === undefined) throw ledger.error(line, "a closing brace with no block open");
        ledger.ignored(line, "the end of a block");
      } else if (words[0] !== "") into.push({ words, line, children: [], isBlock: false });
    }
    if (/^[{}\s]+$/.test(code)) ledger.ignored(line, "the bounds of a block");
  });
  if (open.length > 0)
    throw ledger.error(open.at(-1)!.line, "a block that is not closed:", open.at(-1)!.words.join(" "));
  return top;
}

function markAll(
  ledger: LedgerWriter,
  block: Block,
  status: "ignored" | "not-modelled" | "unrecognised",
  reason: string,
): void {
  ledger.mark(block.line, status, reason);
  for (const child of block.children) markAll(ledger, child, status, reason);
}

function vrrpInstance(ledger: LedgerWriter, block: Block): VrrpInstance {
  const name = block.words[1];
  if (name === undefined) throw ledger.error(block.line, "vrrp_instance: its name is missing");
  ledger.notModelled(block.line, NOT_PLAYED);
  const said = new Map<string, Block>();
  for (const child of block.children) {
    const keyword = child.words[0]!;
    said.set(keyword, child);
    if (READ.has(keyword)) markAll(ledger, child, "not-modelled", NOT_PLAYED);
    else if (
      keyword === "authentication" ||
      keyword === "garp_master_delay" ||
      /^(?:notify|smtp_alert|debug|version|mcast_src_ip|unicast_src_ip)/.test(keyword)
    ) {
      markAll(ledger, child, "ignored", "authentication and notification are taken for right");
      for (const line of child.children)
        if (line.words[0] === "auth_pass") ledger.scrub(line.line, line.words[1] ?? "");
    } else if (
      /^(?:virtual_routes|virtual_rules|virtual_ipaddress_excluded|dont_track_primary|use_vmac|garp_)/.test(keyword)
    )
      markAll(ledger, child, "not-modelled", `keyword ${keyword}`);
    else markAll(ledger, child, "unrecognised", `keyword ${keyword}`);
  }
  const word = (keyword: string) => said.get(keyword)?.words[1];
  const number = (keyword: string, fallback: number, least: number, most: number) => {
    const value = word(keyword);
    return value === undefined ? fallback : wholeNumber(ledger, said.get(keyword)!.line, keyword, value, least, most);
  };
  const seconds = (keyword: string, fallbackMs: number) => {
    const value = word(keyword);
    if (value === undefined) return fallbackMs;
    if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(value))
      throw ledger.error(said.get(keyword)!.line, `${keyword}: expected seconds, found`, value);
    return Math.round(Number(value) * 1000);
  };
  const state = word("state") ?? "BACKUP";
  if (state !== "MASTER" && state !== "BACKUP")
    throw ledger.error(said.get("state")!.line, "state: unknown", state, ["MASTER", "BACKUP"]);
  const device = word("interface");
  if (device === undefined) throw ledger.error(block.line, `vrrp_instance ${name}: interface is missing`);
  if (word("virtual_router_id") === undefined)
    throw ledger.error(block.line, `vrrp_instance ${name}: virtual_router_id is missing`);
  const addresses = (said.get("virtual_ipaddress")?.children ?? []).map((child) => address(ledger, child));
  if (addresses.length === 0) throw ledger.error(block.line, `vrrp_instance ${name}: virtual_ipaddress is missing`);
  const priority = number("priority", 100, 1, 255);
  const advertIntervalMs = seconds("advert_int", 1000);
  return {
    name,
    line: block.line,
    initialState: state,
    interface: device,
    virtualRouterId: number("virtual_router_id", 0, 1, 255),
    priority,
    advertIntervalMs,
    preempt: !said.has("nopreempt"),
    preemptDelayMs: seconds("preempt_delay", 0),
    unicastPeers: (said.get("unicast_peer")?.children ?? []).map((child) => child.words[0]!),
    addresses,
    trackedScripts: (said.get("track_script")?.children ?? []).map((child) => child.words[0]!),
    trackedInterfaces: (said.get("track_interface")?.children ?? []).map((child) => child.words[0]!),
    masterDownMs: 3 * advertIntervalMs + Math.floor(((256 - priority) * advertIntervalMs) / 256),
  };
}

const READ = new Set(
  "state interface virtual_router_id priority advert_int nopreempt preempt_delay virtual_ipaddress unicast_peer track_script track_interface".split(
    " ",
  ),
);

/** "192.168.16.200/24 dev eth0" */
function address(ledger: LedgerWriter, block: Block): VrrpInstance["addresses"][number] {
  const [text = "", ...rest] = block.words;
  const [host = "", bits] = text.split("/");
  const dev = rest.indexOf("dev");
  return {
    address: ipv4(ledger, block.line, "virtual_ipaddress", host),
    prefix: bits === undefined ? 32 : wholeNumber(ledger, block.line, "virtual_ipaddress", bits, 0, 32),
    ...present({ device: dev === -1 ? undefined : rest[dev + 1] }),
    line: block.line,
  };
}
