import { expect, test } from "vitest";
import { readCib } from "../../model/cluster/cib/read.js";
import { writeCib } from "../../model/cluster/cib/write.js";
import type { Topology } from "../../model/topology/types.js";
import { editCib } from "../../scenarios/edits/edit-cib.js";
import { readEdit } from "../../scenarios/edits/edit-text.js";

const cib = readCib(
  `<cib><configuration><crm_config/><nodes/><resources>
    <clone id="keystone-clone"><primitive id="keystone" class="systemd" type="keystone">
      <meta_attributes id="m"><nvpair id="r" name="target-role" value="Stopped"/></meta_attributes></primitive></clone>
    <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <primitive id="fence" class="stonith" type="fence_ipmilan"/>
  </resources><constraints><rsc_order id="o" first="keystone-clone" then="vip"/></constraints></configuration><status/></cib>`,
  "cib.xml",
);
const topology = { clusters: new Map([["c", {}]]) } as unknown as Topology;
const edited = (text: string) => {
  const found = editCib(cib, readEdit(text, topology, "x", 1));
  return found && writeCib(found).replace(/\s+/g, " ");
};

test("a meta attribute set on a clone goes to the child that has it itself, as crm_resource does", () => {
  const text = edited("keystone-clone:target-role=Started");
  expect(text).toContain('name="target-role" value="Started"');
  expect(text).not.toContain("Stopped");
});

test("parameters, properties and new meta attributes are set, and an empty value takes them out", () => {
  expect(edited("c/fence@delay=15")).toContain('name="delay" value="15"');
  expect(edited("c/:stonith-enabled=false")).toContain('name="stonith-enabled" value="false"');
  expect(edited("vip:resource-stickiness=200")).toContain('name="resource-stickiness" value="200"');
  expect(edited("keystone:target-role=")).not.toContain("target-role");
});

test("constraints and fence devices can be removed, other resources cannot", () => {
  expect(edited("-c/o")).not.toContain("rsc_order");
  expect(edited("-c/fence")).not.toContain("fence_ipmilan");
  expect(edited("-c/vip")).toBeUndefined();
  expect(edited("c/nothing:target-role=Stopped")).toBeUndefined();
});

test("a name that Pacemaker does not know is refused with those it does; taking one out is not", () => {
  expect(() => edited("vip:target-rol=Stopped")).toThrow(/unknown meta-attribute "target-rol"; .*target-role/);
  expect(() => edited("c/:stonith-enable=false")).toThrow(
    /unknown cluster property "stonith-enable"; .*stonith-enabled/,
  );
  expect(edited("vip:target-rol=")).toBeDefined();
});

test("a value that means nothing to Pacemaker is refused with what it could be", () => {
  expect(() => edited("vip:target-role=Stoped")).toThrow(/no value of target-role: "Stoped"; values: Started, Stopped/);
  expect(() => edited("c/:stonith-enabled=maybe")).toThrow(/no value of stonith-enabled: "maybe"; values: true, false/);
  expect(edited("vip:resource-stickiness=-INFINITY")).toContain('value="-INFINITY"');
});

test("what is no edit is refused with the forms that are", () => {
  for (const text of ["", "vip", "d/vip:a=b", "vip@=", "-c/o:x=y", "c/@x=y"])
    expect(() => readEdit(text, topology, "x.scenario.yaml", 7)).toThrow(/^x\.scenario\.yaml:7: /);
});
