import { expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { discoverScenarios, readScenarioFile } from "../../scenarios/discover.js";
import { runScenarios } from "../../scenarios/run.js";
import { loadTopology } from "../../scenarios/topology-files.js";

const FOLDER = "fixtures/openstack-havana-mended";
const loaded = loadTopology(`${FOLDER}/topology.yaml`);
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;
const scenarios = discoverScenarios([`${FOLDER}/scenarios`]).map(readScenarioFile);

test("the mended reference architecture keeps every promise of its scenarios, and needs no finding to pass", () => {
  const { scenarios: played } = runScenarios(
    scenarios.map((scenario) => ({ scenario, topology })),
    { scheduler, version: "test", keepTraces: true },
  );
  expect(played).toHaveLength(6);
  for (const { verdict } of played) expect(verdict.verdict, `${verdict.name}: ${verdict.because}`).toBe("pass");
  expect(scenarios.filter(({ finding }) => finding !== undefined)).toEqual([]);
  const crash = played.find(({ verdict }) => verdict.name === "lose-one-database-host")!;
  const fences = crash.trace.filter(({ kind, subject }) => kind === "fence" && subject.startsWith("power-controller/"));
  // vCenter cannot switch a machine whose host does not answer; the host's own BMC can.
  expect(fences.map(({ subject, what }) => `${subject} ${what}`)).toEqual([
    "power-controller/bmc-esx1 switched off",
    "power-controller/bmc-esx1 switched on",
  ]);
});
