import { SAFETY_NAMES } from "../../model/promises/index.js";

/** A service or journey is served again by itself, some time after the last fault. Followed by `/` and its name. */
export const SERVED_AGAIN = "served-again";
/** It was not out for longer than the budget. Followed by `/` and its name. */
export const WITHIN_BUDGET = "within-budget";
/** With every fault healed, every cluster started and failures cleaned up, everything is served and settled. */
export const WORKS_ONCE_REPAIRED = "works-once-repaired";

/** Every promise that exploration watches, for people who choose among them. */
export const EXPLORED_PROMISES: readonly string[] = [
  ...SAFETY_NAMES,
  SERVED_AGAIN,
  WITHIN_BUDGET,
  WORKS_ONCE_REPAIRED,
].sort();

/** Whether a promise is among the chosen ones: by its name, or by the family that it belongs to. */
export function isChosen(promise: string, chosen: readonly string[]): boolean {
  return chosen.length === 0 || chosen.some((one) => promise === one || promise.startsWith(`${one}/`));
}
