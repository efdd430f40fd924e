import { expect, test } from "vitest";
import { parseXml } from "../../../model/cluster/cib/xml.js";
import { promisedOrder } from "../../../model/promises/configuration.js";

const configuration = parseXml(
  `<configuration>
    <crm_config><cluster_property_set id="o"><nvpair id="q" name="no-quorum-policy" value="freeze"/></cluster_property_set></crm_config>
    <resources>
      <group id="g"><primitive id="vip" class="ocf" type="IPaddr2"/><primitive id="fs" class="ocf" type="Filesystem"/></group>
      <clone id="c"><primitive id="web" class="lsb" type="httpd"/></clone>
      <primitive id="fence" class="stonith" type="fence_x"/>
    </resources>
    <constraints>
      <rsc_order id="must" first="c" then="g"/>
      <rsc_order id="may" first="fs" then="c" kind="Optional"/>
      <rsc_order id="promote" first="c" first-action="promote" then="g" then-action="start"/>
    </constraints>
  </configuration>`,
  "cib.xml",
);

test("a group's members follow one another on a node, its first follows the group's mandatory orders anywhere", () => {
  const { before } = promisedOrder(configuration);
  expect(before.get("fs")).toEqual([{ resources: ["vip"], sameNode: true, because: "group g" }]);
  expect(before.get("vip")).toEqual([{ resources: ["web"], sameNode: false, because: "order must" }]);
  expect(before.get("web")).toBeUndefined();
});

test("cloned resources and fence devices are not exclusive", () => {
  const order = promisedOrder(configuration);
  expect(order.exclusive).toEqual(["vip", "fs"]);
  expect(order.primitives.get("g")).toEqual(["vip", "fs"]);
  expect(order.noQuorumPolicy).toBe("freeze");
});
