import { InputError } from "../model/errors.js";
import type { Topology } from "../model/topology/types.js";
import { withDurations, withEdits } from "./edits/edit-topology.js";
import { checkNames } from "./file/check-names.js";
import { scenarioFromData } from "./file/read-scenario.js";
import { decodeReplay, type Replay, replayMismatches } from "./records/replay-token.js";
import { type RunSettings, Twins } from "./run.js";
import type { SettledTwin } from "./runner/prepare.js";
import { runScenario, type ScenarioRun } from "./runner/run-scenario.js";

export interface Replayed {
  readonly replay: Replay;
  readonly run: ScenarioRun;
  readonly settled: SettledTwin;
}

/**
 * Plays a token again on a topology: the same version, files and edits give the same trace, byte for byte. With
 * `stopAtMs` it stands still at that moment. Throws InputError for what is no token, and for a token of another
 * version or topology, saying what differs.
 */
export function replayToken(
  token: string,
  topology: Topology,
  settings: Pick<RunSettings, "scheduler" | "version" | "set">,
  stopAtMs?: number,
): Replayed {
  const replay = decodeReplay(token);
  const scenario = scenarioFromData(replay.scenario, "replay token");
  const source = { file: "replay token", lineOf: () => 0 };
  const edited = withEdits(withEdits(topology, settings.set ?? [], source), scenario.set, source);
  const { hash } = withDurations(edited, scenario.settings.durations, replay.seed, source);
  const differences = replayMismatches(replay, { fencepost: settings.version, topology: hash });
  if (differences.length > 0)
    throw new InputError({
      file: "replay token",
      line: 0,
      message: `it cannot be played here. ${differences.join(". ")}`,
    });
  checkNames(scenario, topology);
  const settled = new Twins({ ...settings, seed: replay.seed }).for(topology, scenario);
  const run = runScenario(settled, scenario, {
    version: settings.version,
    seed: replay.seed,
    ...(stopAtMs !== undefined && { stopAtMs }),
  });
  return { replay, run, settled };
}
