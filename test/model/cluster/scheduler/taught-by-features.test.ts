import { describe, expect, test } from "vitest";
import {
  absent,
  decide,
  FENCE,
  graphOf,
  history,
  meta,
  NO_FENCING,
  operation,
  primitive,
  type Small,
  started,
} from "./small-cib.js";

const set = (id: string, members: readonly string[], more = ""): string =>
  `<resource_set id="${id}" ${more}>${members.map((m) => `<resource_ref id="${m}"/>`).join("")}</resource_set>`;
const LOST = '<rsc_ticket id="t" ticket="unknown" rsc="a" rsc-role="Unpromoted" loss-policy="fence"/>';
const onFail = (task: string, what: string): string =>
  `<operations><op id="o-${task}" name="${task}" interval="0" on-fail="${what}"/></operations>`;
const everywhere = (ids: readonly string[]): Small["histories"] => {
  const both = ids.map(absent).join("");
  return { 1: both, 2: both };
};

describe("decisions on CIBs with sets, tickets and their like, each as crm_simulate 2.1.5 takes it", () => {
  test("between sets it is the later task, a start, that needs the earlier, a demotion, to be possible", () => {
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a") + primitive("b"),
      constraints: `<rsc_order id="o" kind="Mandatory">${set("s1", ["a"], 'action="demote"')}${set("s2", ["b"])}</rsc_order>`,
      histories: everywhere(["a", "b"]),
    });
    expect(text).toContain("Start b ( n2 ) due to unrunnable a demote (blocked)");
  });

  test("some of a set are enough for what follows only where the set starts or is promoted", () => {
    const sets = set("s1", ["a"], 'action="demote" require-all="false"') + set("s2", ["b"]);
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a") + primitive("b"),
      constraints: `<rsc_order id="o" kind="Mandatory">${sets}</rsc_order>`,
      histories: everywhere(["a", "b"]),
    });
    expect(text).toContain("Start b ( n2 ) due to unrunnable a demote (blocked)");
  });

  test("a wish against being together gives way to the group that both are in, though it was said first", () => {
    const text = decide({
      options: NO_FENCING,
      resources: `<group id="g">${primitive("a")}${primitive("b")}</group>`,
      constraints: '<rsc_colocation id="k" rsc="b" with-rsc="a" score="-50"/>',
      histories: everywhere(["a", "b"]),
    });
    expect(text).toContain("Start b ( n1 )");
  });

  test("a ticket for the unpromoted role is lost without consequence", () => {
    const text = decide({
      resources: primitive("a") + FENCE,
      constraints: LOST,
      histories: { 1: started("a"), 2: absent("a") },
    });
    expect(text).not.toContain("deadman");
    expect(text).not.toContain("Stop a");
  });

  test("capacity that a stop frees is waited for on the node of the stop alone", () => {
    const needs = (id: string): string =>
      `<utilization id="${id}-u"><nvpair id="${id}-c" name="cpu" value="0"/></utilization>`;
    const lines = graphOf({
      options: { ...NO_FENCING, "placement-strategy": "utilization" },
      resources: primitive("a", needs("a")),
      histories: { 1: started("a"), 2: started("a") },
    });
    expect(lines).toContain("pseudo_event load_stopped_n1 after rsc_op a_stop_0 on n1");
    expect(lines).not.toContain("pseudo_event load_stopped_n1 after rsc_op a_stop_0 on n2");
  });

  test("with the strategy minimal, a resource without stickiness goes to the first of equal nodes", () => {
    const text = decide({
      options: { ...NO_FENCING, "placement-strategy": "minimal" },
      resources: primitive("a"),
      histories: { 1: absent("a"), 2: started("a") },
    });
    expect(text).toContain("Move a ( n2 -> n1 )");
  });

  test("a missing ticket names the nodes of an opt-in cluster, so that capacity is waited for on them", () => {
    const text = decide({
      options: { ...NO_FENCING, "placement-strategy": "utilization", "symmetric-cluster": "false" },
      resources: primitive("a", '<utilization id="u"><nvpair id="c" name="cpu" value="1"/></utilization>'),
      constraints: '<rsc_ticket id="t" ticket="unknown" rsc="a"/>',
      histories: { 1: started("a"), 2: absent("a") },
    });
    expect(text).toContain("Pseudo action: load_stopped_n2");
  });

  test.each(["Started", "Stopped"])("a rule for the role %s holds nowhere", (role) => {
    const rule = `<rule id="r" score="-INFINITY" role="${role}"><expression id="e" attribute="#uname" operation="defined"/></rule>`;
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a"),
      constraints: `<rsc_location id="l" rsc="a">${rule}</rsc_location>`,
      histories: everywhere(["a"]),
    });
    expect(text).toContain("Start a ( n1 )");
  });

  test("of a constraint with a rule, the rule's role counts and no other", () => {
    const rule = '<rule id="r" score="-INFINITY"><expression id="e" attribute="#uname" operation="defined"/></rule>';
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a"),
      constraints: `<rsc_location id="l">${set("s", ["a"], 'role="Promoted"')}${rule}</rsc_location>`,
      histories: everywhere(["a"]),
    });
    expect(text).not.toContain("Start a");
  });

  test("a rule that names a class and no provider means agents that have none", () => {
    const values = '<nvpair id="n" name="is-managed" value="false"/>';
    const rule = '<rule id="r" score="0"><rsc_expression id="e" class="ocf"/></rule>';
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a"),
      configuration: `<rsc_defaults><meta_attributes id="v">${rule}${values}</meta_attributes></rsc_defaults>`,
      histories: everywhere(["a"]),
    });
    expect(text).not.toContain("unmanaged");
  });

  test("a resource one of whose failures is ignored is banned by none, wherever it was", () => {
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a", onFail("start", "ignore") + meta("a", "migration-threshold", "1")),
      constraints: '<rsc_location id="l" rsc="a" node="n2" score="10"/>',
      histories: { 1: history("a", operation("a", "start", 1, 5).replaceAll("1:1:1:", "1:1:0:")), 2: absent("a") },
      attributes: { 2: { "fail-count-a#start_0": "INFINITY" } },
    });
    expect(text).toContain("Move a ( n1 -> n2 )");
  });
});
