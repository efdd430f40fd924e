import { setup } from "xstate";

/** A power feed: what hangs on it alone goes dark with it. */
export type PowerFeedEvent = { type: "FEED_LOST" } | { type: "FEED_RESTORED" };

export const powerFeedMachine = setup({ types: { events: {} as PowerFeedEvent } }).createMachine({
  id: "power-feed",
  initial: "on",
  states: { on: { on: { FEED_LOST: "off" } }, off: { on: { FEED_RESTORED: "on" } } },
});

export const events: readonly PowerFeedEvent[] = [{ type: "FEED_LOST" }, { type: "FEED_RESTORED" }];
