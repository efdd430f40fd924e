import { setup } from "xstate";

/**
 * A database directory on storage that outlives its writers. `dirty`: its last writer died, the next one recovers
 * first. `corrupt` stays until somebody restores it.
 */
export type DatadirEvent =
  | { type: "WRITER_OPENED" }
  | { type: "WRITER_CLOSED" }
  | { type: "WRITER_DIED" }
  | { type: "TWO_WRITERS" }
  | { type: "DATA_RESTORED" };

export const datadirMachine = setup({ types: { events: {} as DatadirEvent } }).createMachine({
  id: "datadir",
  initial: "clean",
  states: {
    clean: { on: { WRITER_OPENED: "open", TWO_WRITERS: "corrupt" } },
    open: { on: { WRITER_CLOSED: "clean", WRITER_DIED: "dirty", TWO_WRITERS: "corrupt" } },
    dirty: { on: { WRITER_OPENED: "open", TWO_WRITERS: "corrupt" } },
    corrupt: { on: { DATA_RESTORED: "clean" } },
  },
});

export const events: readonly DatadirEvent[] = [
  { type: "WRITER_OPENED" },
  { type: "WRITER_CLOSED" },
  { type: "WRITER_DIED" },
  { type: "TWO_WRITERS" },
  { type: "DATA_RESTORED" },
];
