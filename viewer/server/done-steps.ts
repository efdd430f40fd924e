import type { Scenario } from "../../scenarios/file/read-scenario.js";
import type { DoneStep } from "../page/live-data.js";

/** A step as a scenario's timeline has it, at its moment. */
export interface Placed {
  readonly atMs: number;
  readonly label: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** What was done, in words; `scenario` is that of the same steps. */
export function doneSteps(steps: readonly Placed[], scenario: Scenario): readonly DoneStep[] {
  const words = new Map<string, string>();
  return steps.map(({ atMs, label, document }, i): DoneStep => {
    const { at: _, as: __, heal, ...rest } = document;
    const step = scenario.steps[i];
    const text =
      step?.kind === "operator"
        ? step.action.command(step.params as never)
        : heal === undefined
          ? Object.values(rest).flat().join(" ")
          : `heal ${words.get(String(heal)) ?? String(heal)}`;
    words.set(label, text);
    const isHealed = steps.some((other) => other.document["heal"] === label);
    return { atMs, label, text, inForce: document["fault"] !== undefined && !isHealed };
  });
}
