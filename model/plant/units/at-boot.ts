import type { Blueprint, Instant, Reader } from "../../kernel/index.js";
import type { Topology } from "../../topology/types.js";
import type { NodeId } from "../../twin/parts.js";
import { must } from "../unknown-name.js";

/** What init starts at boot: the topology's units, and what chkconfig, systemctl or pcs changed since. */
export interface AtBoot {
  /** In init's order; what was switched on later comes last. */
  units(read: Reader, node: NodeId): readonly string[];
  has(read: Reader, node: NodeId, unit: string): boolean;
  set(instant: Instant, node: NodeId, unit: string, on: boolean): void;
}

/** Whether these start at boot is the topology's `clusterAtBoot`. */
const STACK: ReadonlySet<string> = new Set(["pacemaker", "corosync", "cman"]);
const NO_CHANGES: ReadonlyMap<string, boolean> = new Map();

export function buildAtBoot(blueprint: Blueprint, topology: Topology, nodes: readonly NodeId[]): AtBoot {
  const changes = new Map(nodes.map((id) => [id, blueprint.cell(`at-boot/${id}`, NO_CHANGES)]));
  const changesOf = (read: Reader, node: NodeId) => read.get(must(changes, node, "node", "nodes"));
  const given = (node: NodeId) => topology.nodes.get(node)?.units ?? [];
  const isGiven = (node: NodeId, unit: string) =>
    STACK.has(unit) ? (topology.nodes.get(node)?.clusterAtBoot ?? true) : given(node).includes(unit);
  return {
    units(read, node) {
      const changed = changesOf(read, node);
      if (changed.size === 0) return given(node);
      const added = [...changed].filter(([unit, on]) => on && !given(node).includes(unit)).map(([unit]) => unit);
      return [...given(node).filter((unit) => changed.get(unit) !== false), ...added];
    },
    has: (read, node, unit) => changesOf(read, node).get(unit) ?? isGiven(node, unit),
    set(instant, node, unit, on) {
      const next = new Map(changesOf(instant, node));
      if (on === isGiven(node, unit)) next.delete(unit);
      else next.set(unit, on);
      const cell = changes.get(node)!;
      instant.set(cell, next.size === 0 ? NO_CHANGES : new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1))));
    },
  };
}
