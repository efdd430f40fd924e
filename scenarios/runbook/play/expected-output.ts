/** What a page shows under a command, against what came. Undefined where it matches. */
export function differs(expected: readonly string[], actual: string): string | undefined {
  const came = withoutBlankEnd(actual.split("\n").map(trimmed));
  const wanted = withoutBlankEnd(expected.map(trimmed));
  if (matches(wanted, 0, came, 0, new Map())) return undefined;
  const missing = wanted.find((line) => line !== "..." && !came.some((one) => lineMatches(line, one)));
  if (missing !== undefined) return `"${missing.trim()}" did not come; it said: ${shortened(came)}`;
  return `the lines came in another order or with others between; it said: ${shortened(came)}`;
}

/** `...` alone is any number of lines; within a line, `...` and `[..]` are any text. */
function matches(
  wanted: readonly string[],
  w: number,
  came: readonly string[],
  c: number,
  known: Map<number, boolean>,
): boolean {
  if (w === wanted.length) return c === came.length;
  const key = w * (came.length + 1) + c;
  const before = known.get(key);
  if (before !== undefined) return before;
  let result: boolean;
  if (wanted[w]!.trim() === "...")
    result = matches(wanted, w + 1, came, c, known) || (c < came.length && matches(wanted, w, came, c + 1, known));
  else result = c < came.length && lineMatches(wanted[w]!, came[c]!) && matches(wanted, w + 1, came, c + 1, known);
  known.set(key, result);
  return result;
}

/** Parts between wildcards in their order; no backtracking, so that no page can make it slow. */
export function lineMatches(wanted: string, came: string): boolean {
  const parts = wanted.split(/\[\.\.\]|\.\.\./).map(squeezed);
  const line = squeezed(came);
  if (parts.length === 1) return parts[0] === line;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (!line.startsWith(first) || !line.endsWith(last) || line.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = line.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= line.length - last.length;
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}

/** Output as lines without blank ones at its end. */
export function withoutFiller(output: string): readonly string[] {
  return withoutBlankEnd(output.split("\n").map(trimmed));
}

function trimmed(line: string): string {
  return line.replace(/\s+$/, "");
}

/** Columns may be wider or narrower on the page: any run of blanks is one. */
function squeezed(text: string): string {
  return text.replace(/[\t ]+/g, " ");
}

function shortened(lines: readonly string[]): string {
  const text = lines
    .filter((line) => line !== "")
    .slice(0, 4)
    .join(" | ");
  if (text === "") return "nothing";
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}
