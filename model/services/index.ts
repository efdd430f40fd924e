import { type Answer, isServed } from "../dataplane/answer.js";
import { Dataplane, type ServicePath } from "../dataplane/dataplane.js";
import type { AnswersHow, AnswerView } from "../dataplane/views.js";
import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../kernel/index.js";
import type { HostsPart } from "../plant/hosts/index.js";
import type { NetworkPart } from "../plant/network/index.js";
import type { StoragePart } from "../plant/storage/index.js";
import type { UnitsPart } from "../plant/units/index.js";
import { must } from "../plant/unknown-name.js";
import type { Assumption, Topology } from "../topology/types.js";
import type { AnswerFaults, NeutronFaults, NodeId } from "../twin/parts.js";
import { serviceAssumptions } from "./assumptions.js";
import { refusal } from "./configuration.js";
import { buildDhcpAgents, type DhcpAgentsPart } from "./dhcp-agents.js";
import { groundOf } from "./ground.js";
import { GuestNetwork } from "./guest-network.js";
import { buildGuests, type GuestsPart } from "./guests.js";
import { buildHaproxy, type HaproxyPart } from "./haproxy.js";
import { addJourneys } from "./journeys.js";
import { buildL2Agents, type L2AgentsPart } from "./l2-agents.js";
import { buildL3Agents, type L3AgentsPart } from "./l3-agents.js";
import { buildMessaging } from "./messaging.js";
import { MetadataPath } from "./metadata-path.js";
import { needsByConfiguration } from "./needs.js";
import { reportersOf } from "./reporters.js";
import { buildReports, type ReportsPart } from "./reports.js";
import { Served, type ServedState } from "./served.js";
import { buildSqlPools } from "./sql-pools.js";
import { Tiers } from "./tiers.js";

export type { Answer } from "../dataplane/answer.js";
export { isServed } from "../dataplane/answer.js";
export type { ServicePath } from "../dataplane/dataplane.js";
export type { ServedState } from "./served.js";

export interface PlantForServices {
  readonly hosts: HostsPart;
  readonly network: NetworkPart;
  readonly units: UnitsPart;
  readonly storage: StoragePart;
}

/** Load balancers, services, Neutron, Nova, guests and storage tiers, and what users get of them. */
export interface Services {
  /** All services and journeys: `service/keystone-public`, `journey/get-token`. */
  readonly names: readonly string[];
  /** The full name of one, also without its kind; undefined where there is none. */
  resolve(name: string): string | undefined;
  title(name: string): string;
  /** Its machine; each change is a trace entry of kind `service`. */
  cell(name: string): MachineCell;
  state(read: Reader, name: string): ServedState;
  /** `served` or `slow`: every request is answered as it should be. */
  isServed(read: Reader, name: string): boolean;
  answer(read: Reader, name: string): Answer;
  /** The path of one request to a service, or of a journey's legs up to the one that fails. */
  path(read: Reader, name: string): ServicePath;
  /** From a node, or a physical router (`router/core`), to an address and port. */
  reach(read: Reader, from: NodeId, address: string, port: number): ServicePath;

  /** By name, whether its users are served now. */
  readonly served: ReadonlyMap<string, (read: Reader) => boolean>;

  readonly haproxy: HaproxyPart;
  readonly guests: GuestsPart;
  readonly answers: AnswerFaults;
  readonly neutron: NeutronFaults;
  readonly reports: ReportsPart;
  readonly dhcp: DhcpAgentsPart;
  readonly l2: L2AgentsPart;
  readonly l3: L3AgentsPart;

  /** `service haproxy reload` on a load balancer: a bad file leaves the former configuration in force. */
  reloadHaproxy(instant: Instant, node: NodeId): void;
  /** All connections of maxconn are taken. */
  fillHaproxy(instant: Instant, node: NodeId, full: boolean): void;
  killDnsmasq(instant: Instant, node: NodeId, network: string): void;
  killRouterProxy(instant: Instant, router: string): void;
  /** What its answers lean on, beyond the topology's own assumptions. */
  readonly assumptions: readonly Assumption[];
}

