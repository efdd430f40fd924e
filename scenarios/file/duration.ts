import { z } from "zod";
import { SPAN_FORM, SPAN_PATTERN, spanMs } from "../../model/topology/span-text.js";

const EXPECTED = `expected ${SPAN_FORM}`;
const LONGEST_MS = 366 * 86_400_000;

/** `1500ms`, `30s`, `2.5m`, `1h30m` or `0` as whole milliseconds; undefined where it is no duration or longer than a year. */
export function parseDuration(text: string): number | undefined {
  const ms = text === "0" ? 0 : spanMs(text);
  return ms !== undefined && ms <= LONGEST_MS ? ms : undefined;
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
  .union([z.string().regex(SPAN_PATTERN, EXPECTED), z.literal(0)], EXPECTED)
  .transform((text, context) => {
    const ms = parseDuration(String(text));
    if (ms !== undefined) return ms;
    context.addIssue({
      code: "custom",
      message: text === "" ? EXPECTED : "a duration is at most a year",
    });
    return z.NEVER;
  })
  .describe("A duration with its unit: 1500ms, 30s, 5m, 1h30m.");
