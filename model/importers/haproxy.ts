import type { HaproxyFacts, HaproxyProxy } from "./haproxy-facts.js";
import { GLOBAL_IGNORED, GLOBAL_NOT_MODELLED, OTHER_SECTIONS } from "./haproxy-keywords.js";
import { HaproxySection } from "./haproxy-section.js";
import { haproxyWords } from "./haproxy-words.js";
import { type Importer, LedgerWriter } from "./ledger.js";
import { wholeNumber } from "./words.js";

const SECTIONS = ["global", "defaults", "listen", "frontend", "backend", ...OTHER_SECTIONS.keys()];

/**
 * /etc/haproxy/haproxy.cfg, syntax of 1.4 to 2.6, times in milliseconds. What haproxy itself refuses is an error here
 * (tested against `haproxy -c`); a keyword that neither is known to us is `unrecognised` in the ledger.
 */
export const importHaproxy: Importer<HaproxyFacts> = (text, file) => {
  const ledger = new LedgerWriter(text, file);
  const proxies: HaproxySection[] = [];
  const byName = new Map<string, HaproxySection[]>();
  const namedDefaults = new Map<string, HaproxySection>();
  let defaults = new HaproxySection(ledger, "defaults", "", 0);
  let section: HaproxySection | "global" | { skipped: string } | undefined;
  let globalMaxconn: number | undefined;

  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const words = haproxyWords(ledger, line, raw);
    if (words.length === 0) {
      ledger.ignored(line, raw.trim() === "" ? "blank" : "comment");
      return;
    }
    const keyword = words[0]!;
    if (SECTIONS.includes(keyword) && !(isSkipped(section) && /^\s/.test(raw))) {
      if (keyword === "global") {
        section = "global";
        ledger.modelled(line);
      } else if (keyword === "defaults") {
        defaults = new HaproxySection(ledger, "defaults", words[1] ?? "", line, inherited(words, line));
        if (words[1] !== undefined && words[1] !== "from") namedDefaults.set(words[1], defaults);
        section = defaults;
        ledger.modelled(line);
      } else if (keyword === "listen" || keyword === "frontend" || keyword === "backend") {
        section = proxy(keyword, words, line);
        ledger.modelled(line);
      } else {
        section = { skipped: OTHER_SECTIONS.get(keyword)! };
        ledger.notModelled(line, section.skipped);
      }
    } else if (section === undefined) {
      throw ledger.error(line, "a keyword before the first section:", keyword, SECTIONS, "sections");
    } else if (section === "global") {
      if (keyword === "maxconn") {
        globalMaxconn = wholeNumber(ledger, line, "maxconn", words[1] ?? "", 0);
        ledger.notModelled(line, "connections are not counted: haproxy's own limit is not reached");
      } else if (GLOBAL_IGNORED.has(keyword)) ledger.ignored(line, GLOBAL_IGNORED.get(keyword)!);
      else if (keyword.startsWith("tune.")) ledger.ignored(line, "tuning of one process");
      else if (GLOBAL_NOT_MODELLED.has(keyword)) ledger.notModelled(line, GLOBAL_NOT_MODELLED.get(keyword)!);
      else ledger.unrecognised(line, `global keyword ${keyword}`);
    } else if (isSkipped(section)) {
      ledger.notModelled(line, section.skipped);
    } else {
      section.read(words, line);
    }
  });

  function inherited(words: readonly string[], line: number): HaproxySection | undefined {
    const at = words.indexOf("from");
    if (at === -1) return undefined;
    const from = namedDefaults.get(words[at + 1] ?? "");
    if (from === undefined)
      throw ledger.error(line, "unknown defaults", words[at + 1] ?? "", [...namedDefaults.keys()], "defaults");
    return from;
  }

  function proxy(kind: HaproxyProxy["kind"], words: readonly string[], line: number): HaproxySection {
    const name = words[1];
    if (name === undefined) throw ledger.error(line, `${kind}: its name is missing`);
    if (!/^[A-Za-z0-9_.:-]+$/.test(name))
      throw ledger.error(line, `${kind}: a character that no name may have in`, name);
    const twin = byName.get(name)?.find((other) => overlaps(other.kind, kind));
    if (twin !== undefined)
      throw ledger.error(line, `${kind}: line ${twin.line} already has a ${twin.kind} of the name`, name);
    const made = new HaproxySection(ledger, kind, name, line, inherited(words, line) ?? defaults);
    const address = words[2];
    if (address !== undefined && address !== "from") made.read(["bind", ...words.slice(2)], line);
    proxies.push(made);
    byName.set(name, [...(byName.get(name) ?? []), made]);
    return made;
  }

  const names = new Map(proxies.filter((one) => one.kind !== "frontend").map((one) => [one.name, one]));
  for (const one of proxies) one.checkReferences(names);
  const facts: HaproxyFacts = {
    file,
    ...(globalMaxconn === undefined ? {} : { globalMaxconn }),
    proxies: proxies.map((one) => one.proxy()),
  };
  return { facts, ledger: ledger.entries() };
};

function isSkipped(section: unknown): section is { skipped: string } {
  return typeof section === "object" && section !== null && "skipped" in section;
}

/** A listen is both a frontend and a backend. */
function overlaps(one: string, other: string): boolean {
  return one === other || one === "listen" || other === "listen";
}
