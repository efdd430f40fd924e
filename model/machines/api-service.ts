import { setup } from "xstate";

/**
 * One OpenStack service on one node, as those see it who use it. Its process comes and goes with its unit; whether it
 * can do its work is decided by what it needs (database, message bus, keystone, a file system). OpenStack's services
 * start without what they need and go on without it: they answer with errors, they do not exit.
 */
export const apiService = setup({
  types: {
    events: {} as
      | { type: "PROCESS_STARTED"; needsMet: boolean }
      | { type: "PROCESS_GONE" }
      | { type: "PROCESS_HUNG" }
      | { type: "NEEDS_MET" }
      | { type: "NEED_LOST" },
  },
  guards: { atOnce: ({ event }) => event.type === "PROCESS_STARTED" && event.needsMet },
}).createMachine({
  id: "api-service",
  initial: "stopped",
  states: {
    stopped: { on: { PROCESS_STARTED: [{ guard: "atOnce", target: "serving" }, { target: "degraded" }] } },
    /** Runs and answers, with errors: something that it needs is missing. */
    degraded: { on: { NEEDS_MET: "serving", PROCESS_GONE: "stopped", PROCESS_HUNG: "hung" } },
    serving: { on: { NEED_LOST: "degraded", PROCESS_GONE: "stopped", PROCESS_HUNG: "hung" } },
    /** Takes connections (the kernel does) and never answers. */
    hung: {
      on: {
        PROCESS_STARTED: [{ guard: "atOnce", target: "serving" }, { target: "degraded" }],
        PROCESS_GONE: "stopped",
      },
    },
  },
});

export const events = [
  { type: "PROCESS_STARTED", needsMet: true },
  { type: "PROCESS_STARTED", needsMet: false },
  { type: "PROCESS_GONE" },
  { type: "PROCESS_HUNG" },
  { type: "NEEDS_MET" },
  { type: "NEED_LOST" },
] as const;
