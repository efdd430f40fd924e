import type { Endpoint, Fact, Setting } from "./fact.js";
import { type IniEntry, type IniFile, readIni } from "./ini-file.js";
import type { LedgerEntry, LedgerWriter, LineStatus } from "./ledger.js";
import { commonSetting } from "./oslo-common.js";
import { commaList, hostAndPort, urlEndpoint, wholeNumber } from "./words.js";

/** What is known of settings that the twin does not behave by: "name" or "section.name" → status and reason. */
export type KnownSettings = ReadonlyMap<string, SettingVerdict>;

type SettingVerdict = readonly [Exclude<LineStatus, "modelled" | "unrecognised">, string];

/**
 * Typed reading of an oslo.config file. Settings are asked for as "section.name"; further names are deprecated ones,
 * used where the first is absent. What has been read is modelled; the rest of the file is settled by `ledger()`.
 * A setting given twice takes its last value, as oslo.config does; interpolation (`$my_ip`, `%(port)s`) is left alone.
 */
export class OsloSettings {
  readonly file: string;
  readonly lines: LedgerWriter;
  readonly #ini: IniFile;
  readonly #byName = new Map<string, IniEntry[]>();
  readonly #known: KnownSettings;

  constructor(text: string, file: string, known: KnownSettings = new Map()) {
    this.file = file;
    this.#known = known;
    this.#ini = readIni(text, file, "oslo");
    this.lines = this.#ini.ledger;
    for (const entry of this.#ini.entries) {
      const name = settingName(entry);
      const entries = this.#byName.get(name);
      if (entries === undefined) this.#byName.set(name, [entry]);
      else entries.push(entry);
    }
  }

  /** The section's header line, undefined where there is none. */
  sectionLine(section: string): number | undefined {
    for (const [name, line] of this.#ini.sections) if (name.toLowerCase() === section.toLowerCase()) return line;
    return undefined;
  }

  /** Marks the lines as modelled, unless the importer's table says that the twin does not behave by the setting. */
  text(...names: string[]): Fact<string> | undefined {
    for (const name of names) {
      const entries = this.#byName.get(name.toLowerCase());
      if (entries === undefined) continue;
      const last = entries.at(-1)!;
      const verdict: readonly [LineStatus, string?] = this.#apart(last) ?? ["modelled"];
      for (const entry of entries)
        for (let line = entry.line; line <= entry.lastLine; line++) {
          if (entry === last) this.lines.mark(line, ...verdict);
          else this.lines.ignored(line, `line ${last.line} says it again, the last one counts`);
        }
      return { value: last.value ?? "", file: this.file, line: last.line };
    }
    return undefined;
  }

  textOr(fallback: string, because: string, ...names: string[]): Setting<string> {
    return this.text(...names) ?? { value: fallback, because };
  }

  boolean(fallback: boolean, because: string, ...names: string[]): Setting<boolean> {
    const fact = this.text(...names);
    if (fact === undefined) return { value: fallback, because };
    const value = BOOLEANS.get(fact.value.toLowerCase());
    if (value === undefined)
      throw this.lines.error(fact.line, `${names[0]}: expected a boolean, found`, fact.value, [...BOOLEANS.keys()]);
    return { ...fact, value };
  }

  integer(fallback: number, because: string, ...names: string[]): Setting<number> {
    const fact = this.text(...names);
    if (fact === undefined) return { value: fallback, because };
    return { ...fact, value: wholeNumber(this.lines, fact.line, names[0]!, fact.value, -1) };
  }

  /** A setting in seconds (also fractions), given in milliseconds. */
  seconds(fallbackMs: number, because: string, ...names: string[]): Setting<number> {
    const fact = this.text(...names);
    if (fact === undefined) return { value: fallbackMs, because };
    if (!/^\d{1,9}(\.\d{1,6})?$/.test(fact.value))
      throw this.lines.error(fact.line, `${names[0]}: expected seconds, found`, fact.value);
    return { ...fact, value: Math.round(Number(fact.value) * 1000) };
  }

  port(fallback: number, because: string, ...names: string[]): Setting<number> {
    const fact = this.text(...names);
    if (fact === undefined) return { value: fallback, because };
    return { ...fact, value: wholeNumber(this.lines, fact.line, names[0]!, fact.value, 1, 65_535) };
  }

  url(...names: string[]): Fact<Endpoint> | undefined {
    const fact = this.text(...names);
    return fact === undefined || fact.value === "" ? undefined : urlEndpoint(this.lines, fact, names[0]!);
  }

  /** "host:port, host:port" */
  endpoints(defaultPort: number, ...names: string[]): Endpoint[] {
    const fact = this.text(...names);
    if (fact === undefined) return [];
    return commaList(fact.value).map((part) => hostAndPort(this.lines, fact.line, names[0]!, part, defaultPort));
  }

  #apart(entry: IniEntry): SettingVerdict | undefined {
    return this.#known.get(settingName(entry)) ?? this.#known.get(entry.name.toLowerCase());
  }

  /** Settles every line not read: known and ignored, known to matter, or unrecognised. */
  ledger(): LedgerEntry[] {
    for (const entry of this.#ini.entries) {
      const known = this.#apart(entry) ?? commonSetting(entry.name);
      for (let line = entry.line; line <= entry.lastLine; line++)
        if (!this.lines.isMarked(line)) {
          if (known === undefined) this.lines.unrecognised(line, `setting ${entry.section}.${entry.name}`);
          else this.lines.mark(line, ...known);
        }
    }
    return this.lines.entries();
  }
}

function settingName(entry: IniEntry): string {
  return `${entry.section}.${entry.name}`.toLowerCase();
}

/** oslo.config's words for true and false, in any case. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);
