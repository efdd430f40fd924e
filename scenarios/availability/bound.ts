import type { Mode, Risk } from "./risk.js";

/** Expected shares of the time in which a service is out. */
export interface Bound {
  /** Until somebody repairs: by the minimal cut sets. */
  readonly cutSets: number;
  /** While it comes back by itself. */
  readonly failover: number;
}

/**
 * The minimal cut upper bound (Esary and Proschan 1963): with independent parts, a system is down for at most
 * 1 − Π over its cut sets of (1 − Π of their parts' unavailabilities). To it comes, for each fault that is failed over,
 * its frequency times the outage that it costs: at most, since outages may overlap.
 *
 * `without`: modes that never strike.
 */
export function boundOf({ cuts, failovers }: Risk, modes: readonly Mode[], without?: ReadonlySet<number>): Bound {
  let logUp = 0;
  for (const cut of cuts) {
    if (without && cut.some((mode) => without.has(mode))) continue;
    logUp += Math.log1p(-cut.reduce((product, mode) => product * modes[mode]!.down, 1));
  }
  let failover = 0;
  for (const [mode, hours] of failovers) if (!without?.has(mode)) failover += modes[mode]!.perHour * hours;
  return { cutSets: -Math.expm1(logUp), failover };
}

/**
 * How much too high the bound can be, as a share of it: overlaps are of the order of the unavailability of the parts
 * concerned. Beyond a tenth it says little.
 */
export function slackOf({ cuts, failovers }: Risk, modes: readonly Mode[]): number {
  const concerned = new Set([...cuts.flat(), ...failovers.keys()]);
  let slack = 0;
  for (const mode of concerned) slack += modes[mode]!.down + modes[mode]!.perHour * (failovers.get(mode) ?? 0);
  return slack;
}
