import type { Touched } from "./meeting.js";

/** What the run of one fault alone taught; by instance. Data: every thread gets it before faults are combined. */
export interface KnownSingle {
  readonly momentsMs: readonly number[];
  readonly touched: Touched;
  /** Promises that it breaks alone. */
  readonly broken: readonly string[];
}

/** By instance; undefined where the fault cannot strike alone. */
export type Knowledge = readonly (KnownSingle | undefined)[];
