import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Topology } from "../../../model/topology/types.js";
import { explore } from "../../../scenarios/explore/explore.js";
import type { ExplorationReport } from "../../../scenarios/explore/report.js";
import { replayToken } from "../../../scenarios/replay.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/minimal-pair/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const topology: Topology = loaded.topology;
const settings = { scheduler, version: "test", faults: 1 };

describe("every single fault of the minimal pair", () => {
  let report: ExplorationReport;
  beforeAll(async () => {
    report = await explore(topology, settings);
  });

  it("fails, and the same again gives the same report", async () => {
    expect(report.verdict).toBe("fail");
    expect(await explore(topology, settings)).toEqual(report);
  });

  it("finds the parts that are there once: the feed, the rack, the switch's cable to the gateway", () => {
    const visit = report.services.find(({ service }) => service === "journey/visit");
    const parts = visit?.singlePoints.map(({ part }) => part);
    expect(parts).toContain("feed/mains");
    expect(parts).toContain("rack/rack");
    expect(parts).toContain("switch/switch");
    expect(parts).toContain("link/gateway--switch");
    expect(parts).not.toContain("node/web1");
    expect(parts).not.toContain("node/web2");
  });

  it("finds that a flapping cable has a healthy node fenced", () => {
    const found = report.counterexamples.find(({ promises }) => promises.includes("healthy-node-fenced"));
    expect(found?.text).toContain("flap-link");
    expect(found?.timeline).toHaveLength(1);
  });

  it("shows each broken promise with a minimal counterexample whose token breaks it again", () => {
    expect(report.counterexamples.length).toBeGreaterThan(1);
    for (const { minimal, replay, evidence } of report.counterexamples) {
      expect(minimal).toBe(true);
      const { run } = replayToken(replay, topology, settings);
      expect(run.verdict.verdict).toBe("fail");
      expect(run.verdict.because).toContain(evidence);
    }
  });

  it("accounts for every combination", () => {
    for (const { total, run, independent, equal, impossible, left } of report.counts.combinations)
      expect(run + independent + equal + impossible + left).toBe(total);
    expect(report.counts.instances).toBe(report.counts.combinations[0]?.total);
  });

  it("with a bound on worlds says what was cut, and is never a pass", async () => {
    const cut = await explore(topology, { ...settings, maxWorlds: 3, promises: ["one-writer"] });
    expect(cut.verdict).toBe("unknown");
    expect(cut.counts.cut).toBeGreaterThan(0);
    expect(cut.counts.worlds).toBeGreaterThanOrEqual(3);
  });
});

it("a bound on worlds with room for each fault alone, but not for their own ends, leaves those out and is never a pass", async () => {
  const cut = await explore(topology, { ...settings, faultNames: ["hang-monitor"], maxWorlds: 2 });
  expect(cut.counts.worlds).toBe(2);
  expect(cut.counts.combinations.map(({ run, left }) => [run, left > 0])).toEqual([
    [2, false],
    [0, true],
  ]);
  expect(cut.verdict).toBe("unknown");
});

it("a promise that nobody makes is refused with the known ones", async () => {
  await expect(explore(topology, { ...settings, promises: ["no-such-thing"] })).rejects.toThrow(/one-writer/);
});