export function buildServices(
  blueprint: Blueprint,
  topology: Topology,
  deps: { readonly plant: PlantForServices },
): Services {
  const { hosts, network, units, storage } = deps.plant;
  const ground = groundOf(topology, { hosts, network, units, storage });
  const answers = buildAnswers(blueprint, topology);
  let dataplane!: Dataplane;
  const later = () => dataplane;
  const haproxy = buildHaproxy(blueprint, topology, { units, network }, later);
  const messaging = buildMessaging(blueprint, topology, { units, ground }, later);
  const sql = buildSqlPools(blueprint, topology, units, later);
  dataplane = new Dataplane(
    blueprint,
    topology,
    ground,
    { balancers: haproxy, answers, messaging, sql },
    needsByConfiguration(topology, units),
  );
  for (const [node, facts] of topology.loadBalancers)
    for (const { servers } of facts.proxies)
      for (const { address, checkAddress } of servers) dataplane.ways.keep(node, checkAddress ?? address);
  messaging.keep();
  addStartChecks(topology, units);

  const canAskNeutron = (read: Reader, node: NodeId) =>
    messaging.isConnected(read, node) && isServed(dataplane.unit(read, "neutron-server"));
  if ([...topology.neutron.nodes.values()].some((one) => one.l2Agent || one.dhcpAgent || one.l3Agent))
    dataplane.keepUnit("neutron-server");
  const reporters = reportersOf(topology, { ground, dataplane, messaging, canAskNeutron });
  const reports = buildReports(blueprint, reporters);
  const l2 = buildL2Agents(blueprint, topology, { hosts, units, ground }, canAskNeutron);
  const l3 = buildL3Agents(blueprint, topology, { hosts, units }, canAskNeutron);
  const dhcp = buildDhcpAgents(blueprint, topology, { hosts, units }, canAskNeutron, reports.isUp);
  const metadata = new MetadataPath(blueprint, topology, ground, dataplane);
  const guestNetwork = new GuestNetwork(blueprint, topology, ground, { l2, l3, dhcp, metadata });
  for (const { compute } of topology.guests.values()) {
    const service = topology.services.get(`openstack-nova-compute@${compute}`);
    if (service) dataplane.keepInstance(service);
  }
  const guests = buildGuests(blueprint, topology, { ground, network: guestNetwork, dataplane, reports });
  const tiers = new Tiers(blueprint, topology, ground, dataplane, reports);
  const served = new Served(blueprint);
  addJourneys(topology, served, { ground, dataplane, messaging, network: guestNetwork, guests, tiers, reports });

  return {
    names: served.names,
    resolve: (name) => served.resolve(name),
    title: (name) => served.title(name),
    cell: (name) => served.cell(name),
    state: (read, name) => served.state(read, name),
    isServed: (read, name) => served.isServed(read, name),
    answer: (read, name) => served.answer(read, name),
    path: (read, name) => served.path(read, name),
    reach: (read, from, address, port) => dataplane.reach(read, from, address, port),
    served: new Map(served.names.map((name) => [name, (read: Reader) => served.isServed(read, name)])),
    haproxy,
    guests,
    answers,
    neutron: dhcp,
    reports,
    dhcp,
    l2,
    l3,
    reloadHaproxy: haproxy.reload,
    fillHaproxy: haproxy.setFull,
    killDnsmasq: dhcp.killDnsmasq,
    killRouterProxy: l3.killMetadataProxy,
    assumptions: serviceAssumptions(topology, dataplane.circles),
  };
}

/** How each service's process answers while it runs; faults change it. */
function buildAnswers(blueprint: Blueprint, topology: Topology): AnswerView & AnswerFaults {
  const cells = new Map<string, Cell<AnswersHow>>();
  const byNode = new Map<NodeId, Map<string, Cell<AnswersHow>>>();
  for (const { id, node, unit } of topology.services.values()) {
    const cell = blueprint.cell<AnswersHow>(`instance/${id}/answers`, "well");
    cells.set(id, cell);
    byNode.set(node, (byNode.get(node) ?? new Map()).set(unit, cell));
  }
  return {
    answers: (read, node, unit) => {
      const cell = byNode.get(node)?.get(unit);
      return cell ? read.get(cell) : "well";
    },
    cell: (node, unit) => byNode.get(node)?.get(unit),
    setAnswers(instant, node, unit, how) {
      instant.set(must(cells, `${unit}@${node}`, "service", "services"), how);
      instant.note({ kind: "state", subject: `instance/${unit}@${node}`, what: `answers ${how}` });
    },
  };
}

/** A service does not start with a file that it cannot read. haproxy has its own check. */
function addStartChecks(topology: Topology, units: UnitsPart): void {
  const checked = new Set<string>();
  for (const { unit, role } of topology.services.values()) {
    if (checked.has(unit) || role === "load-balancer" || role === "database") continue;
    checked.add(unit);
    units.addStartCheck(unit, (read, node) => {
      for (const path of topology.services.get(`${unit}@${node}`)?.files ?? []) {
        const text = units.configuration(read, node, unit, path);
        const problem = text === undefined ? undefined : refusal(path, text);
        if (problem !== undefined) return problem;
      }
      return undefined;
    });
  }
}
