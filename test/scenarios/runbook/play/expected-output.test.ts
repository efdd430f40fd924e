import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differs, lineMatches } from "../../../../scenarios/runbook/play/expected-output.js";

describe("expected output", () => {
  test("lines that are the same but for blanks at the end match", () => {
    expect(differs(["a b", "  c"], "a  b \n  c\n")).toBeUndefined();
  });
  test("... stands for any number of lines, none included", () => {
    expect(differs(["...", "b", "..."], "b\n")).toBeUndefined();
    expect(differs(["...", "b", "..."], "a\nb\nc\n")).toBeUndefined();
  });
  test("... and [..] within a line stand for any text", () => {
    expect(differs(["time [..]ms, ... left"], "time 13ms, 3 left\n")).toBeUndefined();
    expect(lineMatches("a[..]b[..]c", "acbc")).toBe(true);
    expect(lineMatches("ab[..]bc", "abc")).toBe(false);
  });
  test("a line that did not come is named", () => {
    expect(differs(["...", "Started web2"], "Started web1\n")).toMatch(
      /"Started web2" did not come; it said: Started web1/,
    );
  });
  test("a line more than the page shows differs", () => {
    expect(differs(["a"], "a\nb\n")).toBeDefined();
  });
  test("any text matches itself, and itself between wildcards", () => {
    const lines = fc.array(
      fc.string({ maxLength: 12 }).map((line) => line.replace(/[.[\]\n\r]/g, "x")),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, (given) => {
        expect(differs(given, `${given.join("\n")}\n`)).toBeUndefined();
        expect(differs(["...", ...given, "..."], `first\n${given.join("\n")}\nlast\n`)).toBeUndefined();
      }),
    );
  });
});
