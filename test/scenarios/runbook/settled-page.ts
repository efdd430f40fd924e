import { scheduler } from "../../../model/cluster/scheduler/index.js";
import type { Topology } from "../../../model/topology/types.js";
import { Twins } from "../../../scenarios/run.js";
import { settledFor, topologyFileOf } from "../../../scenarios/runbook/page/prepare-runbook.js";
import { readRunbook } from "../../../scenarios/runbook/page/read-runbook.js";
import type { Runbook } from "../../../scenarios/runbook/page/runbook.js";
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

/** A page for the minimal pair: its body, with ~~~ for fences, and more front matter. */
export function pairPage(body: string, front = ""): Runbook {
  const fenced = body.replaceAll("~~~", "```");
  const text = `---\ntopology: topology.yaml\nnode: web1\nsettle: 2m\n${front}---\n\n# A page\n\n${fenced}\n`;
  return readRunbook(text, "fixtures/minimal-pair/page.md");
}
