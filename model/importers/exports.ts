import type { ExportsFacts, NfsExport } from "./host-facts.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { markLines, type TableLine, tableLines } from "./table-lines.js";
import { commaList } from "./words.js";

const OPTIONS = new Set(
  `rw ro sync async root_squash no_root_squash all_squash no_all_squash subtree_check no_subtree_check secure insecure
   wdelay no_wdelay hide nohide crossmnt secure_locks insecure_locks auth_nlm no_auth_nlm acl no_acl pnfs no_pnfs
   security_label nocrossmnt mp`.split(/\s+/),
);
const OPTIONS_WITH_VALUE = new Set(["fsid", "anonuid", "anongid", "sec", "refer", "replicas", "mountpoint", "mp"]);
const SHOWN = ["rw", "ro", "sync", "async", "root_squash", "no_root_squash", "fsid=…"];

/** /etc/exports (exports(5)). Errors: a path that is not absolute, an option unknown to exportfs, one client twice. */
export const importExports: Importer<ExportsFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const exports: NfsExport[] = [];
  const seen = new Map<string, number>();
  for (const at of tableLines(ledger, true)) {
    const parts = /^\s*("[^"]*"|\S+)\s*(.*)$/.exec(at.text)!;
    const path = parts[1]!.replace(/^"|"$/g, "");
    if (!path.startsWith("/")) throw ledger.error(at.line, "exports: expected an absolute path, found", path);
    const clients = parts[2]!.split(/\s+/).filter((word) => word !== "");
    const defaults = clients[0]?.startsWith("-") ? clients.shift()!.slice(1) : "";
    for (const word of clients.length === 0 ? ["*"] : clients) {
      const one = nfsExport(ledger, at, path, word, commaList(defaults));
      const key = `${path} ${one.client}`;
      const twinLine = seen.get(key);
      if (twinLine !== undefined)
        throw ledger.error(at.line, `exports: line ${twinLine} already exports ${path} to`, one.client);
      seen.set(key, at.line);
      exports.push(one);
    }
    markLines(ledger, at);
  }
  return { facts: { file, exports }, ledger: ledger.entries() };
};

function nfsExport(ledger: LedgerWriter, at: TableLine, path: string, word: string, defaults: string[]): NfsExport {
  const parts = /^([^()\s]*)(?:\(([^()]*)\))?$/.exec(word);
  if (parts === null) throw ledger.error(at.line, "exports: expected CLIENT(OPTIONS), found", word);
  const options = [...defaults, ...commaList(parts[2] ?? "")];
  for (const option of options) {
    const name = option.split("=")[0]!;
    if (!(option.includes("=") ? OPTIONS_WITH_VALUE : OPTIONS).has(name))
      throw ledger.error(at.line, `exports: ${path}: unknown option`, option, SHOWN, "options");
  }
  const last = (...names: string[]) => options.findLast((option) => names.includes(option));
  const fsid = options.findLast((option) => option.startsWith("fsid="))?.slice("fsid=".length);
  return {
    path,
    client: parts[1] === "" ? "*" : parts[1]!,
    readOnly: last("rw", "ro") !== "rw",
    sync: last("sync", "async") !== "async",
    rootSquash: last("root_squash", "no_root_squash") !== "no_root_squash",
    ...(fsid === undefined ? {} : { fsid }),
    options,
    line: at.line,
  };
}
