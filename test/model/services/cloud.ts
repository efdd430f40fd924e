import { readFileSync } from "node:fs";
import { Blueprint, type Instant, Run, type TraceEntry, type World } from "../../../model/kernel/index.js";
import { buildPlant, type Plant } from "../../../model/plant/index.js";
import { buildServices, type Services } from "../../../model/services/index.js";
import { loadTopologyText } from "../../../model/topology/load.js";
import type { Topology } from "../../../model/topology/types.js";
import { folderSource } from "../../../scenarios/topology-files.js";

const FOLDER = "fixtures/openstack-havana";

export interface Cloud {
  readonly topology: Topology;
  readonly plant: Plant;
  readonly services: Services;
  readonly blueprint: Blueprint;
  /** Everything up and settled, as the clusters would have it. */
  readonly settled: World;
}

/** Where each single resource of the reference architecture runs, when no cluster is there to decide it. */
const ACTIVE = { lb: "lb1", db: "mysql1", qpid: "ctl1", store: "storage1" };
const SINGLE = new Set(["openstack-ceilometer-central", "qpidd", "openstack-cinder-volume"]);

/**
 * The reference architecture's plant and services without its clusters: what they would start is started by hand, so
 * that services can be tested alone.
 */
export function buildCloud(edit: (yaml: string) => string = (yaml) => yaml): Cloud {
  const file = `${FOLDER}/topology.yaml`;
  const loaded = loadTopologyText(edit(readFileSync(file, "utf8")), file, folderSource(FOLDER));
  if (!loaded.ok) throw new Error(loaded.errors.map(String).join("\n"));
  const { topology } = loaded;
  const blueprint = new Blueprint();
  const plant = buildPlant(blueprint, topology);
  const services = buildServices(blueprint, topology, { plant });
  const run = new Run(blueprint.world(1));
  run.advanceTo(60_000);
  run.act((instant) => startByHand(instant, topology, plant));
  run.advanceTo(600_000);
  return { topology, plant, services, blueprint, settled: run.freeze() };
}

function startByHand(instant: Instant, topology: Topology, { network, storage, units }: Plant): void {
  network.addAddress(instant, ACTIVE.lb, "192.168.16.200");
  network.addAddress(instant, ACTIVE.db, "192.168.16.210");
  network.addAddress(instant, ACTIVE.qpid, "192.168.16.211");
  network.addAddress(instant, ACTIVE.store, "10.16.2.20");
  storage.mount(instant, `${ACTIVE.db}:/var/lib/mysql`);
  storage.mysql.start(instant, storage.mysql.databases[0]!, ACTIVE.db);
  storage.activate(instant, ACTIVE.store, "cinder-volumes");
  for (const { unit, node, startedBy, role } of topology.services.values()) {
    if (startedBy.kind !== "cluster" || role === "database") continue;
    if (SINGLE.has(unit) && node !== ACTIVE.qpid && node !== ACTIVE.store) continue;
    units.start(instant, node, unit);
  }
}

/** A timeline going on from a settled cloud, with its trace. */
export function timeline(cloud: Cloud): { run: Run; trace: TraceEntry[]; services: Services; plant: Plant } {
  const trace: TraceEntry[] = [];
  const run = new Run(cloud.settled, { onTrace: (entry) => trace.push(entry) });
  return { run, trace, services: cloud.services, plant: cloud.plant };
}
