import fc from "fast-check";
import { expect, test } from "vitest";
import { noOutage, type Outage, outageAfter, outageMs, outageNow } from "../../../model/promises/outage.js";

test("any succession of lost and served adds up to the time that was out", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.boolean())), (turns) => {
      let outage: Outage = noOutage;
      let nowMs = 0;
      let isServed = true;
      let expectedMs = 0;
      for (const [afterMs, served] of turns) {
        if (!isServed) expectedMs += afterMs;
        nowMs += afterMs;
        outage = outageAfter(outage, served, nowMs);
        isServed = served;
        expect(outageMs(outage, nowMs)).toBe(expectedMs);
      }
      expect(outage.longestMs).toBeLessThanOrEqual(outage.endedMs);
    }),
  );
});

test("two outages with the same budget left are one situation, whenever they began", () => {
  const early = { ...noOutage, budgetMs: 100, outSinceMs: 1_000 };
  const late = { ...noOutage, budgetMs: 100, outSinceMs: 9_000 };
  expect(outageNow(early, 1_040)).toEqual(outageNow(late, 9_040));
  expect(outageNow(early, 1_040)).not.toEqual(outageNow(early, 1_041));
  expect(outageNow(early, 5_000)).toEqual(outageNow(late, 20_000));
});

test("without a budget only whether it is out is part of the situation", () => {
  expect(outageNow({ ...noOutage, outSinceMs: 5, endedMs: 70 }, 100)).toEqual(
    outageNow({ ...noOutage, outSinceMs: 90 }, 100),
  );
});
