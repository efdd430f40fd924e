import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import {
  absent,
  decide,
  FENCE,
  graphOf,
  history,
  meta,
  NO_FENCING,
  NOW,
  operation,
  primitive,
  smallCib,
  started,
} from "./small-cib.js";

const promotable = (id: string, inside = primitive(id), more = ""): string =>
  `<clone id="${id}-c"><meta_attributes id="${id}-c-m"><nvpair id="${id}-p" name="promotable" value="true"/>${more}</meta_attributes>${inside}</clone>`;
const result = (id: string, name: string, more: string, expected = 0): string =>
  `<lrm_rsc_op id="${id}_${name}" operation_key="${id}_${name}_0" operation="${name}" interval="0" transition-key="1:1:${expected}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" last-rc-change="1700000000" ${more}/>`;
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

  test("a node whose probes are said not to be complete is asked to probe by itself", () => {
    const small = { options: NO_FENCING, resources: primitive("a"), attributes: { 1: { probe_complete: "maybe" } } };
    expect(graphOf(small)).toContain("rsc_op probe_again-n1 on n1");
    expect(decide(small)).not.toContain("probe_again");
  });

  test("what recurs goes by its own name, though it is no monitor", () => {
    const recurring = '<operations><op id="o" name="migrate" interval="10s"/></operations>';
    const graph = graphOf({ options: NO_FENCING, resources: primitive("a", recurring) });
    expect(graph).toContain("rsc_op a_migrate_10000 on n1");
  });

  test.each([
    ["as long ago as failure-timeout is counted, and looked at again a second later", 60, 1],
    ["a second longer ago is counted no more", 61, undefined],
  ])("a failure %s", (_, secondsAgo, recheckIn) => {
    const at = NOW - secondsAgo;
    const failed = result("a", "start", 'call-id="5" rc-code="1" op-status="0" transition-magic="0:1;1:1:0:a"');
    const small = {
      options: NO_FENCING,
      resources: primitive("a", meta("a", "failure-timeout", "60s")),
      histories: { 1: history("a", failed.replaceAll("1700000000", `${at}`)) },
      attributes: { 1: { "fail-count-a#start_0": "INFINITY", "last-failure-a#start_0": `${at}` } },
    };
    const { recheckByEpochSeconds } = scheduler.decide(readCib(smallCib(small), "cib.xml"), { nowEpochSeconds: NOW });
    expect(recheckByEpochSeconds).toBe(recheckIn === undefined ? undefined : NOW + recheckIn);
    expect(decide(small).includes("FAILED n1")).toBe(recheckIn !== undefined);
  });

  describe("a recurring operation whose failure has expired", () => {
    const monitor = (intervalMs: number, rc: number, expected: number): string =>
      `<lrm_rsc_op id="a_monitor" operation_key="a_monitor_${intervalMs}" operation="monitor" interval="${intervalMs}" call-id="8" rc-code="${rc}" op-status="0" transition-key="1:1:${expected}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" transition-magic="0:${rc};1:1:${expected}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa" last-rc-change="1700000000"/>`;
    const watched = (operations: string): string =>
      primitive("a", `${meta("a", "failure-timeout", "60s")}<operations>${operations}</operations>`);

    test("is called off where the role that comes does without it", () => {
      const text = decide({
        options: NO_FENCING,
        resources: promotable("a", watched('<op id="o" name="monitor" interval="10s"/>')),
        histories: { 1: history("a", operation("a", "start", 0, 7) + monitor(10_000, 7, 0)) },
        attributes: { 1: { "master-a": "10" } },
      });
      expect(text).toContain("Promote a:0 ( Unpromoted -> Promoted n1 )");
      expect(text).toContain("Resource action: a cancel=10000 on n1");
    });

    test("is run again where its resource restarts in a role without it", () => {
      const text = decide({
        options: NO_FENCING,
        resources: `<clone id="c">${watched('<op id="o" name="monitor" interval="11s" role="Promoted"/>')}</clone>`,
        histories: { 1: history("a", operation("a", "promote", 0, 7) + monitor(11_000, 9, 8)) },
      });
      expect(text).toContain("Restart a:0 ( Promoted -> Started n1 )");
      expect(text).toContain("Resource action: a monitor=11000 on n1");
    });
  });
});
