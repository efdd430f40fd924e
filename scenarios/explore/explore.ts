import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { buildTwin } from "../../model/twin/twin.js";
import type { VerdictKind } from "../../model/verdict/types.js";
import { withEdits } from "../edits/edit-topology.js";
import { settle } from "../runner/prepare.js";
import { type Campaign, campaignOf } from "./campaign.js";
import { recordedCrew } from "./campaign-file.js";
import { coverageOf } from "./coverage.js";
import { type Crew, crewOfOne, crewOfThreads, crewWithThisThread } from "./crew.js";
import { Explorer } from "./explorer.js";
import { Findings } from "./findings.js";
import type { Limits } from "./limits.js";
import { EXPLORED_PROMISES } from "./promise-names.js";
import { agreementOf } from "./queue/agreement.js";
import { crewOnQueue, type QueueSettings } from "./queue/queue-crew.js";
import { rememberingScheduler } from "./remembering-scheduler.js";
import type { ExplorationReport } from "./report.js";
import { type ResultCodec, resultCodec, shapeOf } from "./result-codec.js";
import { combine, playSingles, type Round, type Singles } from "./rounds.js";
import { servicesOf } from "./services.js";
import { checkShard, type Shard } from "./shard.js";
import { shownCounterexamples } from "./shown.js";
import { Tally } from "./tally.js";
import { UnitPlayer } from "./units.js";

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
  /** Only these faults of the vocabulary; empty or absent for all. */
  readonly faultNames?: readonly string[];
  /** The most timelines to play. What it cuts is said, and the verdict is never a pass then. */
  readonly maxWorlds?: number;
  readonly limits?: Partial<Limits>;
  /** How many threads play; the default is this one alone. What comes of it is the same. */
  readonly threads?: number;
  /** Plays only what begins with a share of the faults. */
  readonly shard?: Shard;
  /** Results are added to this file, and what it holds already is not played again: a run that was stopped goes on. */
  readonly campaignFile?: string;
  /** Workers that take from a queue play, on any number of machines; what comes of it is the same. */
  readonly queue?: QueueSettings;
  /** Plays every combination in full. Slow: for tests that hold the reductions against it. */
  readonly everything?: boolean;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

const FAULTS_MAX = 4;

/**
 * Every combination of up to so many faults, at every moment that makes a difference, with heals: which promises break,
 * and how little it takes. Throws InputError for settings that fit nothing.
 */
export function explore(topology: Topology, settings: ExploreSettings): Promise<ExplorationReport> {
  return exploreWith(topology, settings, async (ground) => {
    const { campaignFile, queue } = settings;
    const crew = queue
      ? await crewOnQueue(ground, agreementOf(topology, settings.version), queue)
      : crewFor(settings, ground);
    return campaignFile === undefined ? crew : recordedCrew(crew, campaignFile, ground.campaign, ground.codec);
  });
}

/** What a crew plays on. */
export interface Ground {
  readonly explorer: Explorer;
  /** With the campaign's edits made. */
  readonly topology: Topology;
  readonly campaign: Campaign;
  readonly codec: ResultCodec;
}

