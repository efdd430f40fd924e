import { readSteps, type Step } from "../../file/read-scenario.js";
import type { Runbook } from "../page/runbook.js";

/** What came before the first step, under a name: the page's own, and those of its matrix. */
export interface Start {
  readonly name: string;
  readonly before: readonly Step[];
}

/** The page's own start first. Throws InputError. */
export function startsOf({ front, yaml, before }: Runbook): readonly Start[] {
  const others = Object.entries(front.matrix.before).map(([name, list]) => ({
    name,
    before: readSteps(list, yaml, ["matrix", "before", name]),
  }));
  return [{ name: "as written", before }, ...others];
}
