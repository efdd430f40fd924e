import type { Topology } from "../../model/topology/types.js";
import { type ExploreSettings, explore as search } from "../explore/explore.js";
import type { ExplorationReport } from "../explore/report.js";
import { VERSION } from "../version.js";
import { type Engine, schedulerOf } from "./engine.js";

export interface ExploreOptions extends Omit<ExploreSettings, "scheduler" | "version" | "faults" | "everything"> {
  /** How many faults may strike in one timeline, 1 to 4. The default is 1. */
  readonly faults?: number;
  readonly engine?: Engine;
}

/**
 * Searches every combination of up to so many faults, at every moment of the recovery that makes a difference, for
 * broken promises. The report has each with its shortest counterexample and a replay token, single points of failure,
 * cut sets and the worst outages. Same topology, options and version: same report. Throws InputError for options that
 * fit nothing.
 *
 * @example
 * const { verdict, counterexamples } = await explore(topology, { faults: 2, promises: ["one-writer"] });
 */
export function explore(topology: Topology, options: ExploreOptions = {}): Promise<ExplorationReport> {
  const { engine, faults = 1, ...settings } = options;
  return search(topology, { ...settings, faults, scheduler: schedulerOf(engine), version: VERSION });
}
