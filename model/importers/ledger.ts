import { InputError } from "../errors.js";
import { SCRUBBED, scrubbed } from "./scrub.js";

/**
 * The ledger: what became of every line of an imported file. One entry a line, no line left out, so that nothing a
 * file says is passed over in silence.
 */

/**
 * - `modelled`: the twin behaves by it.
 * - `ignored`: on purpose; the reason says why it cannot change what the twin tells (a blank line, a log level).
 * - `not-modelled`: known to matter, and left out; a verdict that may depend on it says so. Has a reason too.
 * - `unrecognised`: we do not know this line.
 */
export type LineStatus = "modelled" | "ignored" | "not-modelled" | "unrecognised";

export interface LedgerEntry {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The line as the file has it, secrets scrubbed, no line end. */
  readonly text: string;
  readonly status: LineStatus;
  /** Present with `ignored` and `not-modelled`; with `unrecognised` where there is something to say. */
  readonly reason?: string;
}

/** What an importer hands back. Errors: `InputError` with file and line. */
interface Imported<Facts> {
  readonly facts: Facts;
  readonly ledger: readonly LedgerEntry[];
}

/** An importer is pure: text and file name in, facts and ledger out. */
export type Importer<Facts> = (text: string, file: string) => Imported<Facts>;

/** No file of a topology is larger than this, not even the CIB of a large cluster. */
export const FILE_CHARACTERS_MAX = 8 * 1024 * 1024;
/** Other configuration files larger than this are refused: the largest real ones known to us are below 1 MiB. */
const TEXT_CHARACTERS_MAX = 2 * 1024 * 1024;
const LINES_MAX = 500_000;
const LINE_CHARACTERS_MAX = 16_384;

/** The ledger while a file is being read. A line that nobody marks comes out as `unrecognised`. */
export class LedgerWriter {
  readonly file: string;
  /** The file's lines, without line ends; index 0 is line 1. */
  readonly lines: readonly string[];
  readonly #texts: string[];
  readonly #statuses: (LineStatus | undefined)[];
  readonly #reasons: (string | undefined)[];

  constructor(text: string, file: string, charactersMax = TEXT_CHARACTERS_MAX) {
    this.file = file;
    this.lines = textLines(text, file, charactersMax);
    this.#texts = this.lines.map(scrubbed);
    this.#statuses = new Array(this.lines.length);
    this.#reasons = new Array(this.lines.length);
  }

  /** Marks a line. Marked twice, the graver status stands: what one reader ignores another may model. */
  mark(line: number, status: LineStatus, reason?: string): void {
    const index = line - 1;
    const before = this.#statuses[index];
    if (before !== undefined && GRAVITY[before] >= GRAVITY[status]) return;
    this.#statuses[index] = status;
    this.#reasons[index] = reason;
  }

  modelled(line: number): void {
    this.mark(line, "modelled");
  }

  ignored(line: number, reason: string): void {
    this.mark(line, "ignored", reason);
  }

  notModelled(line: number, reason: string): void {
    this.mark(line, "not-modelled", reason);
  }

  unrecognised(line: number, reason?: string): void {
    this.mark(line, "unrecognised", reason);
  }

  isMarked(line: number): boolean {
    return this.#statuses[line - 1] !== undefined;
  }

  /** Removes a secret from a line's ledger text, wherever it stands in it. */
  scrub(line: number, secret: string): void {
    if (secret === "") return;
    this.#texts[line - 1] = this.#texts[line - 1]!.split(secret).join(SCRUBBED);
  }

  entries(): LedgerEntry[] {
    return this.#texts.map((text, index) => {
      const reason = this.#reasons[index];
      const entry = {
        file: this.file,
        line: index + 1,
        text,
        status: this.#statuses[index] ?? "unrecognised",
      } as const;
      return reason === undefined ? entry : { ...entry, reason };
    });
  }

  /** An error at a line of this file. */
  error(line: number, message: string, value?: string, known?: readonly string[], knownAs?: string): InputError {
    return new InputError({
      file: this.file,
      line,
      message,
      ...(value === undefined ? {} : { value }),
      ...(known === undefined ? {} : { known }),
      ...(knownAs === undefined ? {} : { knownAs }),
    });
  }
}

const GRAVITY: Readonly<Record<LineStatus, number>> = { ignored: 0, modelled: 1, "not-modelled": 2, unrecognised: 3 };

/** Lines of a text file, `\n` or `\r\n`; a final line end opens no further line. Refuses what is no text or too large. */
function textLines(text: string, file: string, charactersMax = TEXT_CHARACTERS_MAX): string[] {
  if (text.length > charactersMax)
    throw new InputError({
      file,
      line: 0,
      message: `the file has ${text.length} characters; at most ${charactersMax} are read`,
    });
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  if (lines.length > LINES_MAX)
    throw new InputError({ file, line: LINES_MAX + 1, message: `more than ${LINES_MAX} lines` });
  return lines.map((raw, index) => {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (line.length > LINE_CHARACTERS_MAX)
      throw new InputError({ file, line: index + 1, message: `a line of more than ${LINE_CHARACTERS_MAX} characters` });
    const control = CONTROL.exec(line);
    if (control !== null)
      throw new InputError({
        file,
        line: index + 1,
        message: `this is no text file: control character at column ${control.index + 1}`,
        value: control[0],
      });
    return index === 0 && line.startsWith("\uFEFF") ? line.slice(1) : line;
  });
}

// Everything below a space but the tab and the form feed; U+FFFD is what a decoder makes of bytes that are no UTF-8.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;

/** The ledger of a file that nobody here can read: every line unrecognised, with the reason. */
export function unrecognisedFile(text: string, file: string, reason: string): LedgerEntry[] {
  const ledger = new LedgerWriter(text, file);
  for (let line = 1; line <= ledger.lines.length; line++) ledger.unrecognised(line, reason);
  return ledger.entries();
}

/** How many lines have each status. */
export function ledgerCounts(ledger: readonly LedgerEntry[]): Record<LineStatus, number> {
  const counts = { modelled: 0, ignored: 0, "not-modelled": 0, unrecognised: 0 };
  for (const entry of ledger) counts[entry.status]++;
  return counts;
}
