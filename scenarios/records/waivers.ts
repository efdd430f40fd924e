import { z } from "zod";
import { InputError } from "../../model/errors.js";
import type { Verdict } from "../../model/verdict/types.js";
import { checkAgainst, parseYamlText } from "../file/yaml-text.js";

const waiver = z.strictObject({
  scenario: z.string().min(1),
  reason: z.string().min(1).max(500),
  owner: z.string().min(1).max(200),
  expires: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, "a date is YYYY-MM-DD")
    .describe("The last day it holds."),
});

/** A reviewed file of known failures and unknowns. */
export const waiversSchema = z.strictObject({ waivers: z.array(waiver).max(10_000) });

export type Waiver = z.output<typeof waiver>;

/** Reads a waivers file. Throws InputError; a waiver for a scenario that does not exist is one. */
export function readWaivers(text: string, file: string, scenarios: readonly string[]): readonly Waiver[] {
  const yaml = parseYamlText(text, file);
  const { waivers } = checkAgainst(waiversSchema, yaml.value, yaml);
  for (const [i, { scenario, expires }] of waivers.entries()) {
    if (!scenarios.includes(scenario))
      throw new InputError({
        file,
        line: yaml.lineOf(["waivers", i, "scenario"]),
        message: "a waiver for an unknown scenario",
        value: scenario,
        known: scenarios,
        knownAs: "scenarios",
      });
    if (Number.isNaN(Date.parse(`${expires}T00:00:00Z`)) || !isCalendarDay(expires))
      throw new InputError({
        file,
        line: yaml.lineOf(["waivers", i, "expires"]),
        message: "no such day",
        value: expires,
      });
  }
  return waivers;
}

/**
 * Marks what is waived. A waiver that has expired before `today` (YYYY-MM-DD) waives nothing and makes its scenario
 * fail, also where it would pass: somebody promised to look at it by then.
 */
export function applyWaivers(
  verdicts: readonly Verdict[],
  waivers: readonly Waiver[],
  today: string,
): readonly Verdict[] {
  return verdicts.map((verdict) => {
    const waiver = waivers.find(({ scenario }) => scenario === verdict.name);
    if (!waiver) return verdict;
    const { reason, owner, expires } = waiver;
    if (expires < today) {
      const because = `the waiver of ${owner} expired on ${expires} (${reason}); ${verdict.because}`;
      return { ...verdict, verdict: "fail", because };
    }
    return verdict.verdict === "pass" ? verdict : { ...verdict, waived: { reason, owner, expires } };
  });
}

function isCalendarDay(text: string): boolean {
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
