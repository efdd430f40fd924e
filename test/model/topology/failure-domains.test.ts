import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lostWith, singlePointsOf } from "../../../model/topology/failure-domains.js";
import { topologyGraph } from "../../../model/topology/graph.js";
import { loaded, replace } from "./havana.js";

const graph = topologyGraph(loaded());

function lost(...vertices: string[]): string[] {
  return lostWith(graph, vertices).map((loss) => loss.vertex);
}

describe("what is lost with a thing", () => {
  test("the ESX host that carries both database machines takes the database and every token", () => {
    const vertices = lost("hypervisor/esx1");
    expect(vertices).toContain("node/mysql1");
    expect(vertices).toContain("cluster/db");
    expect(vertices).toContain("database/mysqld");
    expect(vertices).toContain("journey/get-token");
  });

  test("with the machines kept apart it takes one of them, and the database stays", () => {
    const apart = topologyGraph(
      loaded({
        yaml: replace("  mysql2:\n    hypervisor: esx1", "  mysql2:\n    hypervisor: esx2"),
      }),
    );
    const vertices = lostWith(apart, ["hypervisor/esx1"]).map((loss) => loss.vertex);
    expect(vertices).toContain("node/mysql1");
    expect(vertices).not.toContain("database/mysqld");
    expect(vertices).not.toContain("journey/get-token");
  });

  test("one load balancer takes no journey, both take all that go through them", () => {
    expect(lost("node/lb1").filter((vertex) => vertex.startsWith("journey/"))).toEqual([]);
    expect(lost("node/lb1", "node/lb2")).toContain("journey/horizon-login");
  });

  test("two of three controllers take the cluster's quorum", () => {
    expect(lost("node/ctl1")).not.toContain("cluster/ctl");
    expect(lost("node/ctl1", "node/ctl2")).toContain("cluster/ctl");
  });

  test("feed B takes the hypervisor of vCenter, and with it the fencing of both database machines", () => {
    const vertices = lost("feed/feed-b");
    expect(vertices).toContain("fence-device/db/fence-mysql1");
    expect(vertices).toContain("fence-device/lb/fence-lb2");
    expect(vertices).not.toContain("fence-device/lb/fence-lb1");
  });

  test("the network node takes every guest's metadata, not the guests", () => {
    const vertices = lost("node/net1");
    expect(vertices.filter((vertex) => vertex.startsWith("journey/guest-metadata-"))).toHaveLength(3);
    expect(vertices.filter((vertex) => vertex.startsWith("guest/"))).toEqual([]);
  });

  test("each loss names what took it, down to what was lost first", () => {
    const because = new Map(lostWith(graph, ["node/nfs1"]).map(({ vertex, because: by }) => [vertex, by]));
    const chain = ["journey/get-token"];
    for (let next = because.get(chain[0]!); next !== undefined; next = because.get(next)) chain.push(next);
    expect(chain.at(-1)).toBe("node/nfs1");
    expect(chain).toContain("export/nfs1:/srv/mysql");
  });

  test("more lost at first is never less lost in the end", () => {
    const vertices = graph.nodes();
    fc.assert(
      fc.property(fc.constantFrom(...vertices), fc.constantFrom(...vertices), (one, other) => {
        const both = new Set(lost(one, other));
        for (const vertex of lost(one)) expect(both.has(vertex)).toBe(true);
      }),
      { seed: 5, numRuns: 60 },
    );
  });

  test("the single points of a token include the NFS server and the hypervisor, and no controller", () => {
    const points = singlePointsOf(graph, "journey/get-token");
    expect(points).toContain("node/nfs1");
    expect(points).toContain("hypervisor/esx1");
    expect(points.filter((vertex) => /^node\/(ctl|lb)/.test(vertex))).toEqual([]);
  });

  test("a vertex that is not there is refused", () => {
    expect(() => lost("node/none")).toThrow("no such vertex: node/none");
  });
});

describe("the graph", () => {
  test("edges name their ends, and nothing stands on itself", () => {
    for (const edge of graph.edges()) {
      expect(
        edge.startsWith(`${graph.getEdgeAttribute(edge, "kind")}:${graph.source(edge)}>${graph.target(edge)}`),
      ).toBe(true);
      expect(graph.source(edge)).not.toBe(graph.target(edge));
    }
  });

  test("every vertex is what its key says", () => {
    for (const vertex of graph.nodes()) {
      const { kind, id } = graph.getNodeAttributes(vertex);
      expect(vertex).toBe(`${kind}/${id}`);
    }
  });

  test("every node of the topology is joined to every network that its NICs are on", () => {
    const nics = graph.nodes().filter((vertex) => vertex.startsWith("nic/"));
    expect(nics.length).toBeGreaterThan(40);
    for (const nic of nics)
      expect(graph.outEdges(nic).map((edge) => graph.getEdgeAttribute(edge, "kind"))).toContain("cabled-by");
  });
});
