import type { FstabFacts, FstabMount, NfsMount } from "./host-facts.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { tableLines } from "./table-lines.js";
import { commaList, wholeNumber } from "./words.js";

const KERNEL = new Set([
  "proc",
  "sysfs",
  "devpts",
  "tmpfs",
  "swap",
  "debugfs",
  "usbfs",
  "cgroup",
  "devtmpfs",
  "configfs",
  "none",
]);

/** /etc/fstab (fstab(5)). Errors: fewer than three fields, a mount point that is not absolute or named twice. */
export const importFstab: Importer<FstabFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const mounts: FstabMount[] = [];
  const seen = new Map<string, number>();
  for (const { text, line } of tableLines(ledger)) {
    const fields = text
      .trim()
      .split(/\s+/)
      .map((field) => field.replaceAll("\\040", " "));
    const [device, mountPoint, type, optionText = "defaults"] = fields;
    if (type === undefined)
      throw ledger.error(line, "fstab: expected DEVICE MOUNTPOINT TYPE OPTIONS, found", text.trim());
    if (KERNEL.has(type)) {
      ledger.ignored(line, "the node's own kernel file systems and swap");
      continue;
    }
    if (!mountPoint!.startsWith("/"))
      throw ledger.error(line, "fstab: expected an absolute mount point, found", mountPoint);
    const twinLine = seen.get(mountPoint!);
    if (twinLine !== undefined) throw ledger.error(line, `fstab: line ${twinLine} already mounts on`, mountPoint);
    seen.set(mountPoint!, line);
    const options = commaList(optionText);
    const nfs = type === "nfs" || type === "nfs4" ? nfsMount(ledger, line, device!, type, options) : undefined;
    const remote = remoteFileSystem(device!, type);
    mounts.push({
      device: device!,
      mountPoint: mountPoint!,
      type,
      options,
      noauto: options.includes("noauto"),
      netdev: options.includes("_netdev") || nfs !== undefined,
      readOnly: options.findLast((option) => option === "ro" || option === "rw") === "ro",
      ...(nfs === undefined ? {} : { nfs }),
      ...(remote === undefined ? {} : { remote }),
      line,
    });
    ledger.modelled(line);
  }
  return { facts: { file, mounts }, ledger: ledger.entries() };
};

/** "server:/path" or "[v6]:/path" and the options of nfs(5), defaults filled in. */
function nfsMount(
  ledger: LedgerWriter,
  line: number,
  device: string,
  type: string,
  options: readonly string[],
): NfsMount {
  const parts = /^(\[[0-9a-fA-F:.]+\]|[^\s:]+):(\/\S*)$/.exec(device);
  if (parts === null) throw ledger.error(line, "nfs: expected SERVER:/PATH, found", device);
  const last = (name: string) => options.findLast((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const transport = last("proto") === "udp" || options.includes("udp") ? "udp" : "tcp";
  const deciseconds = last("timeo");
  const retrans = last("retrans");
  const version = last("vers") ?? last("nfsvers") ?? options.find((option) => /^v[234]/.test(option))?.slice(1);
  return {
    server: parts[1]!.replace(/^\[|\]$/g, ""),
    path: parts[2]!,
    hard: options.findLast((option) => option === "hard" || option === "soft") !== "soft",
    timeoutMs:
      deciseconds === undefined
        ? transport === "tcp"
          ? 60_000
          : 700
        : wholeNumber(ledger, line, "timeo", deciseconds, 1, 6000) * 100,
    retransmissions:
      retrans === undefined ? (transport === "tcp" ? 2 : 3) : wholeNumber(ledger, line, "retrans", retrans, 0, 1000),
    ...(version === undefined ? (type === "nfs4" ? { version: "4" } : {}) : { version }),
    transport,
  };
}

function remoteFileSystem(device: string, type: string): FstabMount["remote"] {
  if (type === "gpfs") return { servers: [], volume: device.replace(/^\/dev\//, "") };
  if (type !== "glusterfs" && type !== "ceph") return undefined;
  const at = device.lastIndexOf(":");
  return { servers: commaList(device.slice(0, at)), volume: device.slice(at + 1) };
}
