// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this file takes out

/**
 * Text that came from somebody's files, made safe to stand in XML or HTML, in content or in a quoted attribute.
 * Characters that XML 1.0 cannot hold at all become U+FFFD.
 */
export function escapeMarkup(text: string): string {
  return text.replace(FORBIDDEN, "\uFFFD").replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const FORBIDDEN =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The same for a terminal: control characters (escape sequences among them) and direction overrides are shown, not sent. */
export function escapeTerminal(text: string): string {
  return text.replace(CONTROLS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;
