import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  faultSchedule,
  type LiveTwin,
  operatorActions,
  runbookMutation,
  runPossible,
  type SmallTopology,
  smallTopology,
  twinCommands,
  twinSetup,
} from "../../../scenarios/fast-check/index.js";
import { loadTopology, run, type TimelineStep } from "../../../scenarios/index.js";

const topology = loadTopology("fixtures/minimal-pair/topology.yaml");
const SEED = 11;

/** The counterexample that a property which fails is shrunk to. */
function shrunk<T>(property: fc.IProperty<[T]>): T {
  const { failed, counterexample } = fc.check(property, { seed: SEED, numRuns: 300 }) as fc.RunDetails<[T]>;
  expect(failed).toBe(true);
  return counterexample![0];
}

describe("a fault schedule", () => {
  it("is a timeline that can be played", () => {
    fc.assert(
      fc.property(faultSchedule(topology, { faultsMax: 3 }), (timeline) => {
        expect(runPossible(topology, { timeline, settle: "2m" }).verdict.replay).toMatch(/^fp1\./);
      }),
      { seed: SEED, numRuns: 6 },
    );
  });

  it("that has the address lost shrinks to one fault at the start that nobody heals", () => {
    const property = fc.property(faultSchedule(topology), (timeline) => {
      const { verdict } = runPossible(topology, { timeline, settle: "2m" });
      return (verdict.outagesMs["journey/visit"] ?? 0) === 0;
    });
    const timeline = shrunk(property);
    expect(timeline).toHaveLength(1);
    expect(timeline[0]).toMatchObject({ at: "0s", fault: expect.any(String) });
    expect(fc.stringify(timeline)).toMatch(/^\[\{"at":"0s","fault":"[a-z-]+",.*\}\]$/);
  });

  it("of a fault that is none is refused with the known ones", () => {
    expect(() => faultSchedule(topology, { faults: ["lose-nod"] })).toThrow(
      /unknown fault "lose-nod"; faults: .*lose-node/,
    );
    expect(() => faultSchedule(topology, { within: "soon" })).toThrow(/"soon" is no duration/);
  });
});

describe("operator actions", () => {
  it("are commands about what is there, in their order", () => {
    const names = new Set<string>();
    fc.assert(
      fc.property(operatorActions(topology), (timeline) => {
        for (const step of timeline) if ("operator" in step) names.add(String(step["operator"]));
        expect(runPossible(topology, { timeline, expect: { steady: { after: false } } }).trace.length).toBeGreaterThan(
          0,
        );
      }),
      { seed: SEED, numRuns: 12 },
    );
    expect(names.size).toBeGreaterThan(5);
  });

  it("that stop the site shrink to one command", () => {
    const property = fc.property(operatorActions(topology, { actions: ["disable", "enable", "move"] }), (timeline) => {
      const { verdict } = runPossible(topology, { timeline, settle: "2m" });
      return (verdict.outagesMs["journey/visit"] ?? 0) < 60_000;
    });
    expect(shrunk(property)).toEqual([{ at: "0s", operator: "disable", resource: "web/web" }]);
  });
});

it("small topologies load, settle and serve, and shrink to a pair that is told in a word", () => {
  fc.assert(
    fc.property(smallTopology(), ({ topology: one }) => {
      const { verdict } = run(one, { timeline: [{ fault: "lose-node", node: "web1" }], settle: "1m" });
      expect(verdict.because).not.toMatch(/steady state did not hold/);
    }),
    { seed: SEED, numRuns: 8 },
  );
  const failing = shrunk(
    fc.property(smallTopology(), ({ topology: one }) => {
      const { verdict } = run(one, { timeline: [{ fault: "partition", from: ["web1"] }], settle: "2m" });
      return verdict.promises.every(({ name, status }) => name !== "exclusive-resource" || status !== "broken");
    }),
  );
  expect(fc.stringify(failing)).toBe("2 nodes, no fencing");
  expect([...failing.files.keys()]).toContain("topology.yaml");
});

describe("a model run", () => {
  const check = (options: Parameters<typeof twinCommands>[1]) =>
    fc.check(
      fc.property(twinCommands(topology, options), (list) => fc.modelRun(twinSetup(topology), list)),
      { seed: SEED, numRuns: 100 },
    );

  it("of a cable that flaps has a healthy node fenced, told as an operator would", () => {
    const { counterexample, errorInstance } = check({ faults: ["flap-link"] });
    expect(String(counterexample![0])).toMatch(/^flap-link web\d\.eth0--switch.*,wait (\dm)?[\d.]+s/);
    expect((errorInstance as Error).message).toMatch(/^healthy-node-fenced is broken at \d/);
  });

  it("held to an invariant of one's own shrinks to the loss that breaks it", () => {
    const invariant = (twin: LiveTwin) => expect(twin.out()).toEqual([]);
    const { counterexample } = check({ faults: ["lose-node"], actions: ["standby"], invariant });
    expect(String(counterexample![0])).toMatch(/^(lose-node|standby web\/?)/);
    expect(String(counterexample![0]).split(",").length).toBeLessThanOrEqual(2);
  });
});

it("a runbook's mutations name their line and are played", async () => {
  const file = "fixtures/runbooks/move-and-clear.md";
  const havana = loadTopology("fixtures/openstack-havana/topology.yaml");
  const [mutation] = fc.sample(runbookMutation(havana, file), { seed: SEED, numRuns: 1 });
  expect(fc.stringify(mutation)).toMatch(/^line \d+ (skipped|repeated|swapped|on the peer|too early|second fault)/);
  expect(["pass", "fail", "unknown"]).toContain((await mutation!.play()).verdict);
});

it("the arbitraries have types", () => {
  expectTypeOf(faultSchedule).returns.toEqualTypeOf<fc.Arbitrary<TimelineStep[]>>();
  expectTypeOf(operatorActions).returns.toEqualTypeOf<fc.Arbitrary<TimelineStep[]>>();
  expectTypeOf(smallTopology).returns.toEqualTypeOf<fc.Arbitrary<SmallTopology>>();
  expectTypeOf(runbookMutation).returns.toExtend<fc.Arbitrary<{ readonly line: number }>>();
});
