/** `fencepost/fast-check`: arbitraries of what can go wrong, which shrink to what an operator can read. */

export { type FaultScheduleOptions, faultSchedule } from "./fault-schedule.js";
export { LiveTwin } from "./live-twin.js";
export { type TwinCommandOptions, type TwinModel, twinCommands, twinSetup } from "./model-run.js";
export { type OperatorActionOptions, operatorActions } from "./operator-actions.js";
export { runPossible } from "./run-possible.js";
export { type RunbookMutation, runbookMutation } from "./runbook-mutation.js";
export { type SmallTopology, smallTopology } from "./small-topology.js";
