import type { Scheduler } from "../model/cluster/scheduler/interface.js";
import { canonical } from "../model/kernel/canonical.js";
import type { Topology } from "../model/topology/types.js";
import { buildTwin } from "../model/twin/twin.js";
import type { RecordedTopology, RunRecord, Verdict } from "../model/verdict/types.js";
import { runBareCib } from "./bare-cib/run-bare-cib.js";
import { withDurations, withEdits } from "./edits/edit-topology.js";
import { checkNames } from "./file/check-names.js";
import type { Scenario } from "./file/read-scenario.js";
import type { Onlooker } from "./runner/onlooker.js";
import { type SettledTwin, settle } from "./runner/prepare.js";
import { runScenario, type ScenarioRun } from "./runner/run-scenario.js";

export interface RunSettings {
  /** Ours, or the installed program. */
  readonly scheduler: Scheduler;
  /** Goes into verdicts and replay tokens. */
  readonly version: string;
  /** Instead of each scenario's own. */
  readonly seed?: number;
  /** Edits to the topology, before each scenario's own. */
  readonly set?: readonly string[];
  /** Without them a run costs less memory. The default is to keep them. */
  readonly keepTraces?: boolean;
  /** Stops after the first scenario that fails or is unknown. */
  readonly bail?: boolean;
  /** Asked before each scenario for somebody to look on while it is played. */
  readonly onlooker?: (settled: SettledTwin) => Onlooker;
  /** Told after each scenario. */
  readonly onScenario?: (verdict: Verdict, done: number, total: number) => void;
}

/**
 * Settled twins by topology, edits and durations: each is built and left to settle once, and every scenario on it
 * forks from there. Drop it to remember nothing.
 */
export class Twins {
  readonly #settled = new Map<string, SettledTwin>();
  readonly #settings: Pick<RunSettings, "scheduler" | "seed" | "set">;

  constructor(settings: Pick<RunSettings, "scheduler" | "seed" | "set">) {
    this.#settings = settings;
  }

  /** The settled twin that a scenario starts from. Throws InputError for an edit or a duration that fits nothing. */
  for(topology: Topology, scenario: Scenario): SettledTwin {
    const { set = [] } = this.#settings;
    const seed = this.#settings.seed ?? scenario.seed;
    const durations = scenario.settings.durations;
    const drawn = Object.values(durations ?? {}).some((setting) => "between" in setting) ? seed : undefined;
    const key = canonical([topology.hash, topology.file, [...set], [...scenario.set], durations, drawn]);
    let found = this.#settled.get(key);
    if (!found) {
      const edited = withEdits(withEdits(topology, set, COMMAND_LINE), scenario.set, scenario);
      found = this.settle(withDurations(edited, durations, seed, scenario));
      this.#settled.set(key, found);
    }
    return found;
  }

  settle(topology: Topology): SettledTwin {
    return settle(buildTwin(topology, { scheduler: this.#settings.scheduler }));
  }
}

const COMMAND_LINE = { file: "--set", lineOf: () => 0 };

/** Plays scenarios, each on its topology, in their order. Same seeds, same bytes. Throws InputError. */
export function runScenarios(
  pairs: readonly { readonly scenario: Scenario; readonly topology: Topology }[],
  settings: RunSettings,
): RunRecord {
  for (const { scenario, topology } of pairs) checkNames(scenario, topology);
  const twins = new Twins(settings);
  const scenarios: PlayedOn[] = [];
  for (const { scenario, topology } of pairs) {
    const settled = twins.for(topology, scenario);
    const run = runScenario(settled, scenario, {
      ...(settings.onlooker && { onlooker: settings.onlooker(settled) }),
      version: settings.version,
      ...(settings.seed !== undefined && { seed: settings.seed }),
      ...(settings.keepTraces !== undefined && { keepTrace: settings.keepTraces }),
    });
    scenarios.push({ run, topology });
    settings.onScenario?.(run.verdict, scenarios.length, pairs.length);
    if (settings.bail && run.verdict.verdict !== "pass") break;
  }
  return record(pairs[0]?.topology, settings, scenarios);
}

/** A topology without scenarios: it is left to settle, then each cluster node in turn is lost and comes back. */
export function runWithoutScenario(topology: Topology, settings: RunSettings): RunRecord {
  const edited = withEdits(topology, settings.set ?? [], COMMAND_LINE);
  const settled = new Twins(settings).settle(edited);
  const { lines, rounds } = runBareCib(settled, {
    seed: settings.seed ?? 1,
    version: settings.version,
    ...(settings.onlooker && { onlooker: settings.onlooker }),
  });
  rounds.forEach(({ run }, i) => {
    settings.onScenario?.(run.verdict, i + 1, rounds.length);
  });
  return {
    ...record(
      edited,
      settings,
      rounds.map(({ run }) => ({ run, topology: edited })),
    ),
    report: lines,
    prologue: shifted(settled),
  };
}

/** The prologue on the scenarios' clock: it ends at 0. */
function shifted({ prologue, base }: SettledTwin) {
  return prologue.map((entry) => ({ ...entry, atMs: entry.atMs - base.nowMs }));
}

interface PlayedOn {
  readonly run: ScenarioRun;
  readonly topology: Topology;
}

function record(first: Topology | undefined, settings: RunSettings, played: readonly PlayedOn[]): RunRecord {
  return {
    version: 1,
    fencepost: settings.version,
    topology: first ? recorded(first) : { name: "", file: "", hash: "" },
    engine: settings.scheduler.name,
    ...(settings.set && settings.set.length > 0 && { set: settings.set }),
    scenarios: played.map(({ run: { verdict, trace }, topology }) => ({
      verdict,
      trace,
      ...(topology !== first && { topology: recorded(topology) }),
    })),
  };
}

function recorded({ name, file, hash }: Topology): RecordedTopology {
  return { name, file, hash };
}
