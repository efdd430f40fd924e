import { describe, expect, test } from "vitest";
import {
  absent,
  DOWN,
  decide,
  FENCE,
  history,
  meta,
  NO_FENCING,
  NOW,
  operation,
  primitive,
  type Small,
  started,
} from "./small-cib.js";

describe("decisions on small CIBs, each as crm_simulate 2.1.5 takes it", () => {
  test("without a fence device where fencing is enabled, nothing starts; with one or a watchdog, it does", () => {
    const resources = primitive("a");
    const histories = { 1: absent("a"), 2: absent("a") };
    expect(decide({ resources, histories })).not.toContain("start on");
    expect(decide({ resources: resources + FENCE, histories })).toContain("Resource action: a start on n1");
    expect(decide({ resources, histories, options: { "have-watchdog": "true" } })).toContain("a start on n1");
  });

  test("a device that provides unfencing has each node unfenced before anything starts there", () => {
    const device = `<primitive id="dev" class="stonith" type="fence_scsi">${meta("dev", "provides", "unfencing")}</primitive>`;
    const small = { resources: primitive("a") + device, histories: { 1: absent("a"), 2: absent("a") } };
    expect(decide(small)).toContain("* Fence (on) n1 'required by ");
    const unfenced = { "#node-unfenced": "1700000000" };
    expect(decide({ ...small, attributes: { 1: unfenced, 2: unfenced } })).not.toContain("(on)");
    const changed = { ...unfenced, "#digests-all": "dev:fence_scsi:0123," };
    const text = decide({ ...small, attributes: { 1: changed, 2: unfenced } });
    expect(text).toContain("Fencing n1 (on)");
    expect(text).not.toContain("Fence (on) n1");
  });

  test("failures are counted for each operation since feature set 3.0.13, for the resource before", () => {
    const resources = primitive("a", meta("a", "migration-threshold", "1"));
    const histories = { 1: started("a"), 2: absent("a") };
    const small = { resources, histories, options: NO_FENCING };
    const each = { 1: { "fail-count-a#monitor_10000": "1" } };
    const whole = { 1: { "fail-count-a": "1" } };
    expect(decide({ ...small, attributes: each })).toContain("Move a ( n1 -> n2 )");
    expect(decide({ ...small, attributes: whole })).not.toContain("Move a");
    expect(decide({ ...small, attributes: whole, featureSet: "3.0.12" })).toContain("Move a ( n1 -> n2 )");
    expect(decide({ ...small, attributes: each, featureSet: "3.0.12" })).not.toContain("Move a");
  });

  test("a shutdown lock holds a resource for its node until it expires; then the history is dropped", () => {
    const locked = history("a", operation("a", "stop", 0, 9), `shutdown-lock="${NOW - 100}"`);
    const histories = { 1: locked, 2: absent("a") };
    const small = { resources: primitive("a") + FENCE, histories, states: { 1: DOWN } };
    const options = { "shutdown-lock": "true" };
    expect(decide({ ...small, options })).not.toContain("a start on n2");
    const text = decide({ ...small, options: { ...options, "shutdown-lock-limit": "60s" } });
    expect(text).toContain("a start on n2");
    expect(text).toContain("Cluster action: lrm_delete for a on n1");
  });

  test("two templates are not colocated with each other", () => {
    const template = (id: string): string => `<template id="${id}" class="ocf" provider="pacemaker" type="Dummy"/>`;
    const text = decide({
      options: NO_FENCING,
      resources: `${template("t")}${template("u")}<primitive id="a" template="t"/><primitive id="b" template="u"/>`,
      constraints: '<rsc_colocation id="c" rsc="t" with-rsc="u" score="INFINITY"/>',
      histories: { 1: absent("a") + absent("b"), 2: absent("a") + absent("b") },
    });
    expect(text).toContain("a start on n1");
    expect(text).toContain("b start on n2");
  });

  test("what lives on a clone that stops and does not start migrates away before", () => {
    const clone = `<clone id="c">${meta("c", "interleave", "true")}${primitive("store")}</clone>`;
    const text = decide({
      options: NO_FENCING,
      resources: clone + primitive("vm", meta("vm", "allow-migrate", "true")),
      constraints: `<rsc_order id="o" first="c" then="vm"/><rsc_colocation id="k" rsc="vm" with-rsc="c" score="INFINITY"/>
        <rsc_location id="l" rsc="c" node="n1" score="-INFINITY"/>`,
      histories: { 1: started("store") + started("vm"), 2: started("store") + absent("vm") },
    });
    expect(text).toContain("Migrate vm ( n1 -> n2 )");
  });

  test("what is under way is told of now, not in the revised status", () => {
    const pending = history("a", operation("a", "start", 0, -1).replace('op-status="0"', 'op-status="-1"'));
    const text = decide({ options: NO_FENCING, resources: primitive("a"), histories: { 1: pending, 2: absent("a") } });
    const [before, after] = text.split("Revised Cluster Status:");
    expect(before).toContain("Starting n1");
    expect(after).not.toContain("Starting");
  });

  test("an operation with on-fail=stop fails in one instance: all stop where they are alike, that one where they are not", () => {
    const operations = '<operations><op id="a-s" name="start" interval="0" on-fail="stop"/></operations>';
    const clone = (unique: string): string =>
      `<clone id="c">${meta("c", "globally-unique", unique)}${primitive("a", operations)}</clone>`;
    const failed = (id: string): string => history(id, operation(id, "start", 1, 5).replaceAll("1:1:1:", "1:1:0:"));
    const alike = decide({
      options: NO_FENCING,
      resources: clone("false"),
      histories: { 1: started("a"), 2: failed("a") },
    });
    expect(alike).toContain("Resource action: a stop on n1");
    expect(alike).toContain("Resource action: a stop on n2");
    const told = decide({
      options: NO_FENCING,
      resources: clone("true"),
      histories: { 1: started("a:0") + absent("a:1"), 2: failed("a:1") + absent("a:0") },
    });
    expect(told).not.toContain("a:0 stop");
    expect(told).toContain("Resource action: a:1 stop on n2");
  });

  test("a failed dependent without influence stops and leaves an active group where it is; a stopped group it places", () => {
    const small = (influence: string, members: (id: string) => string): Small => ({
      options: NO_FENCING,
      resources: `${primitive("a", meta("a", "migration-threshold", "1"))}<group id="g">${primitive("g1")}${primitive("g2")}</group>`,
      constraints: `<rsc_colocation id="k" rsc="a" with-rsc="g" score="INFINITY" ${influence}/>`,
      histories: { 1: started("a") + members("g1") + members("g2"), 2: absent("a") + absent("g1") + absent("g2") },
      attributes: { 1: { "fail-count-a#monitor_10000": "1" } },
    });
    const apart = decide(small('influence="false"', started));
    expect(apart).toContain("Stop a ( n1 ) due to node availability");
    expect(apart).not.toContain("Move");
    expect(decide(small("", started))).toContain("Move g1 ( n1 -> n2 )");
    expect(decide(small('influence="false"', absent))).toContain("Start g1 ( n2 )");
  });

  test("a failed dependent without influence does not have another instance promoted", () => {
    const small = (influence: string): Small => ({
      options: NO_FENCING,
      resources: `${primitive("a", meta("a", "migration-threshold", "1"))}
        <clone id="p">${meta("p", "promotable", "true")}${primitive("s")}</clone>`,
      constraints: `<rsc_colocation id="k" rsc="a" with-rsc="p" with-rsc-role="Promoted" score="INFINITY" ${influence}/>`,
      histories: { 1: started("a") + history("s", operation("s", "promote", 0, 6)), 2: absent("a") + started("s") },
      attributes: { 1: { "fail-count-a#monitor_10000": "1", "master-s": "10" }, 2: { "master-s": "5" } },
    });
    const apart = decide(small('influence="false"'));
    expect(apart).toContain("Stop a ( n1 ) due to node availability");
    expect(apart).not.toMatch(/\* (Promote|Demote) /);
    expect(decide(small(""))).toContain("Promote s:1 ( Unpromoted -> Promoted n2 )");
  });
});
