import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { topologyFromCib } from "../../../model/topology/from-cib.js";
import { topologyGraph } from "../../../model/topology/graph.js";
import { primitivesOf } from "../../../model/topology/primitives.js";
import { areCasesHere, fileOf } from "../../conformance-cases.js";

const PAIR = `<cib validate-with="pacemaker-3.8" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config/>
    <nodes>
      <node id="n2" uname="n2"/>
      <node id="n1" uname="n1"/>
      <node id="far" uname="far" type="remote"/>
    </nodes>
    <resources>
      <template id="address" class="ocf" provider="heartbeat" type="IPaddr2">
        <instance_attributes id="t"><nvpair id="t-mask" name="cidr_netmask" value="24"/></instance_attributes>
      </template>
      <primitive id="vip" template="address">
        <instance_attributes id="p"><nvpair id="p-ip" name="ip" value="10.0.0.9"/></instance_attributes>
      </primitive>
      <primitive id="fence" class="stonith" type="fence_xvm"/>
    </resources>
    <constraints/>
  </configuration>
  <status/>
</cib>`;

function bare(text: string, corosync?: string) {
  const result = topologyFromCib(text, "pair.xml", corosync);
  if (!result.ok) throw new Error(result.errors.map((error) => error.message).join("\n"));
  return result.topology;
}

describe("a topology from a bare CIB", () => {
  test("has its members on one network, and one controller for its fence devices", () => {
    const topology = bare(PAIR);
    const cluster = topology.clusters.get("cluster")!;
    expect(cluster.nodes.map(({ node, nodeId }) => [node, nodeId])).toEqual([
      ["n2", 1],
      ["n1", 2],
    ]);
    expect([...topology.nodes.keys()]).toEqual(["n1", "n2"]);
    expect(cluster.quorum).toMatchObject({ twoNode: true, waitForAll: true, expectedVotes: 2 });
    expect(cluster.totem).toMatchObject({ tokenMs: 3_000, consensusMs: 3_600 });
    expect([...cluster.fenceDevices[0]!.targets.keys()]).toEqual(["n2", "n1"]);
    expect(topology.powerControllers.get("stonith-cluster")).toMatchObject({ kind: "generic", links: [] });
  });

  test("takes parameters from templates", () => {
    expect(bare(PAIR).virtualAddresses.get("10.0.0.9")).toMatchObject({ resource: "vip", prefix: 24 });
  });

  test("takes the membership layer's times from a corosync.conf beside it", () => {
    const conf = `totem {\n  version: 2\n  token: 1000\n}\nnodelist {\n  node {\n    name: n1\n    nodeid: 1\n    ring0_addr: n1\n  }\n  node {\n    name: n2\n    nodeid: 2\n    ring0_addr: n2\n  }\n}\nquorum {\n  provider: corosync_votequorum\n  two_node: 1\n}\n`;
    const cluster = bare(PAIR, conf).clusters.get("cluster")!;
    expect(cluster.totem).toMatchObject({ tokenMs: 1_000, consensusMs: 1_200 });
    expect(cluster.nodes.map(({ node }) => node)).toEqual(["n1", "n2"]);
  });

  test("lists what it assumes", () => {
    const texts = bare(PAIR).assumptions.map((assumption) => assumption.text);
    expect(texts).toContain("all nodes stand on one network and one switch that never fail by themselves");
    expect(texts).toContain("token is not set");
  });

  test("a CIB without nodes, with one node twice, and no CIB are refused", () => {
    const refused = (text: string) => {
      const result = topologyFromCib(text, "pair.xml");
      return result.ok ? "" : result.errors[0]!.message;
    };
    expect(refused(PAIR.replace(/<node id.*\n/g, ""))).toBe("pair.xml: this CIB names no nodes");
    expect(refused(PAIR.replace('uname="n1"', 'uname="n2"'))).toBe('pair.xml:6: this node is named twice "n2"');
    expect(refused("<nothing/>")).toMatch(/^pair\.xml:1: /);
  });
});

describe.skipIf(!areCasesHere())("the Red Hat OpenStack CIB", () => {
  test("loads with its three nodes and 58 primitives, and as a graph", () => {
    const topology = bare(readFileSync(fileOf("complex_enforce_colo"), "utf8"));
    const cluster = topology.clusters.get("rhos6")!;
    expect(cluster.nodes.map(({ node }) => node)).toEqual(["rhos6-node1", "rhos6-node2", "rhos6-node3"]);
    expect(primitivesOf(cluster.cib)).toHaveLength(58);
    expect(cluster.fenceDevices).toHaveLength(3);
    expect(topology.virtualAddresses.size).toBe(12);
    expect(topologyGraph(topology).hasNode("resource/rhos6/keystone")).toBe(true);
  });
});
