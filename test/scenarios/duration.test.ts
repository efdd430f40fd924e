import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../scenarios/file/duration.js";

test("a duration with its unit is read as milliseconds", () => {
  expect(parseDuration("1500ms")).toBe(1_500);
  expect(parseDuration("30s")).toBe(30_000);
  expect(parseDuration("2.5m")).toBe(150_000);
  expect(parseDuration("0")).toBe(0);
});

test("a duration without a unit, negative or longer than a year is refused", () => {
  for (const text of ["30", "-1s", "1w", "367d", "1e3s", "5  m", "1m1h", ""])
    expect(parseDuration(text)).toBeUndefined();
});

test("any whole number of seconds survives being written and read part by part", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300_000 }), (seconds) => {
      const parts = formatDuration(seconds * 1_000).match(/\d+(?:\.\d+)?[a-z]+/g) ?? [];
      expect(parts.reduce((sum, part) => sum + parseDuration(part)!, 0)).toBe(seconds * 1_000);
    }),
  );
});
