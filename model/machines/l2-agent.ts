import { setup } from "xstate";

/**
 * The Open vSwitch agent of a node and the flows of its br-int. The flows outlive the agent, and are flushed whenever
 * an agent starts: until it has the ports' details from neutron-server nothing passes the bridge, not even for guests
 * that were wired before.
 */
export const l2Agent = setup({
  types: {
    events: {} as { type: "STARTED" } | { type: "PORTS_WIRED" } | { type: "STOPPED" } | { type: "NODE_LOST" },
  },
}).createMachine({
  id: "l2-agent",
  initial: "bare",
  states: {
    /** After a boot: a bridge without flows and no agent. */
    bare: { on: { STARTED: "flushed" } },
    flushed: { on: { PORTS_WIRED: "wired", STOPPED: "bare" } },
    wired: { on: { STOPPED: "unattended", STARTED: "flushed" } },
    /** Traffic passes for the ports that were wired; a new guest's port is not. */
    unattended: { on: { STARTED: "flushed" } },
  },
  on: { NODE_LOST: ".bare" },
});

export const events = [
  { type: "STARTED" },
  { type: "PORTS_WIRED" },
  { type: "STOPPED" },
  { type: "NODE_LOST" },
] as const;
