import { assign, setup } from "xstate";

/**
 * A node, physical or virtual: from power to running its units. It executes code in `up` and `shutting-down` alone.
 * `frozen` keeps its memory and executes nothing; it remembers what it was doing.
 */
export type NodeEvent =
  | { type: "NODE_POWERED_ON" }
  | { type: "NODE_BOOTED" }
  | { type: "NODE_LOST" }
  | { type: "NODE_FROZEN" }
  | { type: "NODE_THAWED" }
  | { type: "SHUTDOWN_BEGUN"; afterwards: "off" | "reboot" }
  | { type: "SHUTDOWN_FINISHED" };

export interface NodeContext {
  /** What follows a shutdown. */
  readonly afterwards: "off" | "reboot";
  /** It was frozen while shutting down. */
  readonly wasShuttingDown: boolean;
}

export const nodeMachine = setup({
  types: { context: {} as NodeContext, events: {} as NodeEvent },
  guards: { wasShuttingDown: ({ context }) => context.wasShuttingDown },
  actions: {
    rememberWhatFollows: assign(({ event }) =>
      event.type === "SHUTDOWN_BEGUN" ? { afterwards: event.afterwards } : {},
    ),
    rememberShuttingDown: assign({ wasShuttingDown: true }),
    forgetFreeze: assign({ wasShuttingDown: false }),
    forget: assign({ afterwards: "off", wasShuttingDown: false }),
  },
}).createMachine({
  id: "node",
  context: { afterwards: "off", wasShuttingDown: false },
  initial: "off",
  states: {
    off: { on: { NODE_POWERED_ON: "booting" } },
    booting: { on: { NODE_BOOTED: "up", NODE_LOST: "off" } },
    up: {
      on: {
        NODE_LOST: "off",
        NODE_FROZEN: "frozen",
        SHUTDOWN_BEGUN: { target: "shutting-down", actions: "rememberWhatFollows" },
      },
    },
    "shutting-down": {
      on: {
        NODE_LOST: { target: "off", actions: "forget" },
        NODE_FROZEN: { target: "frozen", actions: "rememberShuttingDown" },
        SHUTDOWN_FINISHED: { target: "off", actions: "forget" },
      },
    },
    frozen: {
      on: {
        NODE_LOST: { target: "off", actions: "forget" },
        NODE_THAWED: [{ guard: "wasShuttingDown", target: "shutting-down", actions: "forgetFreeze" }, { target: "up" }],
      },
    },
  },
});

export const events: readonly NodeEvent[] = [
  { type: "NODE_POWERED_ON" },
  { type: "NODE_BOOTED" },
  { type: "NODE_LOST" },
  { type: "NODE_FROZEN" },
  { type: "NODE_THAWED" },
  { type: "SHUTDOWN_BEGUN", afterwards: "off" },
  { type: "SHUTDOWN_BEGUN", afterwards: "reboot" },
  { type: "SHUTDOWN_FINISHED" },
];
