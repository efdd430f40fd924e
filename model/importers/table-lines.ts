import type { LedgerWriter } from "./ledger.js";

/** One line of a table-like file (exports, fstab, hosts), continuation lines joined. */
export interface TableLine {
  readonly text: string;
  /** First and last line of the file that it stands on. */
  readonly line: number;
  readonly lastLine: number;
}

/** Blank lines and `#` comments are settled here; a backslash at a line's end joins the next one. */
export function tableLines(ledger: LedgerWriter, continued = false): TableLine[] {
  const found: TableLine[] = [];
  let open: { text: string; line: number } | undefined;
  ledger.lines.forEach((raw, index) => {
    const line = index + 1;
    const text = raw.replace(/(^|\s)#.*$/, "$1").trimEnd();
    if (open === undefined && text.trim() === "") {
      ledger.ignored(line, raw.trim() === "" ? "blank" : "comment");
      return;
    }
    const joins = continued && text.endsWith("\\");
    const piece = joins ? text.slice(0, -1) : text;
    open = { text: open === undefined ? piece : `${open.text} ${piece.trimStart()}`, line: open?.line ?? line };
    if (joins && line < ledger.lines.length) return;
    found.push({ ...open, lastLine: line });
    open = undefined;
  });
  return found;
}

export function markLines(ledger: LedgerWriter, at: TableLine): void {
  for (let line = at.line; line <= at.lastLine; line++) ledger.modelled(line);
}
