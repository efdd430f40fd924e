/**
 * Spans of time as people write them in topologies, scenarios and on the command line: `250ms`, `1.5s`, `3min` (or
 * `3m`), `4h`, `2d`, `1h30m`. A unit is required; of several parts the larger unit comes first.
 */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
]);
const AMOUNT = "\\d{1,9}(\\.\\d{1,3})?\\s?";
const part = (unit: string) => `(${AMOUNT}${unit})?`;

/** The form of a span, for schemas. It alone lets the empty text pass: `spanMs` does not. */
export const SPAN_PATTERN = new RegExp(`^${["d", "h", "(min|m)", "s", "ms"].map(part).join("")}$`);
const PART = /(\d{1,9}(?:\.\d{1,3})?)\s?(ms|min|m|s|h|d)/g;

export const SPAN_FORM = "a number and a unit: 250ms, 1.5s, 3min, 4h, 2d, 1h30m";

/** Milliseconds, or undefined where the text is no span. */
export function spanMs(text: string): number | undefined {
  if (text === "" || !SPAN_PATTERN.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PART)) ms += Math.round(Number(amount) * UNIT_MS.get(unit!)!);
  return ms;
}
