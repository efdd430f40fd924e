import { setup } from "xstate";

/**
 * How a nova-compute, a cinder-volume or a Neutron agent looks to its controllers: it reports every few seconds
 * through the message bus, and after `service_down_time` (`agent_down_time`) without a report nothing is given to it.
 */
export const reportingAgent = setup({
  types: {
    events: {} as { type: "REPORTED" } | { type: "REPORT_MISSED" } | { type: "DOWN_TIME_PASSED" },
  },
}).createMachine({
  id: "reporting-agent",
  initial: "unknown",
  states: {
    unknown: { on: { REPORTED: "alive" } },
    alive: { on: { REPORT_MISSED: "silent" } },
    /** Reports are missing; still counted as up. */
    silent: { on: { REPORTED: "alive", DOWN_TIME_PASSED: "down" } },
    down: { on: { REPORTED: "alive" } },
  },
});

export const events = [{ type: "REPORTED" }, { type: "REPORT_MISSED" }, { type: "DOWN_TIME_PASSED" }] as const;
