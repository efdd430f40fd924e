import { setup } from "xstate";

/** A switch or router as a box: forwards or does not. Whether it has power is its feeds' affair. */
export type SwitchEvent = { type: "SWITCH_LOST" } | { type: "SWITCH_RESTORED" };

export const switchMachine = setup({ types: { events: {} as SwitchEvent } }).createMachine({
  id: "switch",
  initial: "up",
  states: { up: { on: { SWITCH_LOST: "down" } }, down: { on: { SWITCH_RESTORED: "up" } } },
});

export const events: readonly SwitchEvent[] = [{ type: "SWITCH_LOST" }, { type: "SWITCH_RESTORED" }];
