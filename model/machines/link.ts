import { setup } from "xstate";

/** A cable or an interface. `small-only`: frames of full size are dropped (an MTU that does not match), a ping passes. */
export type LinkEvent =
  | { type: "LINK_LOST" }
  | { type: "LINK_RESTORED" }
  | { type: "MTU_REDUCED" }
  | { type: "MTU_RESTORED" };

export const linkMachine = setup({ types: { events: {} as LinkEvent } }).createMachine({
  id: "link",
  initial: "up",
  states: {
    up: { on: { LINK_LOST: "down", MTU_REDUCED: "small-only" } },
    "small-only": { on: { LINK_LOST: "down", MTU_RESTORED: "up" } },
    down: { on: { LINK_RESTORED: "up" } },
  },
});

export const events: readonly LinkEvent[] = [
  { type: "LINK_LOST" },
  { type: "LINK_RESTORED" },
  { type: "MTU_REDUCED" },
  { type: "MTU_RESTORED" },
];
