import { setup } from "xstate";

/**
 * A DHCP or L3 agent's process. At its start it asks neutron-server, through the message bus, for all it has to set
 * up; where that fails it tries again every `resync_interval`. What it has set up stays when the process ends.
 */
export const neutronAgent = setup({
  types: {
    events: {} as { type: "STARTED" } | { type: "SYNCED" } | { type: "SYNC_FAILED" } | { type: "STOPPED" },
  },
}).createMachine({
  id: "neutron-agent",
  initial: "stopped",
  states: {
    stopped: { on: { STARTED: "syncing" } },
    syncing: { on: { SYNCED: "synced", STOPPED: "stopped", STARTED: "syncing" } },
    synced: { on: { SYNC_FAILED: "syncing", STOPPED: "stopped", STARTED: "syncing" } },
  },
});

export const events = [{ type: "STARTED" }, { type: "SYNCED" }, { type: "SYNC_FAILED" }, { type: "STOPPED" }] as const;
