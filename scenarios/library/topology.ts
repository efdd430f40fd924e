import type { Topology } from "../../model/topology/types.js";
import { TopologyErrors } from "../topology-errors.js";
import { loadTopology as load } from "../topology-files.js";

/**
 * Reads a topology: a `topology.yaml` with the files that it names beside it, or a bare CIB (`*.xml`). `file` is used in
 * messages as it is given. Throws TopologyErrors, with every mistake found and its place.
 *
 * @example
 * const topology = loadTopology("pair/topology.yaml");
 */
export function loadTopology(file: string): Topology {
  const loaded = load(file);
  if (!loaded.ok) throw new TopologyErrors(loaded.errors);
  return loaded.topology;
}
