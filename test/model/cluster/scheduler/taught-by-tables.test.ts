import { describe, expect, test } from "vitest";
import { absent, decide, FENCE, history, meta, NO_FENCING, operation, primitive, started } from "./small-cib.js";

const promotable = (id: string, inside = primitive(id), more = ""): string =>
  `<clone id="${id}-c"><meta_attributes id="${id}-c-m"><nvpair id="${id}-p" name="promotable" value="true"/>${more}</meta_attributes>${inside}</clone>`;
const result = (id: string, name: string, more: string, expected = 0): string =>
  `<lrm_rsc_op id="${id}_${name}" operation_key="${id}_${name}_0" operation="${name}" interval="0" transition-key="1:1:${expected}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" last-rc-change="1700000000" ${more}/>`;
const pending = (id: string): string =>
  result(id, "start", 'call-id="-1" rc-code="193" op-status="-1" transition-magic="-1:193;1:1:0:a"');

describe("decisions that tables of small CIBs taught, each as crm_simulate 2.1.5 takes it", () => {
  test("what failed with on-fail=demote is demoted, and promoted again where it still is the best", () => {
    const failed =
      '<lrm_rsc_op id="a_monitor" operation_key="a_monitor_11000" operation="monitor" interval="11000" call-id="8" rc-code="1" op-status="0" transition-key="1:1:8:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" transition-magic="0:1;1:1:8:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" last-rc-change="1700000000"/>';
    const demote =
      '<operations><op id="o" name="monitor" interval="11s" role="Promoted" on-fail="demote"/></operations>';
    const text = decide({
      options: NO_FENCING,
      resources: promotable("a", primitive("a", demote)),
      histories: { 1: history("a", operation("a", "promote", 0, 7) + failed) },
      attributes: { 1: { "master-a": "100" } },
    });
    expect(text).toContain("Re-promote a:0 ( Promoted n1 )");
    expect(text).toContain("Resource action: a demote on n1");
  });

  test("what is stopped while its start is pending has its group start, too", () => {
    const text = decide({
      resources: `<group id="g">${primitive("a")}</group>${FENCE}`,
      constraints: '<rsc_ticket id="t" ticket="unknown" rsc="g"/>',
      histories: { 1: history("a", pending("a")) },
    });
    expect(text).toContain("Stop a ( n1 ) due to node availability");
    expect(text).toContain("Pseudo action: g_start_0");
  });

  test("the status says where being unpromoted is all that is wanted", () => {
    const wanted = '<nvpair id="a-t" name="target-role" value="Unpromoted"/>';
    const small = { options: NO_FENCING, histories: { 1: started("a"), 2: started("a") } };
    const text = decide({ ...small, resources: promotable("a", primitive("a"), wanted) });
    expect(text).toContain("Unpromoted (target-role): [ n1 n2 ]");
    expect(decide({ ...small, resources: promotable("a") })).toContain("Unpromoted: [ n1 n2 ]");
  });

  test("of what is active twice and stays, the unexpected one's stop says why", () => {
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a", meta("a", "multiple-active", "stop_unexpected")),
      histories: { 1: started("a"), 2: history("a", operation("a", "monitor", 1, 5)) },
    });
    expect(text).toContain("Recover a ( n1 ) due to being multiply active");
  });

  test("what cannot start again has the stop told that was planned first, wherever that is", () => {
    const waiting = 'in_ccm="true" crmd="online" join="pending" expected="member"';
    const text = decide({
      resources: primitive("a") + FENCE,
      histories: { 1: started("a"), 2: history("a", operation("a", "monitor", 1, 5)) },
      states: { 1: waiting },
    });
    expect(text).toContain("Stop a ( n1 )\n");
  });

  test("what a migration left behind is stopped without a line where it cannot start again", () => {
    const away = result(
      "a",
      "migrate_to",
      'call-id="5" rc-code="1" op-status="0" transition-magic="0:1;1:1:0:a" migrate_source="n1" migrate_target="n9"',
    );
    const text = decide({
      options: NO_FENCING,
      resources: primitive("a"),
      histories: { 1: history("a", away) },
      haveQuorum: false,
    });
    expect(text).not.toContain("Stop a");
    expect(text).toContain("Resource action: a stop on n1");
  });

  test("an instance goes where promotion is worth more, if any instance was looked for there", () => {
    const small = { options: NO_FENCING, resources: promotable("a"), attributes: { 2: { "master-a": "100" } } };
    const known = decide({ ...small, histories: { 1: started("a"), 2: absent("a") } });
    expect(known).toContain("Move a:0 ( Unpromoted n1 -> Promoted n2 )");
    expect(known).toContain("Start a:1 ( n1 )");
    const unknown = decide({ ...small, histories: { 1: started("a") } });
    expect(unknown).toContain("Promote a:1 ( Stopped -> Promoted n2 )");
  });
});
