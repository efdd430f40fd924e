import { type ConfirmOptions, confirm } from "./counterexample.js";
import type { Explorer } from "./explorer.js";
import type { BreakingSet, Findings } from "./findings.js";
import { complexity } from "./order.js";
import type { ShownCounterexample } from "./report.js";
import { type PlayedSchedule, scheduleText } from "./schedule.js";

/** How many of the sets that break a promise are looked at for one schedule that tells of several promises. */
const CANDIDATES = 40;

/** Schedules that do not break as scenarios what exploration saw them break, before it is left at that. */
const UNSHOWN_MAX = 20;

/** What exploration saw broken, as scenarios that anybody can play. */
export interface Shown {
  readonly counterexamples: readonly ShownCounterexample[];
  /** Promises that no scenario shows to be broken, and a sentence for each schedule that was tried in vain. */
  readonly unshown: readonly string[];
  readonly inVain: readonly string[];
}

interface Candidate {
  readonly key: string;
  readonly schedule: PlayedSchedule;
  readonly promises: string[];
}

/**
 * Each broken promise with a shortest schedule that breaks it. Of schedules that are equally short, those are taken that
 * tell of many promises at once, so that there is less to read. Where a timeline goes round, what exploration takes it to
 * come to can be off, by the phases of checks; a schedule that does not show it is told, and another one tried.
 */
export function shownCounterexamples(explorer: Explorer, findings: Findings, options: ConfirmOptions): Shown {
  const { instances } = explorer;
  const open = new Map(findings.broken.map((promise) => [promise, findings.minimalSets(promise)]));
  const counterexamples: ShownCounterexample[] = [];
  const inVain = new Map<string, string>();
  while (inVain.size < UNSHOWN_MAX) {
    const candidates = candidatesFor(open, inVain, explorer);
    if (candidates.length === 0) break;
    const best = candidates.reduce((a, b) => (b.promises.length > a.promises.length ? b : a));
    const { key, schedule, promises } = best;
    const text = scheduleText(schedule, instances);
    const counterexample = firstConfirmed(explorer, promises, schedule, options);
    if (!counterexample) {
      inVain.set(key, `${text}: broke ${promises[0]} in exploration, and not as a scenario`);
      continue;
    }
    for (const promise of promises) open.delete(promise);
    counterexamples.push({ promises, faults: schedule.shots.length, text, ...counterexample });
  }
  counterexamples.sort((a, b) => a.faults - b.faults || rankOf(a) - rankOf(b));
  return { counterexamples, unshown: [...open.keys()], inVain: [...inVain.values()] };
}

/** The shortest schedules that break promises which are still to be shown, each with all of those that it tells of. */
function candidatesFor(
  open: ReadonlyMap<string, readonly BreakingSet[]>,
  inVain: ReadonlyMap<string, string>,
  explorer: Explorer,
): readonly Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const [promise, sets] of open) {
    const untried = sets.filter((set) => !inVain.has(keyOf(set)));
    for (const set of shortest(untried, explorer)) {
      const key = keyOf(set);
      const known = candidates.get(key);
      if (known) known.promises.push(promise);
      else candidates.set(key, { key, schedule: set.schedule, promises: [promise] });
    }
  }
  return [...candidates.values()];
}

function keyOf({ faults, schedule: { shots, firstHealedAtMs } }: BreakingSet): string {
  return `${faults.join(" ")} ${JSON.stringify([shots, firstHealedAtMs])}`;
}

/** Harm first, then what never comes back. */
function rankOf({ promises }: ShownCounterexample): number {
  return promises.some((promise) => !promise.includes("/")) ? 0 : 1;
}

/** The sets that are as short as the shortest: as many faults, healed or not, and as simple. */
function shortest(sets: readonly BreakingSet[], { instances }: Explorer): readonly BreakingSet[] {
  const first = sets[0];
  if (!first) return [];
  const isAsShort = ({ schedule }: BreakingSet) =>
    schedule.shots.length === first.schedule.shots.length &&
    (schedule.firstHealedAtMs === undefined) === (first.schedule.firstHealedAtMs === undefined) &&
    complexity(schedule, instances) === complexity(first.schedule, instances);
  return sets.filter(isAsShort).slice(0, CANDIDATES);
}

function firstConfirmed(
  { settled, instances }: Explorer,
  promises: readonly string[],
  schedule: PlayedSchedule,
  options: ConfirmOptions,
): Pick<ShownCounterexample, "atMs" | "evidence" | "timeline" | "minimal" | "replay"> | undefined {
  for (const promise of promises) {
    const found = confirm(settled, instances, promise, schedule, options);
    if (!found) continue;
    const { timeline, minimal, run } = found;
    const broken = run.verdict.promises.find(({ status }) => status === "broken");
    return {
      atMs: broken?.atMs ?? 0,
      evidence: broken?.evidence ?? run.verdict.because,
      timeline,
      minimal,
      replay: run.verdict.replay,
    };
  }
  return undefined;
}
