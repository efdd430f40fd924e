import { assign, setup } from "xstate";

/**
 * A fence device as one cluster uses it: at rest, asked but waiting out a delay, or with an agent at work. Two nodes
 * may want it at once (both halves of a partition reach the controller), so it counts who asked. How the last use
 * ended stays visible.
 */
export type FenceDeviceEvent =
  | { type: "FENCE_REQUESTED" }
  | { type: "AGENT_STARTED" }
  | { type: "ATTEMPT_FAILED" }
  | { type: "FENCE_SUCCEEDED" }
  | { type: "FENCE_FAILED" }
  /** Nobody waits for it any more: who asked is gone. */
  | { type: "FENCE_ABANDONED" };

export interface FenceDeviceContext {
  /** Requests under way. */
  readonly users: number;
  readonly last: "unused" | "succeeded" | "failed" | "abandoned";
}

const USERS_MAX = 16;

export const fenceDevice = setup({
  types: { context: {} as FenceDeviceContext, events: {} as FenceDeviceEvent },
  guards: {
    lastUser: ({ context }) => context.users <= 1,
    tooMany: ({ context }) => context.users >= USERS_MAX,
  },
  actions: {
    enter: assign({ users: ({ context }) => context.users + 1 }),
    leave: assign({ users: ({ context }) => Math.max(0, context.users - 1) }),
    rememberSuccess: assign({ last: "succeeded" }),
    rememberFailure: assign({ last: "failed" }),
    rememberAbandoned: assign({ last: "abandoned" }),
  },
}).createMachine({
  id: "fence-device",
  context: { users: 0, last: "unused" },
  initial: "ready",
  states: {
    ready: { on: { FENCE_REQUESTED: { target: "requested", actions: "enter" } } },
    requested: {
      on: {
        FENCE_REQUESTED: [{ guard: "tooMany" }, { actions: "enter" }],
        AGENT_STARTED: "fencing",
        FENCE_FAILED: [
          { guard: "lastUser", target: "ready", actions: ["leave", "rememberFailure"] },
          { actions: ["leave", "rememberFailure"] },
        ],
        FENCE_ABANDONED: [
          { guard: "lastUser", target: "ready", actions: ["leave", "rememberAbandoned"] },
          { actions: ["leave", "rememberAbandoned"] },
        ],
      },
    },
    fencing: {
      on: {
        FENCE_REQUESTED: [{ guard: "tooMany" }, { actions: "enter" }],
        ATTEMPT_FAILED: "requested",
        FENCE_SUCCEEDED: [
          { guard: "lastUser", target: "ready", actions: ["leave", "rememberSuccess"] },
          { actions: ["leave", "rememberSuccess"] },
        ],
        FENCE_FAILED: [
          { guard: "lastUser", target: "ready", actions: ["leave", "rememberFailure"] },
          { actions: ["leave", "rememberFailure"] },
        ],
        FENCE_ABANDONED: [
          { guard: "lastUser", target: "ready", actions: ["leave", "rememberAbandoned"] },
          { actions: ["leave", "rememberAbandoned"] },
        ],
      },
    },
  },
});

export const events: readonly FenceDeviceEvent[] = [
  { type: "FENCE_REQUESTED" },
  { type: "AGENT_STARTED" },
  { type: "ATTEMPT_FAILED" },
  { type: "FENCE_SUCCEEDED" },
  { type: "FENCE_FAILED" },
  { type: "FENCE_ABANDONED" },
];
