import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type * as Packed from "../../../scenarios/packed/index.js";
import { clusterModel } from "../../bench/packed/cluster-model.js";

/** Threads run JavaScript, so the built library is under test. */
const built = pathToFileURL(resolve("dist/scenarios/packed/index.js")).href;
const { exploreModel, exploreWithWorkers, printExploration }: typeof Packed = await import(built);

describe("a search shared by threads", () => {
  test.each([1, 2, 3])("of the cluster with five faults finds every state once, with %i workers", async (workers) => {
    const found = await exploreWithWorkers(clusterModel(5), { workers });
    expect(found).toMatchObject({ verdict: "pass", states: 514_227, transitions: 3_187_610, depth: 41 });
  });

  test("prints the same shortest counterexample whatever the number of workers", async () => {
    const cluster = clusterModel(3);
    const model: typeof cluster = {
      ...cluster,
      always: {
        "the address is never stopped": ({ address }) => !Object.values(address).some((one) => one.is("stopping")),
      },
    };
    const alone = exploreModel(model);
    expect(alone.verdict).toBe("fail");
    const shared = await exploreWithWorkers(model, { workers: 2 });
    expect(printExploration(shared)).toBe(printExploration(alone));
  });

  test("says unknown when a bound stops it, never pass", async () => {
    const found = await exploreWithWorkers(clusterModel(5), { workers: 2, statesMax: 100_000 });
    expect(found).toMatchObject({ verdict: "unknown", bounded: true });
    expect(found.states).toBeLessThan(514_227);
  });
});
