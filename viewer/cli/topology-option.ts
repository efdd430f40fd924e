import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Topology } from "../../model/topology/types.js";
import { TopologyErrors } from "../../scenarios/topology-errors.js";
import { loadTopology } from "../../scenarios/topology-files.js";

const TOPOLOGY_FILE = "topology.yaml";

/** Where the shipped fixtures are: beside dist/ in a package and in a checkout, beside the sources under test. */
export function fixturesFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, "../../../fixtures"), join(here, "../../fixtures")];
  return places.find((place) => existsSync(place)) ?? places[0]!;
}

/** The reference architecture. */
export function referenceTopology(): string {
  return join(fixturesFolder(), "openstack-havana", "topology.yaml");
}

/** The topology.yaml of the working directory, if there is one: whoever stands in its folder means it. */
export function topologyHere(): string | undefined {
  return existsSync(TOPOLOGY_FILE) ? TOPOLOGY_FILE : undefined;
}

/** What verbs take where nobody names a topology. */
export function defaultTopology(): string {
  return topologyHere() ?? referenceTopology();
}

/** How help texts say it. */
export const DEFAULT_TOPOLOGY = `default: ${TOPOLOGY_FILE} here, else the reference architecture`;

/**
 * Loads a topology: YAML, the folder that holds its topology.yaml, or a bare CIB. Throws TopologyErrors with every
 * mistake found.
 */
export function topologyFrom(given: string): Topology {
  const isFolder = existsSync(given) && statSync(given).isDirectory();
  const loaded = loadTopology(isFolder ? join(given, TOPOLOGY_FILE) : given);
  if (!loaded.ok) throw new TopologyErrors(loaded.errors);
  return loaded.topology;
}
