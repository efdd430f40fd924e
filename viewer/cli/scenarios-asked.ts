import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { discoverScenarios, readScenarioFile, shownPath } from "../../scenarios/discover.js";
import type { Scenario } from "../../scenarios/file/read-scenario.js";
import { referenceTopology, topologyFrom } from "./topology-option.js";

/** What of a request says which scenarios are meant. */
export interface ScenariosAsked {
  readonly paths: readonly string[];
  readonly topology?: string;
  /** Only those of these names; all where it is empty. */
  readonly scenario: readonly string[];
}

/** The scenarios that were asked for: of the paths given, else those of the topology, else the shipped ones. Throws InputError. */
export function scenariosAsked(request: ScenariosAsked, topology: Topology | undefined): readonly Scenario[] {
  const { paths, scenario: wanted } = request;
  const all = discoverScenarios(paths.length > 0 ? paths : defaultPlaces(topology)).map(readScenarioFile);
  if (all.length === 0 && paths.length > 0)
    throw new InputError({ file: paths.join(" "), line: 0, message: "no *.scenario.yaml here" });
  const known = all.map(({ name }) => name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InputError({
      file: "--scenario",
      line: 0,
      message: "unknown scenario",
      value: unknown,
      known,
      knownAs: "scenarios",
    });
  return wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
}

/** A topology's own scenarios stand in `scenarios/` beside it; the shipped ones are the reference architecture's. */
function defaultPlaces({ file }: Pick<Topology, "file"> = { file: referenceTopology() }): readonly string[] {
  const beside = join(dirname(file), "scenarios");
  return existsSync(beside) && !file.toLowerCase().endsWith(".xml") ? [beside] : [];
}

/** Each scenario with the topology of `--topology`, or the one that its file names, loaded once. */
export function withTopologies(scenarios: readonly Scenario[], given: Topology | undefined) {
  const loaded = new Map<string, Topology>();
  return scenarios.map((scenario) => {
    if (given) return { scenario, topology: given };
    const file = resolve(dirname(scenario.file), scenario.topology);
    let topology = loaded.get(file);
    if (!existsSync(file))
      throw new InputError({
        file: scenario.file,
        line: scenario.lineOf(["topology"]),
        message: "there is no such topology",
        value: scenario.topology,
      });
    if (!topology) {
      topology = topologyFrom(shownPath(file));
      loaded.set(file, topology);
    }
    return { scenario, topology };
  });
}
