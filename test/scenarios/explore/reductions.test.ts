import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { explore } from "../../../scenarios/explore/explore.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/minimal-pair/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;

/** Small sets of faults that meet in different ways: latent ones, such as act at once, and such as do both. */
const VOCABULARIES: readonly (readonly string[])[] = [
  ["lose-node", "fail-start", "fence-slow"],
  ["partition", "fence-lies"],
  ["kill-process", "fail-stop", "lose-arp"],
];

describe("pairs of faults, with all reductions and with none", () => {
  for (const faultNames of VOCABULARIES)
    it(`break the same promises: ${faultNames.join(", ")}`, async () => {
      const settings = { scheduler, version: "test", faults: 2, faultNames };
      const reduced = await explore(topology, settings);
      const everything = await explore(topology, { ...settings, everything: true });
      const promisesOf = ({ counterexamples }: typeof reduced) =>
        counterexamples.flatMap(({ promises }) => promises).sort();
      expect(promisesOf(reduced)).toEqual(promisesOf(everything));
      expect(reduced.services.map(({ service, singlePoints }) => [service, singlePoints])).toEqual(
        everything.services.map(({ service, singlePoints }) => [service, singlePoints]),
      );
      const partsOf = ({ services }: typeof reduced) =>
        services.map(({ cutSets }) => cutSets.map((set) => set.map(({ part }) => part)));
      expect(partsOf(reduced)).toEqual(partsOf(everything));
      expect(reduced.counts.disagreements).toEqual([]);
      const pairs = (report: typeof reduced) => report.counts.combinations.find(({ faults }) => faults === 2);
      expect(pairs(reduced)?.total).toBe(pairs(everything)?.total);
      expect(pairs(reduced)?.run).toBeLessThan(pairs(everything)?.run ?? 0);
    });
});
