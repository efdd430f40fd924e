import type { FaultInstance } from "./instances.js";
import { compareSchedules } from "./order.js";
import type { Interruption, Outcome } from "./outcome.js";
import { isChosen } from "./promise-names.js";
import type { PlayedSchedule } from "./schedule.js";

/** Faults that together break a promise, with the shortest schedule that shows it. */
export interface BreakingSet {
  /** Instances, ascending. */
  readonly faults: readonly number[];
  readonly schedule: PlayedSchedule;
  readonly atMs: number;
}

export interface WorstOf {
  readonly ms: number;
  readonly schedule: PlayedSchedule;
}

/** What was found so far, as plain data: it crosses threads, and what several found is merged. */
export interface FindingsData {
  readonly breaking: readonly (readonly [string, readonly BreakingSet[]])[];
  readonly worstOutage: readonly (readonly [string, WorstOf])[];
  readonly worstRecovery: readonly (readonly [string, WorstOf])[];
  readonly exercised: readonly string[];
}

/**
 * For each promise the smallest sets of faults that break it; for each service and journey the worst that came of a
 * fault and went away by itself. Adding the same outcomes in any order gives the same findings.
 */
export class Findings {
  readonly #instances: readonly FaultInstance[];
  readonly #chosen: readonly string[];
  readonly #breaking = new Map<string, Map<string, BreakingSet>>();
  readonly #worstOutage = new Map<string, WorstOf>();
  readonly #worstRecovery = new Map<string, WorstOf>();
  readonly #exercised = new Set<string>();

  /** `chosen` are promises or families of them; empty for all. */
  constructor(instances: readonly FaultInstance[], chosen: readonly string[]) {
    this.#instances = instances;
    this.#chosen = chosen;
  }

  add(outcome: Outcome): void {
    const { schedule, broken, interruptions, exercised } = outcome;
    for (const { promise, atMs } of broken) this.addBroken(promise, schedule, atMs);
    for (const name of exercised) this.#exercised.add(name);
    if (!outcome.cutShort) for (const one of interruptions) this.#addInterruption(one, schedule);
  }

  addBroken(promise: string, schedule: PlayedSchedule, atMs: number): void {
    if (!isChosen(promise, this.#chosen)) return;
    const faults = [...new Set(schedule.shots.map(({ instance }) => instance))].sort((a, b) => a - b);
    this.#keep(promise, { faults, schedule, atMs });
  }

  merge(other: FindingsData): void {
    for (const [promise, sets] of other.breaking) for (const set of sets) this.#keep(promise, set);
    for (const [service, worst] of other.worstOutage) this.#worse(this.#worstOutage, service, worst);
    for (const [service, worst] of other.worstRecovery) this.#worse(this.#worstRecovery, service, worst);
    for (const name of other.exercised) this.#exercised.add(name);
  }

  data(): FindingsData {
    const sorted = <V>(map: ReadonlyMap<string, V>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      breaking: sorted(this.#breaking).map(([promise]) => [promise, this.minimalSets(promise)] as const),
      worstOutage: sorted(this.#worstOutage),
      worstRecovery: sorted(this.#worstRecovery),
      exercised: [...this.#exercised].sort(),
    };
  }

  get broken(): readonly string[] {
    return [...this.#breaking.keys()].sort();
  }

  /** The sets that hold no smaller one, shortest schedule first. */
  minimalSets(promise: string): readonly BreakingSet[] {
    const sets = [...(this.#breaking.get(promise)?.values() ?? [])];
    return sets
      .filter((one) => !sets.some((other) => other !== one && isWithin(other.faults, one.faults)))
      .sort((a, b) => compareSchedules(a.schedule, b.schedule, this.#instances));
  }

  #keep(promise: string, set: BreakingSet): void {
    let sets = this.#breaking.get(promise);
    if (!sets) {
      sets = new Map();
      this.#breaking.set(promise, sets);
    }
    const key = set.faults.join(" ");
    const known = sets.get(key);
    if (known && compareSchedules(known.schedule, set.schedule, this.#instances) <= 0) return;
    if (!known && set.faults.length > 1 && isCovered(sets, set.faults)) return;
    sets.set(key, set);
  }

  /** What lasts until somebody repairs has no length of its own; it is a broken promise. */
  #addInterruption({ service, totalMs, longestMs, lasts }: Interruption, schedule: PlayedSchedule): void {
    if (lasts) return;
    this.#worse(this.#worstOutage, service, { ms: totalMs, schedule });
    this.#worse(this.#worstRecovery, service, { ms: longestMs, schedule });
  }

  #worse(worst: Map<string, WorstOf>, service: string, one: WorstOf): void {
    const known = worst.get(service);
    if (known && (known.ms > one.ms || (known.ms === one.ms && this.#isShorter(known, one)))) return;
    worst.set(service, one);
  }

  #isShorter(a: WorstOf, b: WorstOf): boolean {
    return compareSchedules(a.schedule, b.schedule, this.#instances) <= 0;
  }
}

function isWithin(small: readonly number[], large: readonly number[]): boolean {
  return small.length < large.length && small.every((fault) => large.includes(fault));
}

/** One of its faults alone breaks the promise already. */
function isCovered(sets: ReadonlyMap<string, BreakingSet>, faults: readonly number[]): boolean {
  return faults.some((fault) => sets.has(String(fault)));
}
