/** The library: load a topology, read scenarios, play them, read what came of it. */

export { scheduler } from "../model/cluster/scheduler/index.js";
export { InputError } from "../model/errors.js";
export { Run, type TraceEntry, World } from "../model/kernel/index.js";
export type { Topology } from "../model/topology/types.js";
export { buildTwin, type Twin } from "../model/twin/twin.js";
export type { PromiseResult, RunRecord, Verdict, VerdictKind } from "../model/verdict/types.js";
export { discoverScenarios, readScenarioFile } from "./discover.js";
export { crmSimulate } from "./engines/crm-simulate.js";
export { type ExploreSettings, explore } from "./explore/explore.js";
export type { ExplorationReport } from "./explore/report.js";
export type { Fault, OperatorAction } from "./faults/fault.js";
export { faults } from "./faults/index.js";
export { checkNames } from "./file/check-names.js";
export { scenarioJsonSchema } from "./file/json-schema.js";
export { readScenario, type Scenario, scenarioFromData } from "./file/read-scenario.js";
export { operatorActions } from "./operator/index.js";
export { type Baseline, compareWithBaseline, type Regression, readBaseline } from "./records/baseline.js";
export { decodeReplay, encodeReplay, type Replay } from "./records/replay-token.js";
export { applyWaivers, readWaivers, type Waiver } from "./records/waivers.js";
export { type Replayed, replayToken } from "./replay.js";
export { type RunSettings, runScenarios, runWithoutScenario, Twins } from "./run.js";
export { type SettledTwin, settle } from "./runner/prepare.js";
export { runScenario, type ScenarioRun } from "./runner/run-scenario.js";
export { loadTopology } from "./topology-files.js";
