import { setup } from "xstate";

/**
 * One haproxy process and the configuration it works with. It reads its file when it starts and when it is reloaded;
 * a file that does not parse keeps a stopped haproxy down and leaves a running one with the configuration it has
 * (`haproxy -c` in the init script; HAProxy's management guide, *Stopping and restarting HAProxy*).
 */
export const haproxy = setup({
  types: {
    events: {} as
      | { type: "STARTED" }
      | { type: "START_REFUSED" }
      | { type: "RELOADED" }
      | { type: "RELOAD_REFUSED" }
      | { type: "STOPPED" },
  },
}).createMachine({
  id: "haproxy",
  initial: "stopped",
  states: {
    stopped: { on: { STARTED: "serving", START_REFUSED: "refused" } },
    /** Started with a file that it cannot use. */
    refused: { on: { STARTED: "serving", STOPPED: "stopped", RELOADED: "serving" } },
    serving: { on: { RELOADED: "serving", RELOAD_REFUSED: "outdated", STOPPED: "stopped", START_REFUSED: "refused" } },
    /** Serves with its former configuration: the file that it was told to read is bad. */
    outdated: { on: { RELOADED: "serving", STARTED: "serving", STOPPED: "stopped", START_REFUSED: "refused" } },
  },
});

export const events = [
  { type: "STARTED" },
  { type: "START_REFUSED" },
  { type: "RELOADED" },
  { type: "RELOAD_REFUSED" },
  { type: "STOPPED" },
] as const;
