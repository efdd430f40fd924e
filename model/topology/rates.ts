import { z } from "zod";
import { SPAN_FORM, spanMs } from "./span-text.js";
import type { Place } from "./types.js";

/** A mean time: a span, or years as `12y`, `2.5y` and `3 years`. */
const span = z
  .string()
  .refine((text) => (meanSpanMs(text) ?? 0) > 0, { error: `expected ${SPAN_FORM}, or years: 12y` });

/** How often a fault strikes (`every`, the mean time between) and how long its repair takes; or that it never does. */
export const rateSchema = z.union([z.literal("never"), z.strictObject({ every: span, repair: span })], {
  error: "expected { every: 12y, repair: 8h }, or never",
});

/** A rate of the topology's own, with its place. What its key names is known to whoever knows the faults. */
export interface TopologyRate {
  readonly rate: z.output<typeof rateSchema>;
  readonly place: Place;
}

const YEAR_MS = 365.25 * 86_400_000;

/** Milliseconds; undefined where the text is no span. */
export function meanSpanMs(text: string): number | undefined {
  const found = /^(\d{1,6}(?:\.\d{1,3})?)\s?(?:y|years?)$/.exec(text);
  return found ? Number(found[1]) * YEAR_MS : spanMs(text);
}
