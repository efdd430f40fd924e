import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Topology } from "../../model/topology/types.js";
import { TopologyErrors } from "../../scenarios/topology-errors.js";
import { loadTopology } from "../../scenarios/topology-files.js";

/** Where the shipped fixtures are: beside dist/ in a package and in a checkout, beside the sources under test. */
export function fixturesFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, "../../../fixtures"), join(here, "../../fixtures")];
  return places.find((place) => existsSync(place)) ?? places[0]!;
}

/** The reference architecture: what verbs take where nobody names a topology. */
export function referenceTopology(): string {
  return join(fixturesFolder(), "openstack-havana", "topology.yaml");
}

/**
 * Loads a topology: YAML, the folder that holds its topology.yaml, or a bare CIB. Throws TopologyErrors with every
 * mistake found.
 */
export function topologyFrom(given: string): Topology {
  const isFolder = statSync(given, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const loaded = loadTopology(isFolder ? join(given, "topology.yaml") : given);
  if (!loaded.ok) throw new TopologyErrors(loaded.errors);
  return loaded.topology;
}
