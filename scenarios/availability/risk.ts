import type { ExplorationReport } from "../explore/report.js";
import { type Rate, rateOf, type SaidRates } from "./rates.js";

/** One way in which one part fails by chance. */
export interface Mode {
  readonly text: string;
  readonly part: string;
  readonly rate: Rate;
  /** Share of the time in which it is broken: repair / (every + repair). */
  readonly down: number;
  /** How often it strikes in an hour. */
  readonly perHour: number;
}

/** What takes one service or journey away. */
export interface Risk {
  readonly service: string;
  /** Minimal cut sets, by modes: out while all of one are broken. */
  readonly cuts: readonly (readonly number[])[];
  /** Mode → how long it is out when that strikes and things come back by themselves, in hours. */
  readonly failovers: ReadonlyMap<number, number>;
}

export interface Risks {
  readonly modes: readonly Mode[];
  readonly risks: readonly Risk[];
  /** Faults that have a rate and could not be judged: not played, or cut short for a restless cluster. */
  readonly leftOut: readonly string[];
}

/** What an exploration found, of the faults that have a rate. */
export function risksOf({ alone, services, restless }: ExplorationReport, said: SaidRates): Risks {
  const modes: Mode[] = [];
  const modeOf = new Map<number, number>();
  const leftOut: string[] = [];
  const unjudged = new Set(restless.filter(({ judged }) => !judged).map(({ fault }) => fault));
  for (const [index, one] of alone.entries()) {
    const rate = rateOf(one, said);
    if (!rate) continue;
    if (!one.struck || unjudged.has(one.text)) leftOut.push(one.text);
    if (!one.struck) continue;
    const { everyHours, repairHours } = rate;
    modeOf.set(index, modes.length);
    modes.push({
      text: one.text,
      part: one.part,
      rate,
      down: repairHours / (everyHours + repairHours),
      perHour: 1 / (everyHours + repairHours),
    });
  }
  const risks = services.map(({ service, minimalSets }): Risk => {
    const cuts = minimalSets.flatMap((set) => {
      const of = set.map((index) => modeOf.get(index));
      return of.every((mode) => mode !== undefined) ? [of as number[]] : [];
    });
    const lasting = new Set(cuts.filter((cut) => cut.length === 1).map(([mode]) => mode));
    const failovers = new Map<number, number>();
    for (const [index, mode] of modeOf) {
      const outMs = alone[index]!.out[service];
      if (outMs !== undefined && !lasting.has(mode)) failovers.set(mode, outMs / 3_600_000);
    }
    return { service, cuts, failovers };
  });
  return { modes, risks, leftOut };
}
