import type { Pending } from "../../kernel/index.js";

/** A controller's pending events, so that they can be cancelled. */
export interface ControllerTimers {
  /** The stack comes up. */
  readonly start: Pending | undefined;
  /** It gives up waiting for a DC. */
  readonly deadtime: Pending | undefined;
  readonly election: Pending | undefined;
  /** The DC completes a join. */
  readonly join: Pending | undefined;
  /** The DC asks the scheduler. */
  readonly decide: Pending | undefined;
  readonly recheck: Pending | undefined;
}

export const NO_TIMERS: ControllerTimers = Object.freeze({
  start: undefined,
  deadtime: undefined,
  election: undefined,
  join: undefined,
  decide: undefined,
  recheck: undefined,
});
