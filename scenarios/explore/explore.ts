import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { buildTwin } from "../../model/twin/twin.js";
import type { VerdictKind } from "../../model/verdict/types.js";
import { withEdits } from "../edits/edit-topology.js";
import { settle } from "../runner/prepare.js";
import { Explorer } from "./explorer.js";
import { Findings } from "./findings.js";
import { DEFAULT_LIMITS, type Limits } from "./limits.js";
import { EXPLORED_PROMISES } from "./promise-names.js";
import type { CombinationCounts, ExplorationReport } from "./report.js";
import { servicesOf } from "./services.js";
import { shownCounterexamples } from "./shown.js";

export interface ExploreSettings {
  readonly scheduler: Scheduler;
  /** Goes into the report and the replay tokens. */
  readonly version: string;
  /** How many faults may strike in one timeline. */
  readonly faults: number;
  readonly seed?: number;
  /** Edits to the topology before the start. */
  readonly set?: readonly string[];
  /** Promises or families of them; empty or absent for all. */
  readonly promises?: readonly string[];
  /** The most timelines to play. What it cuts is said, and the verdict is never a pass then. */
  readonly maxWorlds?: number;
  readonly limits?: Partial<Limits>;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

const FAULTS_MAX = 4;

/**
 * Every combination of up to so many faults, at every moment that makes a difference, with heals: which promises break,
 * and how little it takes. Throws InputError for settings that fit nothing.
 */
export async function explore(topology: Topology, settings: ExploreSettings): Promise<ExplorationReport> {
  const { seed = 1, set = [], promises = [], maxWorlds = Number.POSITIVE_INFINITY } = settings;
  checkSettings(settings);
  const limits: Limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const edited = withEdits(topology, set, { file: "--set", lineOf: () => 0 });
  const settled = settle(buildTwin(edited, { scheduler: settings.scheduler }), { seed });
  const explorer = new Explorer(settled, limits, seed);
  const { instances } = explorer;
  checkPromises(promises, [...settled.twin.served.keys()]);

  const findings = new Findings(instances, promises);
  const tally = new Tally(maxWorlds);
  const withoutEffect: string[] = [];
  const restless: ExplorationReport["restless"][number][] = [];
  const moments: number[][] = [];
  const singles = tally.of(1, "one fault, healed by hand in the end");
  const healed = tally.of(1, "one fault, gone by itself at a moment of its recovery");
  for (const { index, text } of instances) {
    settings.onProgress?.("single faults", index, instances.length);
    singles.total++;
    if (!tally.mayPlay()) {
      singles.left++;
      continue;
    }
    const played = explorer.single(index);
    if (!played) {
      singles.impossible++;
      continue;
    }
    const { outcome, momentsMs } = played;
    singles.run++;
    tally.played(outcome.events, outcome.boundReached);
    findings.add(outcome);
    moments[index] = [...momentsMs];
    if (!outcome.hadEffect && outcome.broken.length === 0) withoutEffect.push(text);
    if (outcome.restless !== undefined)
      restless.push({ fault: text, cluster: outcome.restless, judged: !outcome.cutShort });
    const heals = momentsMs.length - 1;
    healed.total += heals;
    if (heals === 0) continue;
    if (!tally.mayPlay()) {
      healed.left += heals;
      continue;
    }
    for (const one of explorer.healedAt(index, momentsMs)) {
      healed.run++;
      tally.played(one.events, one.boundReached);
      findings.add(one);
    }
  }
  const counterexamples = shownCounterexamples(explorer, findings, { seed, version: settings.version, limits });
  const unsteady = settled.problems;
  const { verdict, because } = judge(findings.broken, tally, unsteady);
  return {
    version: 1,
    fencepost: settings.version,
    topology: { name: edited.name, file: edited.file, hash: edited.hash },
    set,
    seed,
    faultsMax: settings.faults,
    limits,
    promises,
    verdict,
    because,
    counts: {
      instances: instances.length,
      moments: moments.reduce((sum, one) => sum + one.length, 0),
      impossible: singles.impossible,
      combinations: tally.combinations,
      worlds: tally.worlds,
      events: tally.events,
      cut: tally.combinations.reduce((sum, { left }) => sum + left, 0),
    },
    counterexamples,
    services: servicesOf(findings, instances, [...settled.twin.served.keys()]),
    withoutEffect,
    restless,
    withoutPlace: explorer.withoutPlace,
    assumptions: [
      ...new Set(
        [...edited.assumptions, ...settled.twin.services.assumptions].map(({ text, source }) =>
          source ? `${text} (${source})` : text,
        ),
      ),
      ...settled.twin.agents.generic.map(
        (agent) => `${agent} is played as a generic agent that starts, stops and answers`,
      ),
    ],
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts what was played and what was not, so that nothing is left out in silence. */
class Tally {
  worlds = 0;
  events = 0;
  boundsReached = 0;
  readonly combinations: Mutable<CombinationCounts>[] = [];
  readonly #worldsMax: number;

  constructor(worldsMax: number) {
    this.#worldsMax = worldsMax;
  }

  of(faults: number, what: string): Mutable<CombinationCounts> {
    const counts = { faults, what, total: 0, run: 0, independent: 0, equal: 0, impossible: 0, left: 0 };
    this.combinations.push(counts);
    return counts;
  }

  mayPlay(): boolean {
    return this.worlds < this.#worldsMax;
  }

  played(events: number, boundReached: boolean): void {
    this.worlds++;
    this.events += events;
    if (boundReached) this.boundsReached++;
  }

  get left(): number {
    return this.combinations.reduce((sum, { left }) => sum + left, 0);
  }
}

function judge(
  broken: readonly string[],
  tally: Tally,
  unsteady: readonly string[],
): { verdict: VerdictKind; because: string } {
  if (unsteady.length > 0)
    return { verdict: "unknown", because: `the steady state does not hold before any fault: ${unsteady[0]}` };
  if (broken.length > 0)
    return {
      verdict: "fail",
      because: `${broken.length} ${broken.length === 1 ? "promise is" : "promises are"} broken`,
    };
  if (tally.left > 0)
    return { verdict: "unknown", because: `the bound on worlds left ${tally.left} combinations unplayed` };
  if (tally.boundsReached > 0)
    return { verdict: "unknown", because: `${tally.boundsReached} timelines reached the bound on their events` };
  if (tally.worlds === 0) return { verdict: "unknown", because: "nothing was played: no fault applies anywhere" };
  return { verdict: "pass", because: `${tally.worlds} timelines were played and no promise broke` };
}

function checkSettings({ faults, maxWorlds }: ExploreSettings): void {
  if (!Number.isInteger(faults) || faults < 1 || faults > FAULTS_MAX)
    throw new InputError({
      file: "--faults",
      line: 0,
      message: `expected a whole number from 1 to ${FAULTS_MAX}`,
      value: String(faults),
    });
  if (maxWorlds !== undefined && !(maxWorlds >= 1))
    throw new InputError({ file: "--max-worlds", line: 0, message: "expected 1 or more", value: String(maxWorlds) });
}

function checkPromises(promises: readonly string[], served: readonly string[]): void {
  for (const promise of promises) {
    const isFamily = EXPLORED_PROMISES.includes(promise);
    const ofService = served.some((name) => EXPLORED_PROMISES.some((family) => promise === `${family}/${name}`));
    const ofKind = ["service", "journey"].some((kind) => EXPLORED_PROMISES.some((f) => promise === `${f}/${kind}`));
    if (!isFamily && !ofService && !ofKind)
      throw new InputError({
        file: "--promise",
        line: 0,
        message: "unknown promise",
        value: promise,
        known: EXPLORED_PROMISES,
        knownAs: "promises (some with /service/NAME or /journey/NAME)",
      });
  }
}
