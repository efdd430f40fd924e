import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import type { Cib } from "../../../../model/cluster/cib/types.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { cibKey } from "../../../../model/cluster/status/cib-key.js";
import { decisionKey } from "../../../../model/cluster/status/decision-key.js";
import { history, meta, NOW, operation, primitive, smallCib } from "./small-cib.js";

type FailCounts = Readonly<Record<string, string | undefined>>;

/** A primitive that runs on n1, failed so often by node (`n1/monitor_10000`). */
function failed(threshold: string | undefined, counts: FailCounts): Cib {
  const attributes = (node: string) =>
    Object.fromEntries(
      Object.entries(counts).flatMap(([key, value]) => {
        const [of, operation] = key.split("/");
        if (of !== node || value === undefined) return [];
        return [
          [`fail-count-a#${operation}`, value],
          [`last-failure-a#${operation}`, "1000"],
        ];
      }),
    );
  const xml = smallCib({
    options: { "stonith-enabled": "false" },
    resources: primitive("a", threshold === undefined ? "" : meta("a", "migration-threshold", threshold)),
    histories: { 1: history("a", operation("a", "start", 0, 5)), 2: history("a", operation("a", "monitor", 7, 5)) },
    attributes: { 1: attributes("n1"), 2: attributes("n2") },
  });
  return readCib(xml, "cib.xml");
}

const decided = (cib: Cib) => {
  const { actions, summary, placements } = scheduler.decide(cib, { nowEpochSeconds: NOW });
  return { actions, summary, placements };
};
const key = (cib: Cib) => `${decisionKey(cib)} ${cibKey(cib, NOW)}`;

describe("failures that a key tells", () => {
  it("are those that a decision tells: where the keys of two CIBs are the same, so are the decisions", () => {
    const count = fc.constantFrom(undefined, "1", "2", "3", "4", "7", "INFINITY");
    const counts = fc.record({
      "n1/monitor_10000": count,
      "n1/start_0": count,
      "n2/monitor_10000": count,
      "n2/start_0": count,
    });
    const threshold = fc.constantFrom(undefined, "0", "1", "3", "5", "INFINITY", "-1", "many");
    let same = 0;
    fc.assert(
      fc.property(threshold, counts, counts, (upTo, one, other) => {
        const [a, b] = [failed(upTo, one), failed(upTo, other)];
        if (key(a) !== key(b)) return;
        same++;
        expect(decided(a)).toEqual(decided(b));
      }),
      { numRuns: 3_000 },
    );
    expect(same).toBeGreaterThan(10);
  });

  it("are how often up to the threshold, and whether at all without one", () => {
    const keyOf = (threshold: string | undefined, count: string) =>
      key(failed(threshold, { "n1/monitor_10000": count }));
    expect(keyOf("3", "3")).toBe(keyOf("3", "4"));
    expect(keyOf("3", "2")).not.toBe(keyOf("3", "3"));
    expect(keyOf(undefined, "1")).toBe(keyOf(undefined, "9"));
    expect(keyOf(undefined, "9")).not.toBe(keyOf(undefined, "INFINITY"));
    expect(decided(failed("3", { "n1/monitor_10000": "2" }))).not.toEqual(
      decided(failed("3", { "n1/monitor_10000": "3" })),
    );
  });

  it("have an age until they have expired: where the keys are the same, so are the decisions, and when to look again", () => {
    const decidedWhen = (cib: Cib) => {
      const { actions, summary, recheckByEpochSeconds } = scheduler.decide(cib, { nowEpochSeconds: NOW });
      return { actions, summary, recheckByEpochSeconds };
    };
    const byKey = new Map<string, ReturnType<typeof decidedWhen>[]>();
    for (const seconds of [0, 1, 30, 58, 59, 60, 61, 62, 63, 64, 90, 600, 90_000]) {
      const cib = failedBefore(seconds, "1min");
      const told = cibKey(cib, NOW);
      byKey.set(told, [...(byKey.get(told) ?? []), decidedWhen(cib)]);
    }
    for (const [one, ...others] of byKey.values()) for (const other of others) expect(other).toEqual(one);
    const keyOf = (seconds: number, timeout: string) => cibKey(failedBefore(seconds, timeout), NOW);
    expect(keyOf(62, "1min")).toBe(keyOf(90_000, "1min"));
    expect(keyOf(59, "1min")).not.toBe(keyOf(62, "1min"));
    expect(keyOf(90, "2min")).not.toBe(keyOf(91, "2min"));
    expect(decidedWhen(failedBefore(30, "1min"))).not.toEqual(decidedWhen(failedBefore(62, "1min")));
  });
});

/** A primitive that may fail once, did so on n1 so long ago, and runs on n2. */
function failedBefore(seconds: number, timeout: string): Cib {
  const attributes = {
    "fail-count-a#monitor_10000": "1",
    "last-failure-a#monitor_10000": String(NOW - seconds),
  };
  const both = `${meta("a", "migration-threshold", "1")}`.replace(
    "</meta_attributes>",
    `<nvpair id="a-failure-timeout" name="failure-timeout" value="${timeout}"/></meta_attributes>`,
  );
  const xml = smallCib({
    options: { "stonith-enabled": "false" },
    resources: primitive("a", both),
    histories: { 1: history("a", operation("a", "monitor", 7, 5)), 2: history("a", operation("a", "start", 0, 6)) },
    attributes: { 1: attributes },
  });
  return readCib(xml, "cib.xml");
}
