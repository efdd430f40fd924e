/** Closed finite models, XState machines and shared variables, searched exhaustively over tables. */

export { alone } from "./alone.js";
export { type CompiledModel, compileModel } from "./compile.js";
export {
  type Behaviour,
  type ClosedModel,
  type Condition,
  type Conditions,
  closedModel,
  each,
  type Facts,
  flag,
  type MachineFacts,
  type MachineHandle,
  oneOf,
  type Parts,
  type Rule,
  range,
  type State,
} from "./declare.js";
export { Expander, type Report, type Round, type Shared } from "./expander.js";
export { type BrokenPromise, type Exploration, explorationOf } from "./exploration.js";
export { exploreCompiled, exploreModel } from "./explore.js";
export { printExploration } from "./print.js";
export { Search, type SearchOptions } from "./search.js";
export type { ShownState, TraceStep } from "./trace.js";
