/** `fencepost/packed`: declare a closed finite model, and search all of its states. */

export {
  alone,
  type Behaviour,
  type BrokenPromise,
  type ClosedModel,
  type Condition,
  type Conditions,
  closedModel,
  type Exploration,
  each,
  exploreModel,
  type Facts,
  flag,
  type MachineFacts,
  type MachineHandle,
  oneOf,
  type Parts,
  printExploration,
  type Rule,
  range,
  type SearchOptions,
  type ShownState,
  type State,
  type TraceStep,
} from "../../model/packed/index.js";
export { exploreWithWorkers } from "./explore-with-workers.js";
