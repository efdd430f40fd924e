import { type Importer, LedgerWriter } from "./ledger.js";
import type { SharesFacts } from "./openstack-facts.js";
import { tableLines } from "./table-lines.js";

/** /etc/cinder/nfs_shares and gluster_shares: SERVER:/PATH [OPTIONS] a line. */
export const importShares: Importer<SharesFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const shares = tableLines(ledger).map(({ text, line }) => {
    const parts = /^(\[[0-9a-fA-F:.]+\]|[^\s:]+):(\/?\S+)(?:\s+(.*))?$/.exec(text.trim());
    if (parts === null) throw ledger.error(line, "shares: expected SERVER:/PATH, found", text.trim());
    ledger.modelled(line);
    return { server: parts[1]!.replace(/^\[|\]$/g, ""), path: parts[2]!, options: parts[3]?.trim() ?? "", line };
  });
  return { facts: { file, shares }, ledger: ledger.entries() };
};
