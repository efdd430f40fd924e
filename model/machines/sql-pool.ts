import { setup } from "xstate";

/**
 * A service's pool of database connections. It is made when the service first asks for the database; where that does
 * not answer, the service tries again every 10 s, ten times, and begins anew with the next request (max_retries and
 * retry_interval of 2013.2's oslo.db). A pool that was made once notices dead connections and replaces them at the
 * next request: it waits for nobody.
 */
export const sqlPool = setup({
  types: {
    events: {} as { type: "DATABASE_ANSWERED" } | { type: "DATABASE_MISSING" } | { type: "PROCESS_GONE" },
  },
}).createMachine({
  id: "sql-pool",
  initial: "none",
  states: {
    none: { on: { DATABASE_ANSWERED: "made", DATABASE_MISSING: "retrying" } },
    retrying: { on: { DATABASE_ANSWERED: "made" } },
    made: {},
  },
  on: { PROCESS_GONE: ".none" },
});

export const events = [{ type: "DATABASE_ANSWERED" }, { type: "DATABASE_MISSING" }, { type: "PROCESS_GONE" }] as const;
