import type { Blueprint, Reader } from "../../kernel/index.js";
import type { Mount, Topology } from "../../topology/types.js";
import type { Storage } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import type { NetworkPart } from "../network/index.js";
import type { UnitsPart } from "../units/index.js";
import { buildMysql, type Mysql } from "./mysql.js";
import { buildNfs, type Nfs } from "./nfs.js";
import { buildSan, type San } from "./san.js";

export type { MysqlAnswer, MysqldState } from "./mysql.js";
export type { MountState, MountTry } from "./nfs.js";

export interface StoragePart extends Storage, Nfs, San {
  readonly mysql: Mysql;
}

/** NFS, SAN, and the databases on them. */
export function buildStorage(
  blueprint: Blueprint,
  topology: Topology,
  hosts: HostsPart,
  network: NetworkPart,
  units: UnitsPart,
): StoragePart {
  const san = buildSan(blueprint, topology, hosts);
  const deviceAnswers = (read: Reader, mount: Mount): boolean => {
    const group = volumeGroupOf(mount.device, san);
    return group === undefined || (san.activeOn(read, group).includes(mount.node) && san.sees(read, mount.node, group));
  };
  const nfs = buildNfs(blueprint, topology, hosts, network, units, deviceAnswers);
  const mysql = buildMysql(blueprint, topology, hosts, units, nfs);
  return { ...san, ...nfs, mysql };
}

/** `/dev/GROUP/volume` or `/dev/mapper/GROUP-volume`, where the group is on a LUN of the topology. */
function volumeGroupOf(device: string, san: San): string | undefined {
  const plain = /^\/dev\/([^/]+)\/[^/]+$/.exec(device)?.[1];
  if (plain !== undefined && plain !== "mapper" && san.hasVolumeGroup(plain)) return plain;
  const mapped = /^\/dev\/mapper\/(.+)$/.exec(device)?.[1];
  if (mapped === undefined) return undefined;
  // The mapper doubles dashes that belong to a name.
  const at = mapped.search(/(?<!-)-(?!-)/);
  const group = (at < 0 ? mapped : mapped.slice(0, at)).replaceAll("--", "-");
  return san.hasVolumeGroup(group) ? group : undefined;
}
