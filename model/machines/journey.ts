import { setup } from "xstate";

/**
 * A service or a user journey as its users find it: every request is answered, some are slow (a load balancer tries a
 * dead server first), some fail, or none is answered.
 */
export const journey = setup({
  types: {
    events: {} as { type: "SERVED" } | { type: "SLOW" } | { type: "PARTLY_SERVED" } | { type: "NOT_SERVED" },
  },
}).createMachine({
  id: "journey",
  initial: "unknown",
  states: { unknown: {}, served: {}, slow: {}, "partly-served": {}, "not-served": {} },
  on: { SERVED: ".served", SLOW: ".slow", PARTLY_SERVED: ".partly-served", NOT_SERVED: ".not-served" },
});

export const events = [
  { type: "SERVED" },
  { type: "SLOW" },
  { type: "PARTLY_SERVED" },
  { type: "NOT_SERVED" },
] as const;
