import { type ConfirmOptions, confirm } from "./counterexample.js";
import type { Explorer } from "./explorer.js";
import type { BreakingSet, Findings } from "./findings.js";
import { complexity } from "./order.js";
import type { ShownCounterexample } from "./report.js";
import { type PlayedSchedule, scheduleText } from "./schedule.js";

/** How many of the sets that break a promise are looked at for one schedule that tells of several promises. */
const CANDIDATES = 40;

/**
 * Each broken promise with a shortest schedule that breaks it. Of schedules that are equally short, those are taken that
 * tell of many promises at once, so that there is less to read.
 */
export function shownCounterexamples(
  explorer: Explorer,
  findings: Findings,
  options: ConfirmOptions,
): readonly ShownCounterexample[] {
  const { instances } = explorer;
  const candidates = new Map<string, { schedule: PlayedSchedule; promises: Map<string, number> }>();
  for (const promise of findings.broken)
    for (const { faults, schedule, atMs } of shortest(findings.minimalSets(promise), explorer)) {
      const key = `${faults.join(" ")} ${JSON.stringify([schedule.shots, schedule.firstHealedAtMs])}`;
      const known = candidates.get(key);
      if (known) known.promises.set(promise, atMs);
      else candidates.set(key, { schedule, promises: new Map([[promise, atMs]]) });
    }
  const open = new Set(findings.broken);
  const shown: ShownCounterexample[] = [];
  const rest = [...candidates.values()];
  while (open.size > 0) {
    const uncovered = ({ promises }: (typeof rest)[number]) => [...promises.keys()].filter((one) => open.has(one));
    const best = rest.reduce((a, b) => (uncovered(b).length > uncovered(a).length ? b : a));
    const promises = uncovered(best);
    if (promises.length === 0) break;
    for (const promise of promises) open.delete(promise);
    const counterexample = firstConfirmed(explorer, promises, best.schedule, options);
    if (!counterexample) {
      const [promise = ""] = promises;
      throw new Error(
        `${promise}: ${scheduleText(best.schedule, instances)} broke it in exploration and not as a scenario`,
      );
    }
    shown.push({
      promises,
      faults: best.schedule.shots.length,
      text: scheduleText(best.schedule, instances),
      ...counterexample,
    });
  }
  return shown.sort((a, b) => a.faults - b.faults || rankOf(a) - rankOf(b));
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
