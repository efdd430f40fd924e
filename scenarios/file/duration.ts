import { z } from "zod";

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);
const PART = /(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)/g;
const FORM = /^((\d{1,9}(\.\d{1,3})?(ms|s|m|h|d)){1,5}|0)$/;
const LONGEST_MS = 366 * 86_400_000;

/** `1500ms`, `30s`, `2.5m`, `1h30m` as whole milliseconds; undefined where it is no duration or longer than a year. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!FORM.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PART)) ms += Math.round(Number(amount) * UNITS_MS.get(unit!)!);
  return ms <= LONGEST_MS ? ms : undefined;
}

/** Milliseconds as a person would write them: `1500ms`, `30s`, `5m`, `1h30m`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "forever";
  if (ms === 0) return "0s";
  if (ms < 1_000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  return [hours > 0 && `${hours}h`, minutes > 0 && `${minutes}m`, seconds > 0 && `${seconds}s`]
    .filter((part) => part !== false)
    .join("");
}

/** A duration in a file: text with its unit, read as milliseconds. */
export const duration = z
  .union([z.string().regex(FORM, "expected a duration with its unit, like 30s or 1h30m"), z.literal(0)])
  .transform((text, context) => {
    const ms = parseDuration(String(text));
    if (ms !== undefined) return ms;
    context.addIssue({ code: "custom", message: "a duration is at most a year" });
    return z.NEVER;
  })
  .describe("A duration with its unit: 1500ms, 30s, 5m, 1h.");
