/** Of a list in running text so many are named, unless everything is asked for. */
export const NAMES_SHOWN = 6;

/** Columns of running text; a replay command is never broken, so that it can be copied. */
const WIDTH = 100;

/** Lines of at most WIDTH columns, broken at spaces; a longer word stands alone. */
export function wrapped(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line) => " ".repeat(indent) + line);
}

/** `13 journeys, 15 services`. */
export function kindsOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const [kind = ""] = name.split("/", 1);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, number]) => plural(number, kind)).join(", ");
}

export function shortList(names: readonly string[], all: boolean): string {
  const shown = all ? names : names.slice(0, NAMES_SHOWN);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

export function plural(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? noun : /(ch|s|x)$/.test(noun) ? `${noun}es` : `${noun}s`}`;
}
