import { expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { Run } from "../../model/kernel/index.js";
import { buildTwin } from "../../model/twin/twin.js";
import { discoverScenarios, readScenarioFile } from "../../scenarios/discover.js";
import { replayToken } from "../../scenarios/replay.js";
import { runScenarios } from "../../scenarios/run.js";
import { settle } from "../../scenarios/runner/prepare.js";
import { FIXTURE, playOn, referenceTopology } from "./reference.js";

const files = discoverScenarios([`${FIXTURE}/scenarios`]);
const topology = referenceTopology();

test("the reference architecture ships at least forty scenarios, each passes or shows its finding, none is unknown", () => {
  const scenarios = files.map(readScenarioFile);
  expect(scenarios.length).toBeGreaterThanOrEqual(40);
  const { scenarios: played } = runScenarios(
    scenarios.map((scenario) => ({ scenario, topology })),
    { scheduler, version: "test", keepTraces: false },
  );
  for (const [i, { verdict }] of played.entries()) {
    expect(verdict.verdict, `${verdict.name}: ${verdict.because}`).toBe("pass");
    expect(verdict.finding, verdict.name).toBe(scenarios[i]!.finding?.text);
  }
  expect(played.filter(({ verdict }) => verdict.finding !== undefined).length).toBeGreaterThan(10);
}, 120_000);

test("every scenario has a witness, a deadline or a finding: none can pass without having done anything", () => {
  for (const file of files) {
    const { expect: promised, finding } = readScenarioFile(file);
    const seen = promised.sometimes.filter(({ never }) => !never);
    expect(seen.length + promised.within.length + (finding ? 1 : 0), file).toBeGreaterThan(0);
  }
});

test("the same seed gives the same trace, byte for byte, on twins built anew", () => {
  const names = ["lose-active-database", "partition-bridge", "vip-moved-unannounced"];
  const play = () => JSON.stringify(playOn(referenceTopology(), names));
  expect(play()).toBe(play());
});

test("a replay token plays the same trace again, and is refused on another topology", () => {
  const [run] = playOn(topology, ["fence-slow"], 77);
  const settings = { scheduler, version: "test" };
  const again = replayToken(run!.verdict.replay, topology, settings);
  expect(JSON.stringify(again.run.trace)).toBe(JSON.stringify(run!.trace));
  expect(again.run.verdict.verdict).toBe(run!.verdict.verdict);
  expect(run!.verdict.replay.length).toBeLessThan(1_500);
  const other = referenceTopology({
    "keystone.conf": (text) => text.replace("idle_timeout = 3600", "idle_timeout = 60"),
  });
  expect(() => replayToken(run!.verdict.replay, other, settings)).toThrow(/hash of the topology/);
  expect(() => replayToken(run!.verdict.replay, topology, { ...settings, version: "other" })).toThrow(
    /version of fencepost/,
  );
});

test("a day in which nothing happens breaks no promise and costs next to nothing", () => {
  const { base, twin, problems } = settle(buildTwin(topology, { scheduler }));
  expect(problems).toEqual([]);
  const run = new Run(base);
  run.act((instant) => twin.promises.arm(instant, new Map()));
  const events = run.advanceTo(base.nowMs + 86_400_000);
  expect(twin.promises.unsteady(run)).toEqual([]);
  expect(twin.promises.promises.filter(({ cell }) => run.get(cell).broken)).toEqual([]);
  expect(events).toBeLessThan(50);
});
