import type { Blueprint } from "../kernel/index.js";
import type { Topology } from "../topology/types.js";
import type { PlantParts } from "./agents/agent-model.js";
import { buildAgents, type PlantAgents } from "./agents/index.js";
import { buildFiles } from "./files/index.js";
import { buildHosts, type HostsPart } from "./hosts/index.js";
import { buildNetwork } from "./network/index.js";
import { buildPower } from "./power/index.js";
import { buildStorage } from "./storage/index.js";
import { buildUnits } from "./units/index.js";

export type { PlantParts } from "./agents/agent-model.js";
export type { FilesPart } from "./files/index.js";
export type { HostsPart } from "./hosts/index.js";
export type { NetworkPart } from "./network/index.js";
export type { PowerPart } from "./power/index.js";
export type { StoragePart } from "./storage/index.js";
export type { UnitsPart } from "./units/index.js";

export interface Plant extends PlantParts {
  readonly agents: PlantAgents;
}

/** Everything below the cluster: hosts, network, files, units, storage, power, and the resource agents on them. */
export function buildPlant(
  blueprint: Blueprint,
  topology: Topology,
  /** The hosts as power controllers see them: promises watch whom they switch off. */
  powerHosts: (hosts: HostsPart) => HostsPart = (hosts) => hosts,
): Plant {
  const hosts = buildHosts(blueprint, topology);
  const network = buildNetwork(blueprint, topology, hosts);
  const files = buildFiles(blueprint, topology, hosts);
  const units = buildUnits(blueprint, topology, hosts, files);
  const storage = buildStorage(blueprint, topology, hosts, network, units);
  const power = buildPower(blueprint, topology, powerHosts(hosts), network);
  const parts: PlantParts = { hosts, network, files, units, storage, power };
  return { ...parts, agents: buildAgents(blueprint, topology, parts) };
}
