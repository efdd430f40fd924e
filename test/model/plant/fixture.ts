import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { Blueprint, Run, type TraceEntry, type World } from "../../../model/kernel/index.js";
import { buildPlant, type Plant } from "../../../model/plant/index.js";
import { loadTopologyText } from "../../../model/topology/load.js";
import type { Topology } from "../../../model/topology/types.js";

const FOLDER = resolve("fixtures/openstack-havana");

function walk(folder: string, prefix = ""): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const relative = posix.join(prefix, name);
      return statSync(path).isDirectory() ? walk(path, relative) : [relative];
    });
}

let loaded: Topology | undefined;

/** The reference architecture, read from its fixture once. */
export function referenceTopology(): Topology {
  if (loaded) return loaded;
  const result = loadTopologyText(readFileSync(join(FOLDER, "topology.yaml"), "utf8"), "topology.yaml", {
    list: (folder) => (existsSync(join(FOLDER, folder)) ? walk(join(FOLDER, folder)) : undefined),
    read: (path) => (existsSync(join(FOLDER, path)) ? readFileSync(join(FOLDER, path), "utf8") : undefined),
  });
  if (!result.ok) throw new Error(result.errors.map((error) => error.message).join("\n"));
  loaded = result.topology;
  return loaded;
}

export interface PlantRun {
  readonly plant: Plant;
  readonly run: Run;
  readonly trace: TraceEntry[];
  /** The trace as lines: `123 node/lb1: NODE_LOST`. */
  readonly lines: () => string[];
}

let settled: { plant: Plant; world: World } | undefined;

/** The reference architecture's plant, running for two minutes already, without any cluster. */
export function plantRun(): PlantRun {
  if (!settled) {
    const blueprint = new Blueprint();
    const plant = buildPlant(blueprint, referenceTopology());
    const run = new Run(blueprint.world(1));
    run.advanceTo(120_000);
    settled = { plant, world: run.freeze() };
  }
  const trace: TraceEntry[] = [];
  const run = new Run(settled.world, { onTrace: (entry) => trace.push(entry) });
  return {
    plant: settled.plant,
    run,
    trace,
    lines: () =>
      trace.map(({ atMs, subject, what, from, to, text }) =>
        [`${atMs} ${subject}: ${what}`, to && `(${from} → ${to})`, text && `[${text}]`].filter(Boolean).join(" "),
      ),
  };
}
