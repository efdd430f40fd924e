import type { Ground } from "../dataplane/ground.js";
import type { Blueprint, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { l2Agent } from "../machines/l2-agent.js";
import type { HostsPart } from "../plant/hosts/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import type { Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";

const UNIT = "neutron-openvswitch-agent";
const PLUGIN_FILES = ["/etc/neutron/plugin.ini", "/etc/neutron/plugins/openvswitch/ovs_neutron_plugin.ini"];
const POLLING_MS = 2_000;

export interface L2AgentsPart {
  cell(node: NodeId): MachineCell | undefined;
  /** Frames of the ports that were wired pass the node's bridges. */
  passes(read: Reader, node: NodeId): boolean;
  /** A port that appears now will be wired: the agent is there and neutron-server tells it how. */
  wiresNewPorts(read: Reader, node: NodeId): boolean;
  /** The agent's bridge for a physical network has a NIC; where not, why. */
  unmapped(read: Reader, node: NodeId, physicalNetwork: string): string | undefined;
}

/** The Open vSwitch agents, and what they have done to their nodes' bridges. */
export function buildL2Agents(
  blueprint: Blueprint,
  topology: Topology,
  deps: { readonly hosts: HostsPart; readonly units: UnitsPart; readonly ground: Ground },
  canAskNeutron: (read: Reader, node: NodeId) => boolean,
): L2AgentsPart {
  const { hosts, units } = deps;
  const agents = new Map<NodeId, { cell: MachineCell; sync: Watcher<boolean>; pollingMs: number }>();
  for (const { node, l2Agent: has } of topology.neutron.nodes.values()) {
    if (!has) continue;
    const cell = blueprint.machine(`l2-agent/${node}`, l2Agent);
    const files = topology.nodes.get(node)!.files;
    const path = PLUGIN_FILES.find((one) => files.has(one));
    const facts = path === undefined ? undefined : factsOf("ovs-plugin", path, files.get(path)!.text);
    const sync: Watcher<boolean> = blueprint.watcher<boolean>(`l2-agent/${node}/sync`, {
      evaluate: (read) => canAskNeutron(read, node),
      deliver(instant, can) {
        if (can) {
          instant.send(cell, { type: "PORTS_WIRED" });
          instant.unwatch(sync as Watcher<unknown>);
        }
        return true;
      },
    });
    agents.set(node, { cell, sync, pollingMs: typeof facts === "object" ? facts.pollingIntervalMs.value : POLLING_MS });
  }

  units.onChange((instant, node, unit, state) => {
    const agent = unit === UNIT ? agents.get(node) : undefined;
    if (!agent) return;
    if (state === "running" && !instant.isWatching(agent.sync as Watcher<unknown>)) {
      const before = instant.get(agent.cell).value;
      // A process that hung and goes on has not flushed anything.
      if (before === "wired") return;
      instant.send(agent.cell, { type: "STARTED" });
      instant.watch(agent.sync as Watcher<unknown>, agent.pollingMs);
    } else if (state === "stopped" || state === "stopping" || state === "failed") {
      instant.unwatch(agent.sync as Watcher<unknown>);
      instant.send(agent.cell, { type: "STOPPED" });
    }
  });
  hosts.onLost((instant, node) => {
    const agent = agents.get(node);
    if (!agent) return;
    instant.unwatch(agent.sync as Watcher<unknown>);
    instant.send(agent.cell, { type: "NODE_LOST" }, { quiet: true });
  });

  return {
    cell: (node) => agents.get(node)?.cell,
    passes(read, node) {
      const agent = agents.get(node);
      const state = agent && read.get(agent.cell).value;
      return state === "wired" || state === "unattended";
    },
    wiresNewPorts(read, node) {
      const agent = agents.get(node);
      return agent !== undefined && read.get(agent.cell).value === "wired" && canAskNeutron(read, node);
    },
    unmapped(read, node, physicalNetwork) {
      const path = PLUGIN_FILES.find((one) => units.configuration(read, node, UNIT, one) !== undefined);
      const facts = path && factsOf("ovs-plugin", path, units.configuration(read, node, UNIT, path));
      if (typeof facts !== "object") return `${node} has no configuration of the Open vSwitch agent`;
      const mapping = facts.bridgeMappings.get(physicalNetwork);
      if (!mapping) return `bridge_mappings on ${node} lack ${physicalNetwork}`;
      if (topology.nodes.get(node)!.nics.some((nic) => nic.bridge === mapping.bridge)) return undefined;
      return `bridge_mappings on ${node} name ${mapping.bridge}, which has no interface`;
    },
  };
}
