import type { MachineCell } from "../../model/kernel/index.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import { clusterData, decisionData, nodeWords, placesOf } from "./cluster-view.js";
import { graphData } from "./graph.js";
import { machineData } from "./machines.js";
import type { CellData, DecisionData, GroundData, MachineData } from "./page-data.js";
import { PathTable } from "./paths.js";

/** How things stand in a settled twin, before the first fault. */
export function groundData(id: string, { twin, base }: SettledTwin): GroundData {
  const { topology, clusters, services } = twin;
  const machines = new Map<string, MachineData>();
  const cells: CellData[] = [];
  for (const cell of twin.blueprint.cells) {
    const { machine } = cell as Partial<MachineCell>;
    if (!machine) continue;
    if (!machines.has(machine.id)) machines.set(machine.id, machineData(machine.definition));
    cells.push({ subject: cell.name, machine: machine.id, state: base.get(cell as MachineCell).value });
  }
  const decisions = clusters.ids.flatMap((cluster): DecisionData[] => {
    const by = clusters.dcOf(base, cluster);
    const decision = by === undefined ? undefined : clusters.decisionOf(base, by);
    return decision && by !== undefined
      ? [decisionData(decision, { atMs: 0, cluster, by, entry: 0 }, clusters.nodesOf(cluster))]
      : [];
  });
  const table = new PathTable();
  for (const name of twin.served.keys())
    table.add(0, name, services.state(base, name), services.path(base, name), () => 0);
  return {
    id,
    topology: { name: topology.name, title: topology.title, file: topology.file },
    ...graphData(topology, twin.served.keys()),
    machines: [...machines.values()],
    clusters: clusterData(twin, base),
    cells,
    places: clusters.ids.flatMap((cluster) => placesOf(twin, base, cluster, 0)),
    nodes: clusters.ids.flatMap((cluster) => nodeWords(twin, base, cluster, 0)),
    decisions,
    hops: table.hops,
    paths: table.paths,
  };
}
