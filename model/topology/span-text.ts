/** A span of time as people write it in topologies: "250ms", "1.5s", "3min", "4h", "2d". A unit is required. */
const SPAN = /^(\d{1,9}(?:\.\d{1,3})?)\s?(ms|s|min|h|d)$/;
const UNIT_MS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

export const SPAN_FORM = "a number and a unit: 250ms, 1.5s, 3min, 4h, 2d";

/** Milliseconds, or undefined where the text is no span. */
export function spanMs(text: string): number | undefined {
  const match = SPAN.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
}
