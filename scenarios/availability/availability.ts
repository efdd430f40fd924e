import type { ExplorationReport } from "../explore/report.js";
import { boundOf, slackOf } from "./bound.js";
import type { Rate, SaidRates } from "./rates.js";
import { type Mode, type Risk, risksOf } from "./risk.js";
import { type Simulated, simulate } from "./simulate.js";

const HOURS_A_YEAR = 8_766;
/** Fewer simulated outages than these say too little to hold the bound against them. */
const OUTAGES_MIN = 30;
/** Above it the bound's overlaps are no longer small. */
const SLACK_MAX = 0.1;
/** How many half-widths of the confidence interval the bound may lie off: 4 of 95 % ones, one in 10^14 by chance. */
const HALF_WIDTHS_MAX = 4;

/** What is to be expected of a year. Versioned: reporters and other programs read it. All times in hours a year. */
export interface AvailabilityReport {
  readonly version: 1;
  readonly fencepost: string;
  readonly topology: { readonly name: string; readonly file: string; readonly hash: string };
  readonly set: readonly string[];
  readonly seed: number;
  /** Cut sets of more faults than these are not in it. */
  readonly faultsMax: number;
  readonly years: number;
  readonly services: readonly ServiceAvailability[];
  /** Parts by what it would buy if they never failed, most first. */
  readonly improvements: readonly Improvement[];
  readonly rates: readonly (Rate & { readonly fault: string; readonly parts: number })[];
  /** Faults that have a rate and are not in the figures, because nothing is known of what they do. */
  readonly leftOut: readonly string[];
  /** Combinations that exploration did not play: cut sets among them are not in the figures. */
  readonly cut: number;
}

export interface ServiceAvailability {
  readonly service: string;
  readonly outageHours: number;
  readonly untilRepairedHours: number;
  readonly failoverHours: number;
  readonly availability: number;
  readonly simulatedHours: number;
  /** Half the width of the 95 % confidence interval. */
  readonly simulatedHalfWidthHours: number;
  readonly simulatedOutages: number;
  readonly agreement: "agrees" | "differs" | "not compared";
  /** Why it differs, or was not compared. */
  readonly because?: string;
}

export interface Improvement {
  readonly part: string;
  /** Its faults that count here. */
  readonly faults: readonly string[];
  /** Saved over all journeys together (over all services, where there is no journey). */
  readonly savedHours: number;
  /** Where it buys most. */
  readonly most: { readonly service: string; readonly savedHours: number };
}

export interface AvailabilitySettings {
  readonly rates: SaidRates;
  readonly seed: number;
  /** Simulated time. */
  readonly years: number;
}

/** Expected outages a year, from an exploration and the rates of its faults. */
export function availabilityOf(exploration: ExplorationReport, settings: AvailabilitySettings): AvailabilityReport {
  const { modes, risks, leftOut } = risksOf(exploration, settings.rates);
  const simulated = simulate(modes, risks, { seed: settings.seed, hours: settings.years * HOURS_A_YEAR });
  return {
    version: 1,
    fencepost: exploration.fencepost,
    topology: exploration.topology,
    set: exploration.set,
    seed: settings.seed,
    faultsMax: exploration.faultsMax,
    years: settings.years,
    services: risks.map((risk, i) => serviceOf(risk, modes, simulated[i]!)),
    improvements: improvementsOf(modes, risks),
    rates: ratesOf(modes),
    leftOut,
    cut: exploration.counts.cut,
  };
}

function serviceOf(risk: Risk, modes: readonly Mode[], simulated: Simulated): ServiceAvailability {
  const { cutSets, failover } = boundOf(risk, modes);
  const share = Math.min(1, cutSets + failover);
  const slack = slackOf(risk, modes);
  const tolerance = HALF_WIDTHS_MAX * simulated.halfWidth;
  const { agreement, because } = ((): Pick<ServiceAvailability, "agreement" | "because"> => {
    if (risk.cuts.length + risk.failovers.size === 0) return { agreement: "agrees" };
    if (slack > SLACK_MAX)
      return { agreement: "not compared", because: "its parts are broken too often for the bound to be close" };
    if (simulated.outages < OUTAGES_MIN)
      return { agreement: "not compared", because: `only ${simulated.outages} outages were drawn; --years draws more` };
    if (simulated.share - tolerance <= share && share <= (simulated.share + tolerance) * (1 + slack))
      return { agreement: "agrees" };
    return { agreement: "differs", because: "the bound lies outside of what was simulated" };
  })();
  return {
    service: risk.service,
    outageHours: share * HOURS_A_YEAR,
    untilRepairedHours: cutSets * HOURS_A_YEAR,
    failoverHours: failover * HOURS_A_YEAR,
    availability: 1 - share,
    simulatedHours: simulated.share * HOURS_A_YEAR,
    simulatedHalfWidthHours: simulated.halfWidth * HOURS_A_YEAR,
    simulatedOutages: simulated.outages,
    agreement,
    ...(because && { because }),
  };
}

function improvementsOf(modes: readonly Mode[], risks: readonly Risk[]): readonly Improvement[] {
  const journeys = risks.filter(({ service }) => service.startsWith("journey/"));
  const counted = journeys.length > 0 ? journeys : risks;
  const before = counted.map((risk) => totalOf(risk, modes));
  const modesOf = groupedBy([...modes.keys()], (mode) => modes[mode]!.part);
  const found: Improvement[] = [];
  for (const [part, all] of modesOf) {
    const without = new Set(all);
    const saved = counted.map((risk, i) => (before[i]! - totalOf(risk, modes, without)) * HOURS_A_YEAR);
    const savedHours = saved.reduce((sum, hours) => sum + hours, 0);
    if (savedHours <= 0) continue;
    const most = saved.indexOf(Math.max(...saved));
    const concerned = new Set(counted.flatMap(({ cuts, failovers }) => [...cuts.flat(), ...failovers.keys()]));
    found.push({
      part,
      faults: all.filter((mode) => concerned.has(mode)).map((mode) => modes[mode]!.text.split(" ", 1)[0]!),
      savedHours,
      most: { service: counted[most]!.service, savedHours: saved[most]! },
    });
  }
  return found.sort((a, b) => b.savedHours - a.savedHours || (a.part < b.part ? -1 : 1));
}

function totalOf(risk: Risk, modes: readonly Mode[], without?: ReadonlySet<number>): number {
  const { cutSets, failover } = boundOf(risk, modes, without);
  return cutSets + failover;
}

/** Each rate that was used, with how many parts it stands for. */
function ratesOf(modes: readonly Mode[]): AvailabilityReport["rates"] {
  const used = groupedBy(modes, ({ text, rate }) => `${text.split(" ", 1)[0]}\n${JSON.stringify(rate)}`);
  return [...used.values()].map((all) => ({
    fault: all[0]!.text.split(" ", 1)[0]!,
    ...all[0]!.rate,
    parts: all.length,
  }));
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
