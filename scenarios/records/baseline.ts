import { z } from "zod";
import { InputError } from "../../model/errors.js";
import type { Verdict } from "../../model/verdict/types.js";

/**
 * An earlier run to hold a new one against: the output of `run --reporter json`, of which only these parts are read.
 */
const baselineSchema = z.looseObject({
  scenarios: z.array(
    z.looseObject({
      name: z.string(),
      recoveryMs: z.number().nonnegative().optional(),
      outagesMs: z.record(z.string(), z.number().nonnegative()).default({}),
    }),
  ),
});

export type Baseline = z.output<typeof baselineSchema>;

/** What grew: a recovery or an outage, in milliseconds. */
export interface Regression {
  readonly scenario: string;
  /** `recovery`, or the name of the service or journey. */
  readonly what: string;
  readonly beforeMs: number;
  readonly nowMs: number;
}

const CHARACTERS_MAX = 50_000_000;

/** Throws InputError. */
export function readBaseline(text: string, file: string): Baseline {
  if (text.length > CHARACTERS_MAX) throw new InputError({ file, line: 0, message: "the file is too long" });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError({ file, line: 1, message: `no JSON: ${error instanceof Error ? error.message : error}` });
  }
  const result = baselineSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new InputError({
    file,
    line: 1,
    message: `${issue.message} at ${issue.path.map(String).join(".") || "the top"}`,
  });
}

/** Every recovery or outage that is longer than the baseline's. A recovery that was and is no more counts as endless. */
export function compareWithBaseline(verdicts: readonly Verdict[], baseline: Baseline): readonly Regression[] {
  const earlier = new Map(baseline.scenarios.map((scenario) => [scenario.name, scenario]));
  const grown: Regression[] = [];
  for (const verdict of verdicts) {
    const before = earlier.get(verdict.name);
    if (!before) continue;
    const nowMs = verdict.recoveryMs ?? Number.POSITIVE_INFINITY;
    if (before.recoveryMs !== undefined && nowMs > before.recoveryMs)
      grown.push({ scenario: verdict.name, what: "recovery", beforeMs: before.recoveryMs, nowMs });
    for (const [what, outageMs] of Object.entries(verdict.outagesMs)) {
      const beforeMs = Object.hasOwn(before.outagesMs, what) ? before.outagesMs[what]! : 0;
      if (outageMs > beforeMs) grown.push({ scenario: verdict.name, what, beforeMs, nowMs: outageMs });
    }
  }
  return grown;
}
