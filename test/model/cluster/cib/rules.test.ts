import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../../../model/cluster/cib/dates.js";
import { collectPairs } from "../../../../model/cluster/cib/nvpair-sets.js";
import {
  compareVersions,
  type RuleContext,
  type RuleListener,
  ruleHolds,
} from "../../../../model/cluster/cib/rules.js";
import { parseXml } from "../../../../model/cluster/cib/xml.js";

const node = new Map([
  ["#uname", "n1"],
  ["cpus", "10"],
  ["site", "Paris"],
]);

function holds(conditions: string, more: Partial<RuleContext> = {}, operator = "and"): boolean {
  const rule = parseXml(`<rule boolean-op="${operator}">${conditions}</rule>`, "rule");
  return ruleHolds(rule, { nowEpochSeconds: 0, node, ...more });
}

const listener = (heard: Partial<RuleListener>): RuleListener => ({ onChange() {}, onTrouble() {}, ...heard });

const expression = (attribute: string, operation: string, value: string, type = ""): string =>
  `<expression attribute="${attribute}" operation="${operation}" value="${value}"${type ? ` type="${type}"` : ""}/>`;

describe("rules", () => {
  test("an ordered comparison is numeric unless it says string", () => {
    expect(holds(expression("cpus", "gt", "9"))).toBe(true);
    expect(holds(expression("cpus", "gt", "9", "string"))).toBe(false);
  });

  test("text compares without case; a missing attribute is not equal, and different", () => {
    expect(holds(expression("site", "eq", "PARIS"))).toBe(true);
    expect(holds(expression("nowhere", "eq", "x"))).toBe(false);
    expect(holds(expression("nowhere", "ne", "x"))).toBe(true);
    expect(holds(expression("nowhere", "lt", "5"))).toBe(false);
  });

  test("lt, eq and gt of integers exclude one another and cover all", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
        fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
        (a, b) => {
          const context = { node: new Map([["x", String(a)]]) };
          const answers = ["lt", "eq", "gt"].map((operation) =>
            holds(expression("x", operation, String(b), "integer"), context),
          );
          expect(answers.filter(Boolean)).toHaveLength(1);
          expect(answers).toEqual([a < b, a === b, a > b]);
        },
      ),
    );
  });

  test("versions compare part by part, by number", () => {
    expect(compareVersions("1.10", "1.9")).toBe(1);
    expect(compareVersions("1.2", "1.2.0")).toBe(0);
  });

  test("or of and is as its parts", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (a, b, c) => {
        const of = (truth: boolean): string => expression("cpus", "eq", truth ? "10" : "11");
        const inner = `<rule boolean-op="and">${of(b)}${of(c)}</rule>`;
        expect(holds(of(a) + inner, {}, "or")).toBe(a || (b && c));
      }),
    );
  });

  test("a date range says when its answer will change", () => {
    const at = (now: string): { held: boolean; changes: number[] } => {
      const changes: number[] = [];
      const range = '<date_expression operation="in_range" start="2020-01-01" end="2020-02-01"/>';
      const held = holds(range, {
        nowEpochSeconds: parseDate(now)!,
        listener: listener({ onChange: (t) => changes.push(t) }),
      });
      return { held, changes };
    };
    expect(at("2019-12-31")).toEqual({ held: false, changes: [parseDate("2020-01-01")] });
    expect(at("2020-01-15")).toEqual({ held: true, changes: [parseDate("2020-02-01")! + 1] });
    expect(at("2020-03-01")).toEqual({ held: false, changes: [] });
  });

  test("a date_spec matches ranges of hours and week days", () => {
    const spec = '<date_expression operation="date_spec"><date_spec hours="9-16" weekdays="1-5"/></date_expression>';
    expect(holds(spec, { nowEpochSeconds: parseDate("2024-06-03T16:59:59")! })).toBe(true);
    expect(holds(spec, { nowEpochSeconds: parseDate("2024-06-03T17:00:00")! })).toBe(false);
    expect(holds(spec, { nowEpochSeconds: parseDate("2024-06-02T12:00:00")! })).toBe(false);
  });

  test("a trouble is told where the expression is", () => {
    const told: string[] = [];
    holds('<expression attribute="cpus" operation="like" value="1"/>', {
      listener: listener({ onTrouble: (_, text) => told.push(text) }),
    });
    expect(told).toEqual(['unknown operation "like" of an expression']);
  });
});

describe("name-value sets", () => {
  function pairs(xml: string): Record<string, string> {
    const into = new Map<string, string>();
    collectPairs(parseXml(xml, "sets"), "s", { nowEpochSeconds: 0, node }, { find: () => undefined }, into);
    return Object.fromEntries(into);
  }

  test("the highest score goes first; of equal ones the last listed", () => {
    const set = (score: string, value: string): string => `<s ${score}><nvpair name="a" value="${value}"/></s>`;
    expect(pairs(`<r>${set("", "1")}${set("", "2")}</r>`)).toEqual({ a: "2" });
    expect(pairs(`<r>${set('score="5"', "1")}${set("", "2")}</r>`)).toEqual({ a: "1" });
  });

  test("within a set the first pair stands, and #default leaves the name to others", () => {
    expect(pairs('<r><s><nvpair name="a" value="1"/><nvpair name="a" value="2"/></s></r>')).toEqual({ a: "1" });
    expect(
      pairs('<r><s score="9"><nvpair name="a" value="#default"/></s><s><nvpair name="a" value="2"/></s></r>'),
    ).toEqual({ a: "2" });
  });

  test("a set with rules applies when one of them holds", () => {
    const rule = (value: string): string => `<rule>${expression("cpus", "eq", value)}</rule>`;
    const set = (rules: string): string => `<r><s>${rules}<nvpair name="a" value="1"/></s></r>`;
    expect(pairs(set(rule("11") + rule("10")))).toEqual({ a: "1" });
    expect(pairs(set(rule("11")))).toEqual({});
  });
});
