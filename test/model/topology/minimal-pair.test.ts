import { describe, expect, test } from "vitest";
import { lostWith } from "../../../model/topology/failure-domains.js";
import { topologyGraph } from "../../../model/topology/graph.js";
import { topologyJsonSchema } from "../../../model/topology/schema.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

describe("the minimal pair", () => {
  const result = loadTopology("fixtures/minimal-pair/topology.yaml");

  test("loads from disk: two nodes, one address, one journey", () => {
    if (!result.ok) throw new Error(result.errors.map((error) => error.message).join("\n"));
    const { clusters, virtualAddresses, journeys, release } = result.topology;
    expect(release).toEqual({ pacemaker: "2.1.5", stack: "corosync" });
    expect(clusters.get("web")!.nodes.map(({ node, id, nodeId }) => [node, id, nodeId])).toEqual([
      ["web1", "1", 1],
      ["web2", "2", 2],
    ]);
    expect(clusters.get("web")!.totem).toMatchObject({ tokenMs: 1_000, consensusMs: 1_200 });
    expect([...virtualAddresses.keys()]).toEqual(["10.0.0.100"]);
    expect([...journeys.keys()]).toEqual(["visit"]);
  });

  test("survives the loss of one node in its design, not of the only switch", () => {
    if (!result.ok) throw new Error("it does not load");
    const graph = topologyGraph(result.topology);
    const lost = (vertex: string) => lostWith(graph, [vertex]).map((loss) => loss.vertex);
    expect(lost("node/web1")).not.toContain("journey/visit");
    expect(lost("switch/switch")).toContain("journey/visit");
  });
});

describe("the published schema", () => {
  test("is strict JSON Schema with every section", () => {
    const schema = topologyJsonSchema() as { properties: Record<string, unknown>; additionalProperties: boolean };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(["sites", "nodes", "power", "neutron", "journeys"]),
    );
  });
});
