import type { Fact } from "./fact.js";
import { LedgerWriter } from "./ledger.js";

export type KnownVariables = ReadonlyMap<string, readonly ["ignored" | "not-modelled", string]>;

/**
 * Files of `NAME=value` lines that a shell script sources (ifcfg-*, route-*, /etc/sysconfig/*). Quotes are taken off;
 * nothing is expanded. Errors: a line that is no assignment, a quote that is not closed.
 */
export class ShellVariables {
  readonly file: string;
  readonly ledger: LedgerWriter;
  readonly #known: KnownVariables;
  readonly #said = new Map<string, Fact<string>>();

  /** `known`: names in lower case that the twin does not behave by, read or not. */
  constructor(text: string, file: string, known: KnownVariables = new Map()) {
    this.#known = known;
    this.file = file;
    this.ledger = new LedgerWriter(text, file);
    this.ledger.lines.forEach((raw, index) => {
      const line = index + 1;
      const trimmed = raw.trim();
      if (trimmed === "" || trimmed.startsWith("#")) {
        this.ledger.ignored(line, trimmed === "" ? "blank" : "comment");
        return;
      }
      const parts = /^(?:export\s+)?([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^\s"'#]*))\s*(?:#.*)?$/.exec(trimmed);
      if (parts === null) throw this.ledger.error(line, "expected NAME=VALUE, found", trimmed);
      const name = parts[1]!;
      const before = this.#said.get(name);
      if (before !== undefined) this.ledger.ignored(before.line, `line ${line} says it again, the last one counts`);
      this.#said.set(name, { value: parts[2] ?? parts[3] ?? parts[4] ?? "", file, line });
    });
  }

  names(): string[] {
    return [...this.#said.keys()];
  }

  /** A variable, its line marked as modelled; empty is as good as unset. */
  text(name: string): Fact<string> | undefined {
    const said = this.#said.get(name);
    if (said !== undefined && !this.#known.has(name.toLowerCase())) this.ledger.modelled(said.line);
    return said?.value === "" ? undefined : said;
  }

  /** "yes" in any case, as the network scripts compare it. */
  yes(name: string, fallback: boolean): boolean {
    const said = this.text(name);
    return said === undefined ? fallback : ["yes", "true", "1", "on"].includes(said.value.toLowerCase());
  }

  /** What nobody has read. */
  settle(): void {
    for (const [name, { line }] of this.#said) {
      if (this.ledger.isMarked(line)) continue;
      const reason = this.#known.get(name.toLowerCase());
      if (reason === undefined) this.ledger.unrecognised(line, `variable ${name}`);
      else this.ledger.mark(line, ...reason);
    }
  }
}
