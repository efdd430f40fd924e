import { expect, test } from "vitest";
import type { Verdict } from "../../model/verdict/types.js";
import { compareWithBaseline, readBaseline } from "../../scenarios/records/baseline.js";
import { applyWaivers, readWaivers } from "../../scenarios/records/waivers.js";

const verdict = (name: string, kind: Verdict["verdict"], more: Partial<Verdict> = {}): Verdict => ({
  version: 1,
  name,
  title: name,
  file: `${name}.scenario.yaml`,
  verdict: kind,
  because: "as it is",
  outagesMs: {},
  promises: [],
  assumptions: [],
  unknowns: [],
  seed: 1,
  replay: "fp1.x",
  endedAtMs: 0,
  events: 0,
  ...more,
});

const file = `waivers:
  - scenario: lose-nfs
    reason: a second server is ordered
    owner: storage team
    expires: 2030-06-30
`;

test("a waived failure keeps its verdict and says who waived it", () => {
  const waivers = readWaivers(file, "waivers.yaml", ["lose-nfs", "other"]);
  const [waived, other] = applyWaivers([verdict("lose-nfs", "fail"), verdict("other", "fail")], waivers, "2030-06-30");
  expect(waived).toMatchObject({ verdict: "fail", waived: { owner: "storage team", expires: "2030-06-30" } });
  expect(other?.waived).toBeUndefined();
});

test("an expired waiver makes its scenario fail, also where it would pass", () => {
  const waivers = readWaivers(file, "waivers.yaml", ["lose-nfs"]);
  for (const kind of ["fail", "unknown", "pass"] as const) {
    const [expired] = applyWaivers([verdict("lose-nfs", kind)], waivers, "2030-07-01");
    expect(expired).toMatchObject({ verdict: "fail" });
    expect(expired?.waived).toBeUndefined();
    expect(expired?.because).toContain("expired on 2030-06-30");
  }
});

test("a waiver for an unknown scenario, without an owner or with no such day is refused with its place", () => {
  expect(() => readWaivers(file, "waivers.yaml", ["lose-node"])).toThrow(
    'waivers.yaml:2: a waiver for an unknown scenario "lose-nfs"; scenarios: lose-node',
  );
  expect(() => readWaivers(file.replace("owner", "owners"), "waivers.yaml", ["lose-nfs"])).toThrow(/waivers\.yaml:\d/);
  expect(() => readWaivers(file.replace("06-30", "06-31"), "waivers.yaml", ["lose-nfs"])).toThrow(
    'waivers.yaml:5: no such day "2030-06-31"',
  );
});

test("a recovery or an outage that grew is a regression, one that shrank is none", () => {
  const baseline = readBaseline(
    JSON.stringify({
      version: 1,
      scenarios: [{ name: "a", recoveryMs: 10, outagesMs: { "journey/x": 5, __proto__: 1 } }],
    }),
    "base.json",
  );
  const now = (recoveryMs: number | undefined, outagesMs: Record<string, number>) =>
    compareWithBaseline(
      [verdict("a", "pass", { ...(recoveryMs !== undefined && { recoveryMs }), outagesMs })],
      baseline,
    );
  expect(now(10, { "journey/x": 5 })).toEqual([]);
  expect(now(9, { "journey/x": 4 })).toEqual([]);
  expect(now(11, {})).toMatchObject([{ what: "recovery", beforeMs: 10, nowMs: 11 }]);
  expect(now(undefined, {})).toMatchObject([{ what: "recovery", nowMs: Number.POSITIVE_INFINITY }]);
  expect(now(10, { "journey/y": 1, toString: 2 })).toMatchObject([
    { what: "journey/y", beforeMs: 0, nowMs: 1 },
    { what: "toString", beforeMs: 0, nowMs: 2 },
  ]);
});

test("a baseline that is no run is refused", () => {
  expect(() => readBaseline("{", "base.json")).toThrow("base.json:1: no JSON");
  expect(() => readBaseline('{"scenarios": 1}', "base.json")).toThrow("base.json:1:");
});
