import { setup } from "xstate";

/** A hypervisor (ESX host). Its machines are lost with it; it starts those that were on when it has booted. */
export type HypervisorEvent =
  | { type: "HYPERVISOR_LOST" }
  | { type: "HYPERVISOR_POWERED_ON" }
  | { type: "HYPERVISOR_BOOTED" };

export const hypervisorMachine = setup({ types: { events: {} as HypervisorEvent } }).createMachine({
  id: "hypervisor",
  initial: "up",
  states: {
    up: { on: { HYPERVISOR_LOST: "off" } },
    off: { on: { HYPERVISOR_POWERED_ON: "booting" } },
    booting: { on: { HYPERVISOR_BOOTED: "up", HYPERVISOR_LOST: "off" } },
  },
});

export const events: readonly HypervisorEvent[] = [
  { type: "HYPERVISOR_LOST" },
  { type: "HYPERVISOR_POWERED_ON" },
  { type: "HYPERVISOR_BOOTED" },
];
