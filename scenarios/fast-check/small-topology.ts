import fc from "fast-check";
import { loadTopologyText } from "../../model/topology/load.js";
import type { Topology } from "../../model/topology/types.js";
import { TopologyErrors } from "../topology-errors.js";
import { type Estate, filesOf } from "./estate.js";

/** A topology that was made up, with the files that say so. */
export interface SmallTopology {
  readonly topology: Topology;
  /** By path, `topology.yaml` among them: written to a folder, it is a topology of your own. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Two or three nodes with an address and a web server, in one rack or each in its own, on one feed or two, fenced or
 * not, with and without delays, stickiness and thresholds. It shrinks to a fenced pair in one rack, and is printed in a
 * line.
 */
export function smallTopology(): fc.Arbitrary<SmallTopology> {
  const estate: fc.Arbitrary<Estate> = fc.record({
    nodes: fc.constantFrom(2, 3),
    racks: fc.constantFrom(1, 2),
    feeds: fc.constantFrom(1, 2),
    fenced: fc.constantFrom(true, false),
    delaySeconds: fc.constantFrom(0, 5, 15),
    tokenMs: fc.constantFrom(1_000, 3_000, 10_000),
    monitorSeconds: fc.constantFrom(10, 30, 60),
    stickiness: fc.constantFrom(100, 0),
    migrationThreshold: fc.constantFrom(0, 1, 3),
  });
  return estate.map(small);
}

function small(estate: Estate): SmallTopology {
  const files = filesOf(estate);
  const below = (folder: string) => {
    const prefix = `${folder.replace(/\/+$/, "")}/`;
    return [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  };
  const source = {
    list: (folder: string) => (below(folder).length > 0 ? below(folder).sort() : undefined),
    read: (path: string) => files.get(path),
  };
  const loaded = loadTopologyText(files.get("topology.yaml")!, "topology.yaml", source);
  if (!loaded.ok) throw new TopologyErrors(loaded.errors);
  return Object.assign({ topology: loaded.topology, files }, { [fc.toStringMethod]: () => textOf(estate) });
}

function textOf(estate: Estate): string {
  const { nodes, racks, feeds, fenced, delaySeconds, tokenMs, monitorSeconds, stickiness, migrationThreshold } = estate;
  return [
    `${nodes} nodes`,
    racks > 1 && "a rack each",
    feeds > 1 && "two feeds",
    fenced ? delaySeconds > 0 && `fencing of web1 delayed by ${delaySeconds}s` : "no fencing",
    tokenMs !== 1_000 && `token ${tokenMs}ms`,
    monitorSeconds !== 10 && `monitors every ${monitorSeconds}s`,
    stickiness !== 100 && "no stickiness",
    migrationThreshold > 0 && `migration-threshold=${migrationThreshold}`,
  ]
    .filter((part) => part !== false)
    .join(", ");
}
