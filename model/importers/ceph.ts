import type { Fact } from "./fact.js";
import { type IniEntry, readIni } from "./ini-file.js";
import type { Importer } from "./ledger.js";
import type { CephFacts } from "./openstack-facts.js";
import { because } from "./oslo-common.js";
import { present } from "./oslo-links.js";
import { hostAndPort, wholeNumber } from "./words.js";

const KNOWN = new Map([
  ...because("ignored", "the cluster's own name", "fsid"),
  ...because(
    "ignored",
    "credentials are taken for valid",
    "auth_cluster_required auth_service_required auth_client_required auth_supported keyring cephx_require_signatures",
  ),
  ...because("ignored", "names of the monitors, known by their addresses", "mon_initial_members"),
  ...because("not-modelled", "Ceph's own networks are given by the topology", "public_network cluster_network"),
  ...because(
    "not-modelled",
    "placement groups and recovery of Ceph are not modelled",
    "osd_pool_default_pg_num osd_pool_default_pgp_num osd_journal_size osd_crush_chooseleaf_type mon_osd_down_out_interval",
  ),
]);

/** /etc/ceph/ceph.conf: settings of [global] (names with spaces, dashes or underscores). */
export const importCeph: Importer<CephFacts> = (text, file) => {
  const { ledger, entries } = readIni(text, file, "ceph");
  const said = new Map<string, IniEntry>();
  for (const entry of entries) {
    const name = entry.name.toLowerCase().replaceAll(/[\s-]+/g, "_");
    if (entry.section.toLowerCase() !== "global") {
      ledger.notModelled(entry.line, "settings of single daemons");
      continue;
    }
    said.set(name, entry);
    const known = KNOWN.get(name);
    if (known !== undefined) ledger.mark(entry.line, ...known);
  }
  const fact = (name: string): Fact<string> | undefined => {
    const entry = said.get(name);
    if (entry === undefined) return undefined;
    if (!KNOWN.has(name)) for (let line = entry.line; line <= entry.lastLine; line++) ledger.modelled(line);
    return { value: entry.value ?? "", file, line: entry.line };
  };
  const number = (name: string): Fact<number> | undefined => {
    const said = fact(name);
    return said === undefined ? undefined : { ...said, value: wholeNumber(ledger, said.line, name, said.value, 1, 10) };
  };
  const hosts = fact("mon_host");
  const monitors = (hosts?.value ?? "")
    .split(/[\s,;]+/)
    .filter((host) => host !== "")
    .map((host) => hostAndPort(ledger, hosts!.line, "mon_host", host, 6789));
  const facts: CephFacts = {
    file,
    monitors,
    ...present({
      fsid: fact("fsid"),
      monitorsLine: hosts?.line,
      poolSize: number("osd_pool_default_size"),
      poolMinSize: number("osd_pool_default_min_size"),
    }),
  };
  return { facts, ledger: ledger.entries() };
};
