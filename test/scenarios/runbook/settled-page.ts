import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Topology } from "../../../model/topology/types.js";
import { Twins } from "../../../scenarios/run.js";
import { settledFor, topologyFileOf } from "../../../scenarios/runbook/prepare-runbook.js";
import type { Runbook } from "../../../scenarios/runbook/runbook.js";
import type { SettledTwin } from "../../../scenarios/runner/prepare.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const twins = new Twins({ scheduler });
const topologies = new Map<string, Topology>();

/** The settled twin of a page's topology; each topology is loaded and settled once a test file. */
export function settledPage(page: Runbook): SettledTwin {
  const file = topologyFileOf(page);
  let topology = topologies.get(file);
  if (!topology) {
    const loaded = loadTopology(file);
    if (!loaded.ok) throw loaded.errors[0];
    topology = loaded.topology;
    topologies.set(file, topology);
  }
  return settledFor(page, topology, twins);
}
