import { expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { type BareCibRun, runBareCib } from "../../scenarios/bare-cib/run-bare-cib.js";
import { withEdits } from "../../scenarios/edits/edit-topology.js";
import { Twins } from "../../scenarios/run.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { areCasesHere, fileOf } from "../conformance-cases.js";

const real = test.skipIf(!areCasesHere());

function run(...set: string[]): BareCibRun {
  const loaded = loadTopology(fileOf("complex_enforce_colo"));
  if (!loaded.ok) throw loaded.errors[0]!;
  const topology = withEdits(loaded.topology, set, { file: "--set", lineOf: () => 0 });
  return runBareCib(new Twins({ scheduler }).settle(topology), { seed: 1, version: "test" });
}

real(
  "a real cloud with Keystone disabled: most of it follows, and each reason leads to the line that did it",
  () => {
    const [settled] = run().settled;
    const down = new Map(settled!.down.map(({ resource, why }) => [resource, why]));
    expect(down.get("keystone")).toEqual(["keystone is stopped: target-role=Stopped is set on keystone, line 233"]);
    expect(down.size).toBeGreaterThan(25);
    for (const [resource, why] of down) expect(why.at(-1), resource).toContain("line 233");
    expect(down.has("vip-db")).toBe(false);
    expect(down.has("galera")).toBe(false);
  },
  60_000,
);

real(
  "with Keystone enabled everything runs, and each node may be lost and come back",
  () => {
    const { settled, rounds } = run("keystone-clone:target-role=Started");
    expect(settled[0]!.down).toEqual([]);
    expect(rounds.map(({ node }) => node)).toEqual(["rhos6-node1", "rhos6-node2", "rhos6-node3"]);
    for (const { node, lost, back, run: played } of rounds) {
      expect(played.verdict.verdict, `${node}: ${played.verdict.because}`).toBe("pass");
      for (const { resource, to } of lost) expect(to, `${resource} with ${node} lost`).not.toContain(node);
      expect(lost.some(({ to }) => to.length > 0)).toBe(true);
      for (const { resource, to } of back) expect(to.length, `${resource} with ${node} back`).toBeGreaterThan(0);
    }
  },
  60_000,
);
