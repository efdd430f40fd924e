import { readFileSync } from "node:fs";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { loadTopologyText } from "../../model/topology/load.js";
import type { Topology } from "../../model/topology/types.js";
import { readScenarioFile } from "../../scenarios/discover.js";
import { checkNames } from "../../scenarios/file/check-names.js";
import { Twins } from "../../scenarios/run.js";
import { runScenario, type ScenarioRun } from "../../scenarios/runner/run-scenario.js";
import { folderSource } from "../../scenarios/topology-files.js";

export const FIXTURE = "fixtures/openstack-havana";

/** Changes the text of files whose path ends so. A change that changes nothing is an error: the test would be vacuous. */
export type Breakage = Readonly<Record<string, (text: string) => string>>;

/** The reference architecture, with some of its files broken by hand. */
export function referenceTopology(breakage: Breakage = {}): Topology {
  const source = folderSource(FIXTURE);
  const done = new Set<string>();
  const broken = (path: string, text: string) => {
    const end = Object.keys(breakage).find((one) => path.endsWith(one));
    if (end === undefined) return text;
    const changed = breakage[end]!(text);
    if (changed === text) throw new Error(`${path} is as it was`);
    done.add(end);
    return changed;
  };
  const file = `${FIXTURE}/topology.yaml`;
  const loaded = loadTopologyText(broken("topology.yaml", readFileSync(file, "utf8")), file, {
    ...source,
    read: (path) => {
      const text = source.read(path);
      return text === undefined ? undefined : broken(path, text);
    },
  });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join("\n"));
  const missed = Object.keys(breakage).filter((end) => !done.has(end));
  if (missed.length > 0) throw new Error(`no such file was read: ${missed.join(", ")}`);
  return loaded.topology;
}

/** Plays shipped scenarios on a topology. */
export function playOn(topology: Topology, names: readonly string[], seed?: number): readonly ScenarioRun[] {
  const twins = new Twins({ scheduler });
  return names.map((name) => {
    const scenario = readScenarioFile(`${FIXTURE}/scenarios/${name}.scenario.yaml`);
    checkNames(scenario, topology);
    return runScenario(twins.for(topology, scenario), scenario, {
      version: "test",
      ...(seed !== undefined && { seed }),
    });
  });
}
