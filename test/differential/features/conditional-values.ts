import fc from "fast-check";
import { type Draft, make } from "../mutations/draft.js";
import { dateRule, operationRule, type RandomRule, resourceRule, ruleXml } from "./rules.js";
import { at, type Family, type Subject } from "./subject.js";

const META: Readonly<Record<string, readonly string[]>> = {
  "resource-stickiness": ["0", "50", "INFINITY"],
  "migration-threshold": ["1", "3"],
  "target-role": ["Started", "Stopped"],
  "is-managed": ["true", "false"],
  priority: ["0", "5"],
  "failure-timeout": ["60s", "0"],
};
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "symmetric-cluster": ["true", "false"],
  "maintenance-mode": ["false", "true"],
  "no-quorum-policy": ["freeze", "ignore"],
};
const OPERATION: Readonly<Record<string, readonly string[]>> = {
  timeout: ["17s", "90s"],
  "on-fail": ["ignore", "stop", "block"],
  enabled: ["true", "false"],
};

const oneOf = (values: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<readonly [string, string]> =>
  fc.constantFrom(...Object.entries(values).flatMap(([name, all]) => all.map((value) => [name, value] as const)));

interface RandomSet {
  readonly pairs: readonly (readonly [string, string])[];
  readonly score: number;
  readonly rule: RandomRule | undefined;
}

function setsOf(
  values: Readonly<Record<string, readonly string[]>>,
  rule: fc.Arbitrary<RandomRule>,
): fc.Arbitrary<readonly RandomSet[]> {
  const pairs = fc.uniqueArray(oneOf(values), { minLength: 1, maxLength: 2, selector: ([name]) => name });
  const set = fc.record({ pairs, score: fc.nat(3), rule: fc.option(rule, { nil: undefined, freq: 4 }) });
  return fc.array(set, { minLength: 1, maxLength: 2 });
}

function setXml(cib: Subject, kind: string, { pairs, score, rule }: RandomSet): Draft {
  const id = cib.id("values");
  const children = pairs.map(([name, value]) => make("nvpair", { id: `${id}-${name}`, name, value }));
  if (rule) children.unshift(ruleXml(cib, rule, {}));
  return make(kind, { id, score: `${score}` }, children);
}

/** Meta-attributes of a resource or of all, in several sets with scores; each may hold under a rule only. */
export const conditionalMeta: Family = fc
  .record({
    own: fc.option(fc.record({ resource: fc.nat(7), sets: setsOf(META, dateRule) }), { nil: undefined }),
    defaults: setsOf(META, resourceRule),
  })
  .map(({ own, defaults }) => (cib) => {
    if (own) {
      const resource = at([...cib.tops, ...cib.primitives], own.resource);
      resource.children.unshift(...own.sets.map((set) => setXml(cib, "meta_attributes", set)));
    }
    cib.configuration("rsc_defaults").children.push(...defaults.map((set) => setXml(cib, "meta_attributes", set)));
  });

export const conditionalOperations: Family = setsOf(OPERATION, operationRule).map((sets) => (cib) => {
  cib.configuration("op_defaults").children.push(...sets.map((set) => setXml(cib, "meta_attributes", set)));
});

export const conditionalOptions: Family = setsOf(OPTIONS, dateRule).map((sets) => (cib) => {
  const config = cib.configuration("crm_config");
  config.children.push(...sets.map((set) => setXml(cib, "cluster_property_set", set)));
});
