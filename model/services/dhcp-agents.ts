import type { Blueprint, Cell, Instant, MachineCell, Reader, Watcher } from "../kernel/index.js";
import { dhcpPort } from "../machines/dhcp-port.js";
import { neutronAgent } from "../machines/neutron-agent.js";
import type { HostsPart } from "../plant/hosts/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import { must } from "../plant/unknown-name.js";
import type { DhcpBinding, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { factsOf } from "./configuration.js";
import { freeAddress } from "./free-address.js";

const UNIT = "neutron-dhcp-agent";
const FILE = "/etc/neutron/dhcp_agent.ini";
const RESYNC_MS = 5_000;

interface PortContext {
  readonly metadataAddress: boolean;
  readonly proxy: "none" | "running" | "dead";
  readonly dnsmasq: "none" | "running" | "dead";
}

export interface DhcpAgentsPart {
  /** Which agents serve a network, with their ports' addresses, as Neutron's database has it now. */
  bindings(read: Reader, network: string): readonly DhcpBinding[];
  bindingsCell(network: string): Cell<readonly DhcpBinding[]>;
  port(read: Reader, network: string, node: NodeId): { readonly plugged: boolean } & PortContext;
  portCell(network: string, node: NodeId): MachineCell<PortContext> | undefined;
  agentCell(node: NodeId): MachineCell | undefined;
  /** The agent hears of new guests' ports. */
  isSynced(read: Reader, node: NodeId): boolean;
  /** Gives the port another address (the agent moved, the port was made anew); undefined: the topology's again. */
  setDhcpAddress(instant: Instant, network: string, address: string | undefined): void;
  killMetadataProxy(instant: Instant, node: NodeId, network: string): void;
  killDnsmasq(instant: Instant, node: NodeId, network: string): void;
}

/**
 * DHCP agents. An agent that starts asks neutron-server for its networks and sets each up; it also takes on networks
 * whose agents no longer report, with a new port and so a new address. Nothing else moves a network.
 */
export function buildDhcpAgents(
  blueprint: Blueprint,
  topology: Topology,
  deps: { readonly hosts: HostsPart; readonly units: UnitsPart },
  canAskNeutron: (read: Reader, node: NodeId) => boolean,
  isReporting: (read: Reader, id: string) => boolean,
): DhcpAgentsPart {
  const { hosts, units } = deps;
  const nodes = [...topology.neutron.nodes.values()].filter(({ dhcpAgent }) => dhcpAgent).map(({ node }) => node);
  const networks = [...topology.neutron.networks.values()].filter(({ subnet }) => subnet.enableDhcp);
  const perNetwork = agentsPerNetwork(topology);

  const bindings = new Map<string, Cell<readonly DhcpBinding[]>>();
  const ports = new Map<string, MachineCell<PortContext>>();
  for (const { id } of topology.neutron.networks.values())
    bindings.set(
      id,
      blueprint.cell<readonly DhcpBinding[]>(
        `dhcp-bindings/${id}`,
        topology.neutron.dhcp.filter(({ network }) => network === id),
      ),
    );
  for (const node of nodes)
    for (const { id } of networks)
      ports.set(`${id}@${node}`, blueprint.machine<PortContext>(`dhcp-port/${id}@${node}`, dhcpPort));

  const agents = new Map<NodeId, { cell: MachineCell; sync: Watcher<boolean> }>();
  for (const node of nodes) {
    const cell = blueprint.machine(`dhcp-agent/${node}`, neutronAgent);
    const sync: Watcher<boolean> = blueprint.watcher<boolean>(`dhcp-agent/${node}/sync`, {
      evaluate: (read) => canAskNeutron(read, node),
      deliver(instant, can) {
        if (!can) return true;
        const { entry } = instant.send(cell, { type: "SYNCED" });
        instant.because(entry, () => setUp(instant, node));
        instant.unwatch(sync as Watcher<unknown>);
        return true;
      },
    });
    agents.set(node, { cell, sync });
  }

  function setUp(instant: Instant, node: NodeId): void {
    const facts = factsOf("dhcp-agent", FILE, units.configuration(instant, node, UNIT, FILE));
    const settings = typeof facts === "object" ? facts : undefined;
    const namespaces = settings?.useNamespaces.value ?? true;
    const veth = settings?.ovsUseVeth.value ?? false;
    for (const network of networks) {
      const cell = bindings.get(network.id)!;
      let bound = instant.get(cell);
      if (!bound.some((one) => one.node === node)) {
        const living = bound.filter((one) => isReporting(instant, `${UNIT}@${one.node}`));
        if (living.length >= perNetwork) continue;
        const address = freeAddress(topology, network, bound);
        if (address === undefined) continue;
        bound = [...bound, { network: network.id, node, address }];
        instant.set(cell, bound);
        const text = `no living agent served it; new port ${address}`;
        instant.note({ kind: "state", subject: `dhcp-port/${network.id}@${node}`, what: "scheduled", text });
      }
      const port = ports.get(`${network.id}@${node}`)!;
      if (namespaces && !veth && needsVeth(topology)) {
        const text = "this kernel cannot put an OVS port into a namespace without ovs_use_veth";
        instant.send(port, { type: "UNPLUGGED" }, { text });
        continue;
      }
      const metadata = namespaces && (settings?.enableIsolatedMetadata.value ?? false);
      const configured = { type: "CONFIGURED", metadata };
      instant.send(port, configured);
    }
  }

  units.onChange((instant, node, unit, state) => {
    const agent = unit === UNIT ? agents.get(node) : undefined;
    if (!agent) return;
    if (state === "running") {
      instant.send(agent.cell, { type: "STARTED" });
      instant.watch(agent.sync as Watcher<unknown>, resyncMs(instant, node), 1);
    } else if (state === "stopped" || state === "stopping" || state === "failed") {
      instant.unwatch(agent.sync as Watcher<unknown>);
      instant.send(agent.cell, { type: "STOPPED" });
    }
  });
  hosts.onLost((instant, node) => {
    for (const { id } of networks) {
      const port = ports.get(`${id}@${node}`);
      if (port) instant.send(port, { type: "NODE_LOST" });
    }
  });

  function resyncMs(read: Reader, node: NodeId): number {
    const facts = factsOf("dhcp-agent", FILE, units.configuration(read, node, UNIT, FILE));
    return typeof facts === "object" ? facts.resyncIntervalMs.value : RESYNC_MS;
  }

  return {
    bindings: (read, network) => read.get(must(bindings, network, "Neutron network", "networks")),
    bindingsCell: (network) => must(bindings, network, "Neutron network", "networks"),
    port(read, network, node) {
      const cell = ports.get(`${network}@${node}`);
      if (!cell) return { plugged: false, metadataAddress: false, proxy: "none", dnsmasq: "none" };
      const { value, context } = read.get(cell);
      return { plugged: value === "plugged", ...context };
    },
    portCell: (network, node) => ports.get(`${network}@${node}`),
    agentCell: (node) => agents.get(node)?.cell,
    isSynced(read, node) {
      const agent = agents.get(node);
      return agent !== undefined && read.get(agent.cell).value === "synced" && canAskNeutron(read, node);
    },
    setDhcpAddress(instant, network, address) {
      const cell = must(bindings, network, "Neutron network", "networks");
      const bound = instant.get(cell);
      const node = bound[0]?.node ?? nodes[0];
      if (node === undefined) throw new RangeError(`no node runs ${UNIT}: nobody can have ${address}`);
      const next = address === undefined ? cell.initial : [{ network, node, address }, ...bound.slice(1)];
      instant.set(cell, next);
      const text = next.map((one) => one.address).join(", ");
      instant.note({ kind: "state", subject: `dhcp-port/${network}@${node}`, what: "address changed", text });
    },
    killMetadataProxy: (instant, node, network) =>
      void instant.send(
        must(ports, `${network}@${node}`, "DHCP port", "ports"),
        { type: "PROXY_DIED" },
        { quiet: true },
      ),
    killDnsmasq: (instant, node, network) =>
      void instant.send(
        must(ports, `${network}@${node}`, "DHCP port", "ports"),
        { type: "DNSMASQ_DIED" },
        { quiet: true },
      ),
  };
}

/** RHEL 6's kernel (facts: `ovs_use_veth`). */
export function needsVeth(topology: Topology): boolean {
  return /^(RHEL|CentOS|Scientific Linux|Oracle Linux)\s*6/i.test(topology.release.os ?? "");
}

function agentsPerNetwork(topology: Topology): number {
  for (const node of topology.nodes.values()) {
    const facts = factsOf("neutron", "/etc/neutron/neutron.conf", node.files.get("/etc/neutron/neutron.conf")?.text);
    if (typeof facts === "object" && topology.services.has(`neutron-server@${node.id}`))
      return facts.dhcpAgentsPerNetwork.value;
  }
  return 1;
}
