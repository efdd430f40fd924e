import { setup } from "xstate";

/** A SAN LUN: whether its hosts see it. */
export type LunEvent = { type: "LUN_LOST" } | { type: "LUN_RESTORED" };

export const lunMachine = setup({ types: { events: {} as LunEvent } }).createMachine({
  id: "lun",
  initial: "available",
  states: { available: { on: { LUN_LOST: "lost" } }, lost: { on: { LUN_RESTORED: "available" } } },
});

export const events: readonly LunEvent[] = [{ type: "LUN_LOST" }, { type: "LUN_RESTORED" }];
