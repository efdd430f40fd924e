/** Closed finite models, XState machines and shared variables, searched exhaustively over tables. */

export { type AloneModel, alone } from "./alone.js";
export { type CompiledModel, compileModel } from "./compile.js";
export {
  type ClosedModel,
  type Condition,
  type Conditions,
  closedModel,
  each,
  type Facts,
  flag,
  type MachineFacts,
  type MachineHandle,
  type Machines,
  oneOf,
  type Rule,
  range,
  type State,
  type Variables,
} from "./declare.js";
export { Expander, type Report, type Round, type Shared } from "./expander.js";
export { type BrokenPromise, type Exploration, explorationOf } from "./exploration.js";
export { exploreCompiled, exploreModel } from "./explore.js";
export { printExploration } from "./print.js";
export { Search, type SearchOptions } from "./search.js";
export type { ShownState, TraceStep } from "./trace.js";
