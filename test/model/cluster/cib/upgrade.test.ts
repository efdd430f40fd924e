import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import type { XmlElement } from "../../../../model/cluster/cib/types.js";
import { unpack } from "../../../../model/cluster/scheduler/unpack/unpack.js";

const cib = (schema: string): string => `<cib validate-with="${schema}"><configuration>
<crm_config><cluster_property_set id="x">
<nvpair id="x1" name="default-resource-stickiness" value="100"/><nvpair id="x2" name="default-action-timeout" value="33s"/>
<nvpair id="x4" name="no_quorum_policy" value="ignore"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1" type="normal"/></nodes>
<resources><primitive id="r" class="ocf" provider="pacemaker" type="Dummy">
<operations><op id="o" name="start" interval="0" requires="nothing"/></operations></primitive></resources>
<constraints/></configuration><status/></cib>`;

function find(e: XmlElement, id: string): XmlElement | undefined {
  if (e.attrs["id"] === id) return e;
  for (const c of e.children) {
    const found = find(c, id);
    if (found) return found;
  }
  return undefined;
}

describe("a configuration of an older schema", () => {
  const read = readCib(cib("pacemaker-1.2"), "old.xml");

  test("says what it became", () => {
    expect(read.attrs["validate-with"]).toBe("pacemaker-3.9");
    expect(read.notes[0]).toMatchObject({ kind: "upgraded", line: 1 });
  });

  test("has its defaults where the newest schema has them", () => {
    const state = unpack(read, 0);
    expect(state.options.noQuorumPolicy).toBe("ignore");
    expect(state.resourcesById.get("r")!.stickiness).toBe(100);
    expect(find(read.configuration, "x2")!.attrs["name"]).toBe("timeout");
  });

  test("has what an operation required as what its resource requires", () => {
    expect(find(read.configuration, "o")!.attrs["requires"]).toBeUndefined();
    expect(find(read.configuration, "_2TO3_o-meta-requires")!.attrs["value"]).toBe("nothing");
  });

  test.each(["pacemaker-3.99", "pacemaker-4.0", "pacemaker-9.9", "toString"])("%s is no schema", (schema) => {
    expect(() => readCib(cib(schema), "new.xml")).toThrow(/new\.xml:1: unknown schema/);
  });
});
