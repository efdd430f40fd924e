import fc from "fast-check";
import type { Topology } from "../../model/topology/types.js";
import { type Played, type RunOptions, run, type ScenarioData } from "../library/run.js";
import { ImpossibleStep } from "../runner/impossible-step.js";

/**
 * Plays a scenario that was generated; where a step finds nothing to act on when it comes to it (a unit to kill on a
 * node that is off), fast-check takes another one.
 */
export function runPossible(topology: Topology, scenario: ScenarioData, options: RunOptions = {}): Played {
  try {
    return run(topology, scenario, options);
  } catch (error) {
    fc.pre(!(error instanceof ImpossibleStep));
    throw error;
  }
}
