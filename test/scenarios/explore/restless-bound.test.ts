import { join } from "node:path";
import { expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { explore } from "../../../scenarios/explore/explore.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/minimal-pair/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;
/** Without its switch the cluster is restless for a while and does not go round. */
const promises = ["served-again/journey/visit"];
const settings = { scheduler, version: "test", faults: 1, faultNames: ["lose-switch"], promises };

it("a restless cluster that reaches its bound on events leaves the verdict unknown, and says how to raise it", async () => {
  const report = await explore(topology, { ...settings, limits: { restlessEventsMax: 1 } });
  expect(report.counterexamples).toEqual([]);
  expect(report.verdict).toBe("unknown");
  expect(report.counts.notJudged).toBeGreaterThanOrEqual(1);
  expect(report.because).toContain(`${report.counts.notJudged} of ${report.counts.worlds} timelines were not judged`);
  expect(report.because).toContain("--restless-events");
});

it("a combination in which a restless cluster reaches its bound counts too", async () => {
  const limits = { restlessEventsMax: 1 };
  const faultNames = ["lose-switch", "kill-process"];
  const alone = await explore(topology, { ...settings, faultNames, limits });
  const pairs = await explore(topology, { ...settings, faultNames, limits, faults: 2, everything: true });
  expect(pairs.counts.notJudged).toBeGreaterThan(alone.counts.notJudged);
});

it("within the bound the wait is judged, and the failure that it hid is found", async () => {
  const report = await explore(topology, settings);
  expect(report.counts.notJudged).toBe(0);
  expect(report.restless.map(({ judged }) => judged)).toEqual([true]);
  expect(report.counterexamples.flatMap(({ promises }) => promises)).toEqual(promises);
  expect(report.verdict).toBe("fail");
});

it("a broken promise is a failure all the same", async () => {
  const report = await explore(topology, {
    ...settings,
    faultNames: ["fail-monitor", "lose-switch"],
    limits: { restlessEventsMax: 1 },
  });
  expect(report.counts.notJudged).toBeGreaterThan(0);
  expect(report.verdict).toBe("fail");
});
