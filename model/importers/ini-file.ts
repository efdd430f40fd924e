import { LedgerWriter } from "./ledger.js";
import { isSecretName } from "./scrub.js";

/**
 * Ini files line by line, as the services read them. `oslo`: oslo.config of Havana (continuation lines, quotes,
 * sections needed, names after the first `=` or `:`). `mysql`: option files (names without a value, `!include`).
 */
export type IniDialect = "oslo" | "mysql" | "ceph";

export interface IniEntry {
  readonly section: string;
  readonly name: string;
  /** Continuation lines joined by line feeds. Undefined: a name alone (mysql). */
  readonly value: string | undefined;
  readonly line: number;
  readonly lastLine: number;
}

export interface IniFile {
  readonly ledger: LedgerWriter;
  /** Sections in order, each with the line of its first header. */
  readonly sections: ReadonlyMap<string, number>;
  readonly entries: readonly IniEntry[];
}

/** Errors: `InputError` at a header without its bracket, a line that is no setting, a setting outside any section. */
export function readIni(text: string, file: string, dialect: IniDialect): IniFile {
  const ledger = new LedgerWriter(text, file);
  const sections = new Map<string, number>();
  const entries: IniEntry[] = [];
  let section: string | undefined;
  let open: { name: string; parts: string[]; line: number } | undefined;
  const close = (lastLine: number) => {
    if (open === undefined) return;
    const value = unquoted(open.parts.join("\n"), dialect);
    entries.push({ section: section!, name: open.name, value, line: open.line, lastLine });
    if (isSecretName(open.name))
      for (let line = open.line; line <= lastLine; line++) {
        if (line > open.line) ledger.scrub(line, ledger.lines[line - 1]!.trim());
        else ledger.scrub(line, open.parts[0]!);
      }
    open = undefined;
  };
  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const trimmed = raw.trim();
    if (trimmed === "") {
      close(line - 1);
      ledger.ignored(line, "blank");
    } else if (COMMENT.test(dialect === "oslo" ? raw : trimmed)) {
      close(line - 1);
      ledger.ignored(line, "comment");
    } else if (dialect !== "mysql" && /^[ \t]/.test(raw)) {
      if (open === undefined) throw ledger.error(line, "a continuation line with nothing to continue:", trimmed);
      open.parts.push(trimmed);
    } else if (trimmed.startsWith("[")) {
      close(line - 1);
      section = sectionName(ledger, line, dialect === "oslo" ? raw : trimmed.replace(/\s+[#;].*$/, ""));
      if (!sections.has(section)) sections.set(section, line);
      ledger.modelled(line);
    } else if (dialect === "mysql" && trimmed.startsWith("!")) {
      ledger.notModelled(line, "further option files are not read");
    } else {
      close(line - 1);
      const { name, value } = assignment(ledger, line, trimmed, dialect);
      if (section === undefined) throw ledger.error(line, "a setting before the first [section]:", name);
      if (value === undefined) entries.push({ section, name, value, line, lastLine: line });
      else open = { name, parts: [value], line };
    }
  });
  close(ledger.lines.length);
  return { ledger, sections, entries };
}

const COMMENT = /^[#;]/;

function sectionName(ledger: LedgerWriter, line: number, text: string): string {
  const header = text.trimEnd();
  if (!header.endsWith("]")) throw ledger.error(line, "a section header without its closing bracket:", text);
  const name = header.slice(1, -1).trim();
  if (name === "") throw ledger.error(line, "a section without a name:", text);
  return name;
}

function assignment(ledger: LedgerWriter, line: number, text: string, dialect: IniDialect) {
  const at = text.search(dialect === "oslo" ? /[=:]/ : /=/);
  if (at === -1) {
    if (dialect !== "mysql") throw ledger.error(line, "expected NAME = VALUE, found", text);
    if (!/^[\w.-]+$/.test(text)) throw ledger.error(line, "expected NAME or NAME = VALUE, found", text);
    return { name: text, value: undefined };
  }
  const name = text.slice(0, at).trim();
  if (name === "") throw ledger.error(line, "a value without a name:", text);
  const value = text.slice(at + 1).trim();
  return { name, value: dialect === "oslo" ? value : value.replace(/\s+[#;].*$/, "") };
}

function unquoted(value: string, dialect: IniDialect): string {
  const quote = value[0];
  const paired = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return paired && dialect !== "ceph" ? value.slice(1, -1) : value;
}
