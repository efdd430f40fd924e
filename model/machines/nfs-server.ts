import { setup } from "xstate";

/** The NFS service of a node as its clients see it: `silent` while its node is down, frozen or the service hangs. */
export type NfsServerEvent = { type: "SERVER_ANSWERED" } | { type: "SERVER_SILENCED" } | { type: "SERVER_STOPPED" };

export const nfsServerMachine = setup({ types: { events: {} as NfsServerEvent } }).createMachine({
  id: "nfs-server",
  initial: "stopped",
  states: {
    stopped: { on: { SERVER_ANSWERED: "serving", SERVER_SILENCED: "silent" } },
    serving: { on: { SERVER_STOPPED: "stopped", SERVER_SILENCED: "silent" } },
    silent: { on: { SERVER_ANSWERED: "serving", SERVER_STOPPED: "stopped" } },
  },
});

export const events: readonly NfsServerEvent[] = [
  { type: "SERVER_ANSWERED" },
  { type: "SERVER_SILENCED" },
  { type: "SERVER_STOPPED" },
];
