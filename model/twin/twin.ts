import type { Clusters, ClusterTimings } from "../cluster/index.js";
import { buildClusters } from "../cluster/index.js";
import type { Scheduler } from "../cluster/scheduler/interface.js";
import { Blueprint, type Reader } from "../kernel/index.js";
import { buildPlant, type Plant } from "../plant/index.js";
import { buildPromises, type Promises, type SharedData } from "../promises/index.js";
import { buildServices, type Services } from "../services/index.js";
import type { Topology } from "../topology/types.js";
import { carryAgentAttributes } from "./agent-attributes.js";
import { buildFlaps, type Flaps } from "./flaps.js";
import type { TwinParts } from "./parts.js";

/** A twin of one topology: its parts, wired. Worlds of its blueprint are its states. */
export interface Twin extends TwinParts {
  readonly plant: Plant;
  readonly clusters: Clusters;
  readonly services: Services;
  readonly guests: Services["guests"];
  readonly answers: Services["answers"];
  readonly neutron: Services["neutron"];
  readonly flaps: Flaps;
  readonly promises: Promises;
  /** Every service and journey, `service/…` and `journey/…`, and whether its users are served. */
  readonly served: ReadonlyMap<string, (read: Reader) => boolean>;
}

export interface TwinOptions {
  /** Ours, or the installed program. */
  readonly scheduler: Scheduler;
  readonly timings?: Partial<ClusterTimings>;
}

/** Builds a twin: hosts, network, files, units, storage, power, agents, clusters, services, promises, in that order. */
export function buildTwin(topology: Topology, options: TwinOptions): Twin {
  const blueprint = new Blueprint();
  const promises = buildPromises(blueprint, topology);
  const plant = buildPlant(blueprint, topology, (hosts) => promises.watchHosts(hosts));
  const { hosts, network, files, units, storage, power, agents } = plant;
  const clusters = buildClusters(blueprint, topology, {
    hosts,
    network,
    agents: promises.watchAgents(agents),
    power,
    scheduler: options.scheduler,
    startsAtBoot: (read, node) => units.atBoot.has(read, node, "pacemaker"),
    ...(options.timings && { timings: options.timings }),
  });
  agents.readConfigurationsFrom((read, cluster, node) => clusters.cibOf(read, cluster, node));
  carryAgentAttributes(blueprint, topology, agents, clusters);
  const services = buildServices(blueprint, topology, { plant });
  const flaps = buildFlaps(blueprint, topology, network);
  promises.know({ topology, hosts, agents, clusters }, sharedData(topology, plant), services.served, (read, name) => {
    const { text } = services.answer(read, name);
    return text === "" ? undefined : text;
  });
  return {
    blueprint,
    topology,
    plant,
    hosts,
    network,
    files,
    units,
    storage,
    agents,
    power,
    clusters,
    services,
    guests: services.guests,
    answers: services.answers,
    neutron: services.neutron,
    flaps,
    promises,
    served: services.served,
  };
}

/** Datadirs and volume groups on storage that several nodes reach. */
function sharedData(topology: Topology, { hosts, storage }: Plant): readonly SharedData[] {
  const groups = [...new Set([...topology.luns.values()].map(({ volumeGroup }) => volumeGroup))];
  return [
    ...storage.mysql.databases.map((id) => ({
      name: `database/${id}`,
      writers: (read: Reader) => storage.mysql.writers(read, id),
    })),
    ...groups.map((group) => ({
      name: `volume-group/${group}`,
      writers: (read: Reader) => storage.activeOn(read, group).filter((node) => hosts.isRunning(read, node)),
    })),
  ];
}
