import type { LedgerWriter } from "./ledger.js";
import { wholeNumber } from "./words.js";

/** A section of corosync.conf: `name { key: value … }`, sections within sections. */
export class CorosyncTree {
  readonly name: string;
  readonly line: number;
  readonly sections: CorosyncTree[] = [];
  readonly #ledger: LedgerWriter;
  readonly #keys = new Map<string, { value: string; line: number }>();

  constructor(ledger: LedgerWriter, name: string, line: number) {
    this.#ledger = ledger;
    this.name = name;
    this.line = line;
  }

  set(key: string, value: string, line: number): void {
    const before = this.#keys.get(key);
    if (before !== undefined) this.#ledger.ignored(before.line, `line ${line} says it again, the last one counts`);
    this.#keys.set(key, { value, line });
  }

  keys(): IterableIterator<[string, { value: string; line: number }]> {
    return this.#keys.entries();
  }

  /** The value, its line marked as modelled. */
  text(key: string): { value: string; line: number } | undefined {
    const said = this.#keys.get(key);
    if (said !== undefined) this.#ledger.modelled(said.line);
    return said;
  }

  number(key: string, least = 0): number | undefined {
    const said = this.text(key);
    return said === undefined
      ? undefined
      : wholeNumber(this.#ledger, said.line, `${this.name}.${key}`, said.value, least, 2 ** 32 - 1);
  }

  /** A number of which all but 0 is true. */
  flag(key: string): boolean | undefined {
    const value = this.number(key);
    return value === undefined ? undefined : value !== 0;
  }

  all(name: string): CorosyncTree[] {
    return this.sections.filter((section) => section.name === name);
  }

  first(name: string): CorosyncTree | undefined {
    return this.sections.find((section) => section.name === name);
  }
}

const DEPTH_MAX = 10;

/** Errors: a section that is not closed, a brace too many, a line that is neither section nor `key: value`. */
export function corosyncTree(ledger: LedgerWriter): CorosyncTree {
  const root = new CorosyncTree(ledger, "", 0);
  const open = [root];
  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const text = raw.trim();
    if (text === "") ledger.ignored(line, "blank");
    else if (text.startsWith("#")) ledger.ignored(line, "comment");
    else if (text.endsWith("{")) {
      const name = text.slice(0, -1).trim();
      if (!/^\w+$/.test(name)) throw ledger.error(line, "a section without a proper name:", text);
      if (open.length > DEPTH_MAX) throw ledger.error(line, `sections nested deeper than ${DEPTH_MAX}`);
      const section = new CorosyncTree(ledger, name, line);
      open.at(-1)!.sections.push(section);
      open.push(section);
      ledger.modelled(line);
    } else if (text === "}") {
      if (open.length === 1) throw ledger.error(line, "a closing brace with no section open");
      open.pop();
      ledger.modelled(line);
    } else {
      const at = text.indexOf(":");
      if (at < 1) throw ledger.error(line, "expected `key: value`, a section or a closing brace, found", text);
      open.at(-1)!.set(text.slice(0, at).trim(), text.slice(at + 1).trim(), line);
    }
  });
  if (open.length > 1) throw ledger.error(open.at(-1)!.line, "a section that is not closed:", open.at(-1)!.name);
  return root;
}
