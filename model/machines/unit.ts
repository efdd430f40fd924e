import { setup } from "xstate";

/**
 * A service as init knows it: `starting` until its script returns, `loading` until it answers, `running`.
 * `hung`: the process is there (its status says running) and answers nobody. `failed`: its last start failed.
 */
export type UnitEvent =
  | { type: "UNIT_START_BEGUN" }
  | { type: "UNIT_SCRIPT_RETURNED" }
  | { type: "UNIT_READY" }
  | { type: "UNIT_START_FAILED" }
  | { type: "UNIT_STOP_BEGUN" }
  | { type: "UNIT_STOPPED" }
  | { type: "UNIT_KILLED" }
  | { type: "UNIT_HUNG" }
  | { type: "UNIT_RESUMED" }
  | { type: "NODE_LOST" };

export const unitMachine = setup({ types: { events: {} as UnitEvent } }).createMachine({
  id: "unit",
  initial: "stopped",
  states: {
    stopped: { on: { UNIT_START_BEGUN: "starting" } },
    starting: {
      on: {
        UNIT_SCRIPT_RETURNED: "loading",
        UNIT_READY: "running",
        UNIT_START_FAILED: "failed",
        UNIT_KILLED: "stopped",
        UNIT_STOP_BEGUN: "stopping",
        NODE_LOST: "stopped",
      },
    },
    loading: {
      on: {
        UNIT_READY: "running",
        UNIT_KILLED: "stopped",
        UNIT_HUNG: "hung",
        UNIT_STOP_BEGUN: "stopping",
        NODE_LOST: "stopped",
      },
    },
    running: {
      on: { UNIT_KILLED: "stopped", UNIT_HUNG: "hung", UNIT_STOP_BEGUN: "stopping", NODE_LOST: "stopped" },
    },
    hung: {
      on: { UNIT_KILLED: "stopped", UNIT_RESUMED: "running", UNIT_STOP_BEGUN: "stopping", NODE_LOST: "stopped" },
    },
    stopping: { on: { UNIT_STOPPED: "stopped", UNIT_KILLED: "stopped", NODE_LOST: "stopped" } },
    failed: { on: { UNIT_START_BEGUN: "starting", UNIT_STOP_BEGUN: "stopping", NODE_LOST: "stopped" } },
  },
});

export const events: readonly UnitEvent[] = [
  { type: "UNIT_START_BEGUN" },
  { type: "UNIT_SCRIPT_RETURNED" },
  { type: "UNIT_READY" },
  { type: "UNIT_START_FAILED" },
  { type: "UNIT_STOP_BEGUN" },
  { type: "UNIT_STOPPED" },
  { type: "UNIT_KILLED" },
  { type: "UNIT_HUNG" },
  { type: "UNIT_RESUMED" },
  { type: "NODE_LOST" },
];
