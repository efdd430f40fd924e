import { resolve } from "node:path";
import { expect, test } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { readScenarioFile } from "../../../scenarios/discover.js";
import { runScenarios } from "../../../scenarios/run.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { timelinePicture } from "../../../viewer/reporters/html/timeline.js";

const REFERENCE = "fixtures/openstack-havana";
const GROUPS = new Set(
  "fault journey service cluster node power-controller resource address mount database mysqld".split(" "),
);

test("the README's picture of a database failover is what a run gives (vitest -u draws it anew)", async () => {
  const loaded = loadTopology(`${REFERENCE}/topology.yaml`);
  if (!loaded.ok) throw loaded.errors[0]!;
  const scenario = readScenarioFile(`${REFERENCE}/scenarios/lose-active-database.scenario.yaml`);
  const { scenarios } = runScenarios([{ scenario, topology: loaded.topology }], { scheduler, version: "0" });
  const { verdict, trace } = scenarios[0]!;
  const picture = timelinePicture(verdict.title, trace, verdict.endedAtMs, GROUPS);
  expect(picture).toContain("journey/");
  await expect(`${picture}\n`).toMatchFileSnapshot(resolve(`${REFERENCE}/lose-active-database.svg`));
});
