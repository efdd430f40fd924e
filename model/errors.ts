/** Bad input: a file that somebody gave us. A bug asserts, a broken promise is a result; this is neither. Exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly file: string;
  /** 1-based; 0 where the whole file is meant. */
  readonly line: number;
  /** What is wrong, without the place. */
  readonly text: string;
  /** The value that was refused, shortened. */
  readonly value: string | undefined;
  /** What would have been understood here. */
  readonly known: readonly string[];

  /**
   * The message reads `file:line: text`. `value` is appended in quotes and `known` as a list named by `knownAs`
   * (`cib.xml:41: unknown resource "rsc_vip"; resources: vip_public, haproxy`). Both come from the file: they are
   * shortened and their control characters shown as escapes, so that a message is one harmless line.
   */
  constructor(problem: InputProblem) {
    const text = describe(problem);
    super(`${oneLine(problem.file, 300)}${problem.line > 0 ? `:${problem.line}` : ""}: ${text}`);
    this.file = problem.file;
    this.line = problem.line;
    this.text = text;
    this.value = problem.value === undefined ? undefined : oneLine(problem.value, VALUE_CHARACTERS);
    this.known = problem.known ?? [];
  }
}

export interface InputProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly value?: string;
  readonly known?: readonly string[];
  /** What the known alternatives are, in the plural: "resources", "keywords". */
  readonly knownAs?: string;
}

const VALUE_CHARACTERS = 120;
const KNOWN_SHOWN = 24;

function describe({ message, value, known, knownAs }: InputProblem): string {
  let text = oneLine(message, 400);
  if (value !== undefined) text += ` "${oneLine(value, VALUE_CHARACTERS)}"`;
  if (known !== undefined && known.length > 0) {
    const listed = known.length > KNOWN_SHOWN && value !== undefined ? likestFirst(known, value) : known;
    const shown = listed.slice(0, KNOWN_SHOWN).map((name) => oneLine(name, 60));
    const more = known.length > KNOWN_SHOWN ? `, and ${known.length - KNOWN_SHOWN} more` : "";
    text += `; ${knownAs ?? "known"}: ${shown.join(", ")}${more}`;
  }
  return text;
}

/** Of more names than are shown, those that share most pairs of neighbouring letters with the refused value come first. */
function likestFirst(known: readonly string[], value: string): readonly string[] {
  const wanted = letterPairs(value);
  const likeness = (name: string) => {
    const pairs = letterPairs(name);
    let shared = 0;
    for (const pair of pairs) if (wanted.has(pair)) shared++;
    return shared / (pairs.size + wanted.size);
  };
  return known
    .map((name, index) => ({ name, index, score: likeness(name) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ name }) => name);
}

function letterPairs(text: string): ReadonlySet<string> {
  const letters = ` ${text.slice(0, VALUE_CHARACTERS).toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, index) => letters.slice(index, index + 2)));
}

/** Text from a file as one short line: control, format and separator characters are shown as escapes. */
function oneLine(text: string, limit: number): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
