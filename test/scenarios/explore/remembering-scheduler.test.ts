import { join } from "node:path";
import { expect, it } from "vitest";
import type { Cib } from "../../../model/cluster/cib/types.js";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Decision, Scheduler } from "../../../model/cluster/scheduler/interface.js";
import { rememberingScheduler } from "../../../scenarios/explore/remembering-scheduler.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/minimal-pair/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const cib: Cib = [...loaded.topology.clusters.values()][0]!.cib;

function counting(change: Partial<Decision> = {}): Scheduler & { asked: number } {
  return {
    name: "counting",
    asked: 0,
    decide(of, options) {
      this.asked++;
      return { ...scheduler.decide(of, options), ...change };
    },
  };
}

it("the same CIB later is decided once, and as it is without remembering", () => {
  const inner = counting();
  const remembering = rememberingScheduler(inner);
  const first = remembering.decide(cib, { nowEpochSeconds: 100 });
  expect(remembering.decide({ ...cib, status: { ...cib.status } }, { nowEpochSeconds: 200 })).toBe(first);
  expect(inner.asked).toBe(1);
  expect(first).toEqual(scheduler.decide(cib, { nowEpochSeconds: 200 }));
});

it("another status, an earlier time, and a time from which a decision no longer holds are decided anew", () => {
  const inner = counting({ recheckByEpochSeconds: 150 });
  const remembering = rememberingScheduler(inner);
  remembering.decide(cib, { nowEpochSeconds: 100 });
  remembering.decide(cib, { nowEpochSeconds: 149 });
  expect(inner.asked).toBe(1);
  remembering.decide(cib, { nowEpochSeconds: 150 });
  expect(inner.asked).toBe(2);
  remembering.decide(cib, { nowEpochSeconds: 99 });
  expect(inner.asked).toBe(3);
  remembering.decide({ ...cib, attrs: { ...cib.attrs, "have-quorum": "0" } }, { nowEpochSeconds: 99 });
  expect(inner.asked).toBe(4);
});
