import { loadTopologyText } from "../../model/topology/load.js";
import type { Topology } from "../../model/topology/types.js";
import { syntheticTopology } from "./synthetic-topology.js";

/** A synthetic topology of so many nodes, loaded from its files in memory. */
export function loadSynthetic(nodes: number, files = syntheticTopology(nodes)): Topology {
  const paths = [...files.keys()];
  const loaded = loadTopologyText(files.get("topology.yaml")!, "topology.yaml", {
    read: (path) => files.get(path),
    list: (folder) => {
      const found = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
      return found.length > 0 ? found : undefined;
    },
  });
  if (!loaded.ok) throw loaded.errors[0]!;
  return loaded.topology;
}
