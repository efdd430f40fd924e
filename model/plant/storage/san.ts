import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../../kernel/index.js";
import { datadirMachine } from "../../machines/datadir.js";
import { lunMachine } from "../../machines/lun.js";
import type { Topology } from "../../topology/types.js";
import type { NodeId } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import { must } from "../unknown-name.js";

export interface San {
  setLun(instant: Instant, lun: string, available: boolean): void;
  lunCell(lun: string): MachineCell | undefined;
  hasVolumeGroup(volumeGroup: string): boolean;
  /** The state of a volume group's data: `clean`, `open`, `dirty` or `corrupt`. */
  volumeGroupCell(volumeGroup: string): MachineCell | undefined;
  /** Nodes on which it is active. */
  activeOn(read: Reader, volumeGroup: string): readonly NodeId[];
  /** The node sees the LUNs of a volume group; of those that mirror it, one. */
  sees(read: Reader, node: NodeId, volumeGroup: string): boolean;
  activate(instant: Instant, node: NodeId, volumeGroup: string): void;
  deactivate(instant: Instant, node: NodeId, volumeGroup: string): void;
}

const NOWHERE: readonly NodeId[] = Object.freeze([]);

/** LUNs that several nodes see, and the volume groups on them. Two nodes that use one at once destroy it. */
export function buildSan(blueprint: Blueprint, topology: Topology, hosts: HostsPart): San {
  const luns = new Map([...topology.luns.keys()].map((id) => [id, blueprint.machine(`lun/${id}`, lunMachine)]));
  const lunsOf = new Map<string, string[]>();
  for (const { id, volumeGroup } of topology.luns.values())
    lunsOf.set(volumeGroup, [...(lunsOf.get(volumeGroup) ?? []), id]);
  const active = new Map<string, Cell<readonly NodeId[]>>();
  const data = new Map<string, MachineCell>();
  for (const group of lunsOf.keys()) {
    active.set(group, blueprint.cell<readonly NodeId[]>(`volume-group/${group}/active`, NOWHERE));
    data.set(group, blueprint.machine(`volume-group/${group}`, datadirMachine));
    blueprint.observer<string>(
      `volume-group/${group}`,
      (read) =>
        read
          .get(active.get(group)!)
          .filter((node) => hosts.isRunning(read, node))
          .join(", "),
      (instant, writers) => {
        if (writers.includes(","))
          instant.send(data.get(group)!, { type: "TWO_WRITERS" }, { text: `active on ${writers} at once` });
      },
    );
  }

  function setActive(instant: Instant, group: string, node: NodeId, on: boolean, died: boolean): void {
    const cell = must(active, group, "volume group", "volume groups");
    const before = instant.get(cell);
    if (before.includes(node) === on) return;
    const next = on ? [...before, node].sort() : before.filter((other) => other !== node);
    instant.set(cell, next.length === 0 ? NOWHERE : next);
    if (on) instant.send(data.get(group)!, { type: "WRITER_OPENED" }, { text: `active on ${node}` });
    else if (next.length === 0)
      instant.send(data.get(group)!, { type: died ? "WRITER_DIED" : "WRITER_CLOSED" }, { text: `no more on ${node}` });
  }

  hosts.onLost((instant, node) => {
    for (const group of active.keys()) setActive(instant, group, node, false, true);
  });

  return {
    setLun: (instant, id, available) =>
      void instant.send(must(luns, id, "LUN", "LUNs"), { type: available ? "LUN_RESTORED" : "LUN_LOST" }),
    lunCell: (id) => luns.get(id),
    hasVolumeGroup: (group) => active.has(group),
    volumeGroupCell: (group) => data.get(group),
    activeOn: (read, group) => read.get(must(active, group, "volume group", "volume groups")),
    sees(read, node, group) {
      const seen = (id: string) => {
        const { nodes, feeds } = topology.luns.get(id)!;
        return nodes.includes(node) && hosts.isFed(read, feeds) && read.get(luns.get(id)!).value === "available";
      };
      const all = must(lunsOf, group, "volume group", "volume groups");
      const mirrors = all.filter((id) => topology.luns.get(id)!.mirror);
      const others = all.filter((id) => !mirrors.includes(id));
      return others.every(seen) && (mirrors.length === 0 || mirrors.some(seen));
    },
    activate: (instant, node, group) => setActive(instant, group, node, true, false),
    deactivate: (instant, node, group) => setActive(instant, group, node, false, false),
  };
}