/** Explores with any crew: what comes of it is the same. */
export async function exploreWith(
  topology: Topology,
  settings: ExploreSettings,
  crewOn: (ground: Ground) => Crew | Promise<Crew>,
): Promise<ExplorationReport> {
  const { set = [] } = settings;
  checkSettings(settings);
  const edited = withEdits(topology, set, { file: "--set", lineOf: () => 0 });
  const campaign = campaignOf(edited, settings);
  const { seed, limits, promises, faultNames } = campaign;
  const settled = settle(buildTwin(edited, { scheduler: rememberingScheduler(settings.scheduler) }), { seed });
  const explorer = new Explorer(settled, limits, seed, faultNames);
  const { instances } = explorer;
  checkPromises(promises, [...settled.twin.served.keys()]);

  const findings = new Findings(instances, promises);
  const tally = new Tally();
  const { shard, maxWorlds, onProgress } = settings;
  const exercised = new Uint32Array((explorer.exercise.marks.length + 31) >> 5);
  const round: Round = { findings, tally, exercised, faults: settings.faults, maxWorlds, shard, onProgress };
  const codec = resultCodec(shapeOf(settled.twin, instances.length));
  const crew = await crewOn({ explorer, topology: edited, campaign, codec });
  let singles: Singles;
  try {
    singles = await playSingles(crew, explorer, round);
    if (settings.faults > 1) await combine(crew, singles.knowledge, explorer, round);
  } finally {
    await crew.close();
  }
  const { counterexamples, unshown, inVain } = shownCounterexamples(explorer, findings, {
    seed,
    version: settings.version,
    limits,
  });
  tally.disagreements.push(...inVain);
  const unsteady = settled.problems;
  const { served, promises: told } = settled.twin;
  const { verdict, because } = judge(
    findings.broken.filter((promise) => !unshown.includes(promise)),
    tally,
    unsteady,
    limits,
  );
  return {
    version: 1,
    fencepost: settings.version,
    topology: { name: edited.name, file: edited.file, hash: edited.hash },
    set,
    seed,
    faultsMax: settings.faults,
    limits,
    promises,
    faultNames,
    ...(shard && { shard }),
    verdict,
    because,
    counts: {
      instances: instances.length,
      moments: singles.knowledge.reduce((sum, known) => sum + (known?.momentsMs.length ?? 0), 0),
      combinations: tally.combinations,
      worlds: tally.worlds,
      events: tally.events,
      met: tally.met,
      checked: tally.checked,
      disagreements: tally.disagreements,
      recurring: tally.recurring,
      notJudged: tally.cutShort,
      cut: tally.left,
      missing: tally.missing,
    },
    counterexamples,
    services: servicesOf(findings, instances, [...served.keys()], explorer.base.get(told.expected)),
    alone: singles.alone,
    coverage: coverageOf(edited, explorer.exercise.marks, exercised),
    withoutEffect: singles.withoutEffect,
    restless: singles.restless,
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

/** Threads where they are asked for and can build the same twin: with the built program and our own scheduler. */
function crewFor({ threads = 1, scheduler }: ExploreSettings, { explorer, topology, campaign }: Ground): Crew {
  const player = new UnitPlayer(explorer, campaign);
  const others =
    threads > 1 && scheduler.name === "fencepost" ? crewOfThreads({ topology, campaign }, threads - 1) : undefined;
  return others ? crewWithThisThread(player, others) : crewOfOne(player);
}

function judge(
  broken: readonly string[],
  tally: Tally,
  unsteady: readonly string[],
  { restlessEventsMax }: Limits,
): { verdict: VerdictKind; because: string } {
  if (unsteady.length > 0)
    return { verdict: "unknown", because: `the steady state does not hold before any fault: ${unsteady[0]}` };
  if (broken.length > 0)
    return {
      verdict: "fail",
      because: `${broken.length} ${broken.length === 1 ? "promise is" : "promises are"} broken`,
    };
  if (tally.missing > 0)
    return {
      verdict: "unknown",
      because: `${tally.missing} ${tally.missing === 1 ? "unit" : "units"} of work played by nobody`,
    };
  if (tally.left > 0)
    return { verdict: "unknown", because: `the bound on worlds left ${tally.left} combinations unplayed` };
  if (tally.disagreements.length > 0)
    return { verdict: "unknown", because: `a check of what was skipped came out otherwise: ${tally.disagreements[0]}` };
  if (tally.boundsReached > 0)
    return { verdict: "unknown", because: `${tally.boundsReached} timelines reached the bound on their events` };
  // Whether things come back by themselves is open there: a bound reached is never a pass.
  if (tally.cutShort > 0)
    return {
      verdict: "unknown",
      because: `${tally.cutShort} of ${tally.worlds} timelines were not judged: a restless cluster reached the bound of ${restlessEventsMax} events; --restless-events raises it`,
    };
  if (tally.worlds === 0) return { verdict: "unknown", because: "nothing was played: no fault applies anywhere" };
  return { verdict: "pass", because: `${tally.worlds} timelines were played and no promise broke` };
}

function checkSettings({ faults, maxWorlds, shard, queue, scheduler }: ExploreSettings): void {
  if (queue && shard)
    throw new InputError({ file: "--shard", line: 0, message: "a queue shares the work out by itself; leave it out" });
  if (queue && scheduler.name !== "fencepost")
    throw new InputError({
      file: "--queue",
      line: 0,
      message: "workers decide with our own scheduler, not",
      value: scheduler.name,
    });
  checkShard(shard);
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
