const LONGEST = 500;

/** A repeated group in which something is repeated or chosen: such a pattern may take a matcher time without end. */
const REPEATED_IN_REPEATED = /[([{][^)\]}]*[*+{|][^)\]}]*[)\]}][*+{]/;

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  xdigit: "0-9A-Fa-f",
  punct: "!-\\/:-@\\[-`{-~",
};

/**
 * A POSIX extended regular expression, as resource and node patterns are written. Undefined where it cannot be read, and
 * where matching it might not end in time.
 */
export function posixPattern(text: string): RegExp | undefined {
  if (text.length > LONGEST || REPEATED_IN_REPEATED.test(text)) return undefined;
  try {
    return new RegExp(text.replace(/\[:([a-z]+):\]/g, (all, name: string) => CLASSES[name] ?? all));
  } catch {
    return undefined;
  }
}
