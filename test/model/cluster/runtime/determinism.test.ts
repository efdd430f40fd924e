import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Run } from "../../../../model/kernel/index.js";
import { type SmallCluster, settledCluster } from "./small-cluster.js";

/** Things that can be done to a small cluster at any time. */
const step = fc.record({
  afterMs: fc.integer({ min: 1, max: 9_000 }),
  node: fc.constantFrom("n1", "n2", "n3"),
  what: fc.constantFrom(
    "kill",
    "boot",
    "freeze",
    "thaw",
    "isolate",
    "heal",
    "bmc-fail",
    "bmc-ok",
    "fail",
    "standby",
    "unstandby",
    "cleanup",
    "stop",
    "start",
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(cluster: SmallCluster, steps: readonly Step[]): void {
  for (const { afterMs, node, what } of steps) {
    cluster.pass(afterMs);
    cluster.act((instant) => {
      const { parts, clusters } = cluster;
      switch (what) {
        case "kill":
          return parts.hosts.powerOff(instant, node, "killed");
        case "boot":
          return parts.hosts.powerOn(instant, node);
        case "freeze":
          return parts.hosts.freeze(instant, node);
        case "thaw":
          return parts.hosts.thaw(instant, node);
        case "isolate":
        case "heal":
          return parts.isolate(instant, node, what === "isolate");
        case "bmc-fail":
        case "bmc-ok":
          return parts.setPowerController(instant, what === "bmc-ok");
        case "fail": {
          const traces = new Map(instant.get(parts.traces));
          traces.delete(`${node}/file/run/Dummy-mysql.state`);
          return instant.set(parts.traces, traces);
        }
        case "standby":
        case "unstandby":
          return void clusters.operator.standby(instant, "n2", node, what === "standby");
        case "cleanup":
          return void clusters.operator.cleanup(instant, "n2");
        case "stop":
          return void clusters.operator.stopCluster(instant, node);
        case "start":
          return void clusters.operator.startCluster(instant, node);
      }
    });
  }
  cluster.pass(60_000);
}

describe("the runtime", () => {
  test("tells the same with sleeping monitors as with every monitor made", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const told = [false, true].map((tickAll) => {
          const cluster = settledCluster({ nodes: 3, tickAll });
          play(cluster, steps);
          return cluster.trace.map(({ atMs, subject, what }) => `${atMs} ${subject} ${what}`);
        });
        expect(told[1]).toEqual(told[0]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test("goes on from a frozen world as if nothing had been frozen", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const straight = settledCluster({ nodes: 3 });
        play(straight, steps);
        const cut = settledCluster({ nodes: 3 });
        const world = cut.run.freeze();
        const trace: string[] = [];
        const run = new Run(world, { onTrace: (entry) => trace.push(`${entry.atMs} ${entry.what}`) });
        const resumed: SmallCluster = {
          ...cut,
          run,
          act: (body) => run.act(body),
          pass: (ms) => run.advanceTo(run.nowMs + ms, 1_000_000),
        };
        play(resumed, steps);
        expect(trace).toEqual(
          straight.trace.filter((entry) => entry.atMs > world.nowMs).map((e) => `${e.atMs} ${e.what}`),
        );
        expect(run.freeze().key()).toBe(straight.run.freeze().key());
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test("never runs the group on two nodes while fencing tells the truth", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const cluster = settledCluster({ nodes: 3 });
        for (const one of steps) {
          play(cluster, [one]);
          expect(cluster.reallyActive("mysql").length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test("an idle day costs no more than an idle minute", () => {
    const cluster = settledCluster();
    const minute = cluster.run.advanceTo(cluster.run.nowMs + 60_000);
    const day = cluster.run.advanceTo(cluster.run.nowMs + 86_400_000);
    expect(day).toBeLessThanOrEqual(Math.max(minute, 1));
  });
});
