import { setup } from "xstate";

/** What an agent that has no model of its own keeps on a node: a thing that is stopped, started or promoted. */
export type ProcessEvent =
  | { type: "PROCESS_STARTED" }
  | { type: "PROCESS_STOPPED" }
  | { type: "PROCESS_PROMOTED" }
  | { type: "PROCESS_DEMOTED" }
  | { type: "PROCESS_KILLED" }
  | { type: "NODE_LOST" };

export const processMachine = setup({ types: { events: {} as ProcessEvent } }).createMachine({
  id: "process",
  initial: "stopped",
  states: {
    stopped: { on: { PROCESS_STARTED: "started" } },
    started: {
      on: { PROCESS_STOPPED: "stopped", PROCESS_KILLED: "stopped", PROCESS_PROMOTED: "promoted", NODE_LOST: "stopped" },
    },
    promoted: {
      on: { PROCESS_STOPPED: "stopped", PROCESS_KILLED: "stopped", PROCESS_DEMOTED: "started", NODE_LOST: "stopped" },
    },
  },
});

export const events: readonly ProcessEvent[] = [
  { type: "PROCESS_STARTED" },
  { type: "PROCESS_STOPPED" },
  { type: "PROCESS_PROMOTED" },
  { type: "PROCESS_DEMOTED" },
  { type: "PROCESS_KILLED" },
  { type: "NODE_LOST" },
];
