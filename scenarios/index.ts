/** The library `fencepost`: load a topology, play a scenario on it, search it for what breaks, play a token again. */

export { InputError } from "../model/errors.js";
export type { TraceEntry } from "../model/kernel/index.js";
export type { Topology } from "../model/topology/types.js";
export type { PromiseResult, Verdict, VerdictKind } from "../model/verdict/types.js";
export type { ExplorationReport } from "./explore/report.js";
export { faults } from "./faults/index.js";
export type { Engine } from "./library/engine.js";
export { type ExploreOptions, explore } from "./library/explore.js";
export { replay } from "./library/replay.js";
export {
  type FaultStep,
  type HealStep,
  type OperatorStep,
  type Played,
  type RunOptions,
  run,
  type ScenarioData,
  type TimelineStep,
} from "./library/run.js";
export { loadTopology } from "./library/topology.js";
export { operatorActions } from "./operator/index.js";
export { ImpossibleStep } from "./runner/impossible-step.js";
export { TopologyErrors } from "./topology-errors.js";
