import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import type { Topology } from "../../model/topology/types.js";
import { checkNames } from "../../scenarios/file/check-names.js";
import type { Scenario } from "../../scenarios/file/read-scenario.js";
import { Twins } from "../../scenarios/run.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import { runScenario } from "../../scenarios/runner/run-scenario.js";
import { withScores } from "../page/cluster-view.js";
import type { GroundData, RunData, RunHead } from "../page/page-data.js";
import { headOf, PageRecorder, runDataOf } from "../page/recording.js";
import { RunRecorder } from "../page/run-recorder.js";

export interface RunsSettings {
  readonly scheduler: Scheduler;
  readonly version: string;
  readonly seed?: number;
  readonly set?: readonly string[];
}

/** The scenarios that the server was started with: each is played when somebody first asks for it. */
export class Runs {
  readonly #settings: RunsSettings;
  readonly #scenarios: readonly { readonly scenario: Scenario; readonly topology: Topology }[];
  readonly #twins: Twins;
  readonly #recorder = new PageRecorder();
  readonly #played = new Map<string, RunData>();

  /** Throws InputError for a scenario that names what its topology does not have. */
  constructor(
    scenarios: readonly { readonly scenario: Scenario; readonly topology: Topology }[],
    settings: RunsSettings,
  ) {
    for (const { scenario, topology } of scenarios) checkNames(scenario, topology);
    this.#scenarios = scenarios;
    this.#settings = { ...settings, scheduler: withScores(settings.scheduler) };
    this.#twins = new Twins(this.#settings);
  }

  heads(): readonly RunHead[] {
    return this.#scenarios.map(({ scenario }, i): RunHead => {
      const id = `run-${i}`;
      const verdict = this.#played.get(id)?.verdict;
      return verdict ? headOf(id, verdict) : { id, name: scenario.name, title: scenario.title, standing: "unplayed" };
    });
  }

  ground(id: string): GroundData | undefined {
    return this.#recorder.grounds.find((ground) => ground.id === id);
  }

  groundOf(settled: SettledTwin): GroundData {
    return this.#recorder.groundOf(settled);
  }

  /** A settled twin without edits of any scenario. */
  settle(topology: Topology): SettledTwin {
    return this.#twins.settle(topology);
  }

  run(id: string): RunData | undefined {
    const known = this.#played.get(id);
    if (known) return known;
    const found = this.#scenarios[Number(/^run-(\d{1,6})$/.exec(id)?.[1] ?? Number.NaN)];
    if (!found) return undefined;
    const settled = this.#twins.for(found.topology, found.scenario);
    const recorder = new RunRecorder(settled.twin, settled.base);
    const { seed, version } = this.#settings;
    const { verdict, trace } = runScenario(settled, found.scenario, {
      version,
      onlooker: recorder,
      ...(seed !== undefined && { seed }),
    });
    const run = runDataOf(id, this.groundOf(settled).id, verdict, trace, recorder.seen);
    this.#played.set(id, run);
    return run;
  }
}
