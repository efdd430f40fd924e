import fc from "fast-check";
import { type Draft, make, setPair } from "../mutations/draft.js";
import { at, maybe, type Subject } from "./subject.js";

/** A rule as data. Its conditions ask nodes, dates, or what kind of resource or operation it is about. */
export interface RandomRule {
  readonly any: boolean;
  readonly conditions: readonly Condition[];
  readonly nested: readonly Condition[];
}

type Condition = (id: string, cib: Subject) => Draft;

const NODE_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  rack: ["a", "b", "a"],
  weight: ["5", "50", "1e1"],
  release: ["2.1.5", "2.1.10", "3"],
};

/** Gives the nodes what the rules ask them for. */
export function describeNodes(cib: Subject): void {
  for (const [i, node] of cib.nodes.entries()) {
    for (const [name, values] of Object.entries(NODE_ATTRIBUTES)) {
      if (i < values.length) setPair(node, "instance_attributes", name, at(values, i));
    }
  }
}

const ofNodeNamed: fc.Arbitrary<Condition> = fc
  .record({ node: fc.nat(3), operation: fc.constantFrom("eq", "ne", "lt", "gte") })
  .map(
    ({ node, operation }) =>
      (id, cib) =>
        make("expression", { id, attribute: "#uname", operation, value: cib.nodeName(node) }),
  );

/** Pacemaker 2.1.5 does not come to an end where it is to compare as versions what are none. */
const ofRelease: fc.Arbitrary<Condition> = fc
  .record({ value: fc.constantFrom("2.1.5", "2.1.10"), operation: fc.constantFrom("eq", "ne", "lt", "gte") })
  .map(
    ({ value, operation }) =>
      (id) =>
        make("expression", { id, attribute: "release", operation, value, type: "version" }),
  );

const ofAttribute: fc.Arbitrary<Condition> = fc
  .record({
    what: fc.constantFrom(
      ["rack", "a"],
      ["rack", "b"],
      ["weight", "10"],
      ["weight", "50"],
      ["#kind", "cluster"],
      ["#is_dc", "true"],
      ["unheard-of", "1"],
    ),
    operation: fc.constantFrom("eq", "ne", "lt", "lte", "gt", "gte", "defined", "not_defined"),
    type: maybe(1, ["string", "integer", "number"]),
  })
  .map(({ what: [attribute, value], operation, type }) => (id) => {
    const attrs: Record<string, string> = { id, attribute: attribute!, operation };
    if (!operation.endsWith("defined")) {
      attrs["value"] = value!;
      if (type !== undefined) attrs["type"] = type;
    }
    return make("expression", attrs);
  });

/** All are decided in the first minute of 2026, a Thursday. */
const ofDate: fc.Arbitrary<Condition> = fc
  .constantFrom<readonly [Record<string, string>, Record<string, string>?, Record<string, string>?]>(
    [{ operation: "gt", start: "2025-06-01" }],
    [{ operation: "lt", end: "2025-06-01 10:00:00Z" }],
    [{ operation: "in_range", start: "2025-12-01", end: "2026-02-01" }],
    [{ operation: "in_range", end: "2025-02-01" }],
    [{ operation: "in_range", start: "2025-12-31" }, undefined, { months: "2" }],
    [{ operation: "date_spec" }, { hours: "0-8" }],
    [{ operation: "date_spec" }, { weekdays: "1-5", hours: "9-16" }],
    [{ operation: "date_spec" }, { years: "2026", monthdays: "1" }],
    [{ operation: "date_spec" }, { weekyears: "2026", weeks: "1" }],
  )
  .map(
    ([attrs, spec, duration]) =>
      (id) =>
        make("date_expression", { id, ...attrs }, [
          ...(spec ? [make("date_spec", { id: `${id}-spec`, ...spec })] : []),
          ...(duration ? [make("duration", { id: `${id}-duration`, ...duration })] : []),
        ]),
  );

const ofResource: fc.Arbitrary<Condition> = fc
  .constantFrom<Record<string, string>>(
    { class: "ocf" },
    { class: "ocf", provider: "pacemaker", type: "Dummy" },
    { type: "Stateful" },
    { class: "stonith" },
  )
  .map((attrs) => (id) => make("rsc_expression", { id, ...attrs }));

const ofOperation: fc.Arbitrary<Condition> = fc
  .constantFrom<Record<string, string>>(
    { name: "monitor" },
    { name: "monitor", interval: "10s" },
    { name: "start" },
    { name: "stop", interval: "0" },
  )
  .map((attrs) => (id) => make("op_expression", { id, ...attrs }));

function ruleOf(condition: fc.Arbitrary<Condition>): fc.Arbitrary<RandomRule> {
  return fc.record({
    any: fc.boolean(),
    conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
    nested: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(condition, { minLength: 1, maxLength: 2 })),
  });
}

/** What may be asked where a node is known. */
export const nodeRule = ruleOf(
  fc.oneof({ weight: 2, arbitrary: ofNodeNamed }, { weight: 4, arbitrary: ofAttribute }, ofRelease, ofDate),
);
/** What may be asked where the values of resources and options are read. */
export const dateRule = ruleOf(ofDate);
export const resourceRule = ruleOf(fc.oneof(ofDate, { weight: 3, arbitrary: ofResource }));
export const operationRule = ruleOf(
  fc.oneof(ofDate, { weight: 2, arbitrary: ofResource }, { weight: 3, arbitrary: ofOperation }),
);

/** The rule as an element, with more attributes (a score, a role). */
export function ruleXml(cib: Subject, rule: RandomRule, more: Readonly<Record<string, string>>): Draft {
  const id = cib.id("rule");
  const write = (conditions: readonly Condition[], prefix: string): Draft[] =>
    conditions.map((condition, i) => condition(`${id}-${prefix}${i}`, cib));
  const children = write(rule.conditions, "e");
  if (rule.nested.length > 0) {
    const how = rule.any ? "and" : "or";
    children.push(make("rule", { id: `${id}-n`, "boolean-op": how }, write(rule.nested, "n")));
  }
  return make("rule", { id, ...more, "boolean-op": rule.any ? "or" : "and" }, children);
}
