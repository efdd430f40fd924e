import { setup } from "xstate";

/**
 * One mysqld process: redo and roll-back in `recovering`, connections in `ready`. Where its files are (`shared` or the
 * empty directory under an absent mount) and whether they answer are data beside it.
 */
export type MysqldEvent =
  | { type: "MYSQLD_STARTED" }
  | { type: "MYSQLD_READY" }
  | { type: "MYSQLD_TOLD_TO_STOP" }
  | { type: "MYSQLD_STOPPED" }
  | { type: "MYSQLD_ABORTED" }
  | { type: "MYSQLD_KILLED" }
  | { type: "NODE_LOST" };

export const mysqldMachine = setup({ types: { events: {} as MysqldEvent } }).createMachine({
  id: "mysqld",
  initial: "stopped",
  states: {
    stopped: { on: { MYSQLD_STARTED: "recovering" } },
    recovering: {
      on: {
        MYSQLD_READY: "ready",
        MYSQLD_ABORTED: "failed",
        MYSQLD_KILLED: "stopped",
        MYSQLD_TOLD_TO_STOP: "stopping",
        NODE_LOST: "stopped",
      },
    },
    ready: {
      on: {
        MYSQLD_ABORTED: "failed",
        MYSQLD_KILLED: "stopped",
        MYSQLD_TOLD_TO_STOP: "stopping",
        NODE_LOST: "stopped",
      },
    },
    stopping: { on: { MYSQLD_STOPPED: "stopped", MYSQLD_KILLED: "stopped", NODE_LOST: "stopped" } },
    failed: { on: { MYSQLD_STARTED: "recovering", MYSQLD_KILLED: "stopped", NODE_LOST: "stopped" } },
  },
});

export const events: readonly MysqldEvent[] = [
  { type: "MYSQLD_STARTED" },
  { type: "MYSQLD_READY" },
  { type: "MYSQLD_TOLD_TO_STOP" },
  { type: "MYSQLD_STOPPED" },
  { type: "MYSQLD_ABORTED" },
  { type: "MYSQLD_KILLED" },
  { type: "NODE_LOST" },
];
