import type { Fact } from "./fact.js";
import type { HostsFacts } from "./host-facts.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { tableLines } from "./table-lines.js";
import { ipv4 } from "./words.js";

/** /etc/hosts. Of a name with several addresses the first counts. Errors: an address that is none. */
export const importHosts: Importer<HostsFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const addresses = new Map<string, Fact<string>>();
  for (const { text, line } of tableLines(ledger)) {
    const [address = "", ...names] = text.trim().split(/\s+/);
    if (/^[0-9a-f:.%]*:[0-9a-z:.%]*$/i.test(address)) {
      ledger.ignored(line, "IPv4 alone is modelled");
      continue;
    }
    const value = ipv4(ledger, line, "hosts", address);
    if (names.length === 0) throw ledger.error(line, "hosts: an address without a name:", address);
    for (const name of names) if (!addresses.has(name)) addresses.set(name, { value, file, line });
    ledger.modelled(line);
  }
  return { facts: { file, addresses }, ledger: ledger.entries() };
};
