import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { topologyGraph } from "../../../model/topology/graph.js";
import type { Topology } from "../../../model/topology/types.js";
import { loaded, replace, text, YAML } from "./havana.js";

/** Mappings with their keys in another order, lists as they are. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(record)).map((key) => [key, shuffled(record[key], order)]));
}

/** Everything but the places, which move with the lines. */
function shape(topology: Topology): string {
  return JSON.stringify(topology, (key, value) => {
    if (key === "place" || key === "ledger" || key === "assumptions") return undefined;
    return value instanceof Map ? [...value] : value;
  });
}

const topology = loaded();

describe("the hash of a topology", () => {
  test("loading twice gives the same topology", () => {
    const again = loaded();
    expect(again.hash).toBe(topology.hash);
    expect(shape(again)).toBe(shape(topology));
    expect(topology.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  test("does not depend on comments or on the order of keys; neither does the topology", () => {
    const value = parse(YAML) as unknown;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (salt) => {
        const mixed = (keys: string[]) =>
          [...keys].sort(
            (left, right) => ((left.length * salt) % 97) - ((right.length * salt) % 97) || (left < right ? 1 : -1),
          );
        const other = loaded({ yaml: () => stringify(shuffled(value, mixed), { aliasDuplicateObjects: false }) });
        expect(other.hash).toBe(topology.hash);
        expect(shape(other)).toBe(shape(topology));
      }),
      { seed: 3, numRuns: 8 },
    );
  });

  test("changes with a value of the YAML and with any file", () => {
    const yaml = loaded({ yaml: replace("vlan: 110", "vlan: 111") });
    const path = "files/all-lb/etc/haproxy/haproxy.cfg";
    const file = loaded({ files: { [path]: text(path).replace("fall 3", "fall 4") } });
    expect(new Set([topology.hash, yaml.hash, file.hash]).size).toBe(3);
  });

  test("the graph has the same vertices and edges in the same order", () => {
    const [left, right] = [topologyGraph(topology), topologyGraph(loaded())];
    expect(left.export()).toEqual(right.export());
    expect(left.edges()).toEqual(right.edges());
  });
});
