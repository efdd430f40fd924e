/** How long things may take before exploration calls them broken, in milliseconds of virtual time. */
export interface Limits {
  /** After the last fault everything must be served again by itself, with nothing repaired. */
  readonly patienceMs: number;
  /** After the faults are healed, nodes boot and units start before somebody looks and repairs. */
  readonly bootMs: number;
  /** After the repair everything must be served and settled. */
  readonly repairMs: number;
  /** The most that a service or journey may be out in total, unrepaired; undefined: no budget. */
  readonly outageMs: number | undefined;
  /** Once a cluster has decided the same transition so often since the last fault, it is said to be restless. */
  readonly sameDecisionMax: number;
  /** A restless cluster that does not go round is watched no longer once it has cost so many events since the last fault. */
  readonly restlessEventsMax: number;
  /** Events of one timeline. */
  readonly eventsMax: number;
}

export const DEFAULT_LIMITS: Limits = {
  patienceMs: 600_000,
  bootMs: 300_000,
  repairMs: 900_000,
  outageMs: undefined,
  sameDecisionMax: 6,
  restlessEventsMax: 20_000,
  eventsMax: 400_000,
};
