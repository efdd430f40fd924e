import { setup } from "xstate";

/**
 * A BMC or vCenter as its clients meet it. How slow it is, and whom it hits when `misdirected`, are data beside it.
 * Power and cables are not its own affair: a healthy one may be out of reach.
 */
export type PowerControllerEvent =
  | { type: "CONTROLLER_DIED" }
  | { type: "CREDENTIALS_REFUSED" }
  | { type: "CONTROLLER_LIED" }
  | { type: "CONTROLLER_SLOWED" }
  | { type: "HOST_MAP_MISDIRECTED" }
  | { type: "CONTROLLER_MENDED" };

export const powerControllerMachine = setup({ types: { events: {} as PowerControllerEvent } }).createMachine({
  id: "power-controller",
  initial: "works",
  on: {
    CONTROLLER_DIED: ".dead",
    CREDENTIALS_REFUSED: ".refuses",
    CONTROLLER_LIED: ".lies",
    CONTROLLER_SLOWED: ".slow",
    HOST_MAP_MISDIRECTED: ".misdirected",
    CONTROLLER_MENDED: ".works",
  },
  states: { works: {}, dead: {}, refuses: {}, lies: {}, slow: {}, misdirected: {} },
});

export const events: readonly PowerControllerEvent[] = [
  { type: "CONTROLLER_DIED" },
  { type: "CREDENTIALS_REFUSED" },
  { type: "CONTROLLER_LIED" },
  { type: "CONTROLLER_SLOWED" },
  { type: "HOST_MAP_MISDIRECTED" },
  { type: "CONTROLLER_MENDED" },
];
