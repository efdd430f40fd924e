import { type Answer, failed, isServed, OK, partly, unconnected, worse } from "../dataplane/answer.js";
import type { Dataplane } from "../dataplane/dataplane.js";
import type { Ground } from "../dataplane/ground.js";
import type { Trail } from "../dataplane/trail.js";
import type { MessagingView } from "../dataplane/views.js";
import type { Reader } from "../kernel/index.js";
import type { Leg, Need, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import type { GuestNetwork } from "./guest-network.js";
import type { GuestsPart } from "./guests.js";
import type { ReportsPart } from "./reports.js";
import type { Served } from "./served.js";
import type { Tiers } from "./tiers.js";

export interface JourneyParts {
  readonly ground: Ground;
  readonly dataplane: Dataplane;
  readonly messaging: MessagingView;
  readonly network: GuestNetwork;
  readonly guests: GuestsPart;
  readonly tiers: Tiers;
  readonly reports: ReportsPart;
}

const COMPUTE = "openstack-nova-compute";
const CONDUCTOR = "openstack-nova-conductor";

/** The topology's journeys, and the services that they and operators speak of. */
export function addJourneys(topology: Topology, served: Served, parts: JourneyParts): void {
  const client = clientOf(topology);
  addServices(topology, served, parts, client);
  for (const journey of topology.journeys.values()) {
    for (const leg of journey.legs) keep(topology, parts, leg, client);
    served.add(`journey/${journey.id}`, journey.title, (read, trail) => {
      let answer = OK;
      for (const leg of journey.legs) {
        answer = worse(answer, legAnswer(topology, parts, leg, client, read, trail));
        if (answer.grade === "failed") break;
      }
      return answer;
    });
  }
}

/** Where users come from: the router to the outside, else a node that is in no cluster, else any. */
export function clientOf(topology: Topology): string | undefined {
  const router = [...topology.routers.values()].find(({ outside }) => outside);
  if (router) return `router/${router.id}`;
  const nodes = [...topology.nodes.values()];
  return (nodes.find(({ cluster }) => cluster === undefined) ?? nodes[0])?.id;
}

function addServices(topology: Topology, served: Served, parts: JourneyParts, client: string | undefined): void {
  const { dataplane, ground, messaging, network, tiers } = parts;
  for (const facts of topology.loadBalancers.values())
    for (const proxy of facts.proxies)
      for (const { address, port } of client === undefined || proxy.disabled ? [] : proxy.binds) {
        if (address === "*") continue;
        dataplane.keepCall(client!, address, port);
        const name = proxy.binds.length > 1 ? `${proxy.name}-${port}` : proxy.name;
        served.add(`service/${name}`, `${name} at ${address}:${port}`, (read, trail) =>
          dataplane.ask(read, client!, address, port, trail),
        );
      }
  for (const [purpose, name] of [
    ["database", "database"],
    ["messaging", "messaging"],
  ] as const) {
    const clients = clientsOf(topology, purpose);
    if (clients.length === 0) continue;
    for (const { node, endpoints } of clients)
      for (const { address, port } of endpoints) dataplane.keepCall(node, address, port);
    served.add(`service/${name}`, `the ${name} as its clients find it`, (read, trail) =>
      forAll(
        clients.filter(
          ({ node }) => ground.isRunning(read, node) && (purpose === "database" || messaging.hasClients(read, node)),
        ),
        ({ node, endpoints }) => {
          const answer = anyEndpoint(read, dataplane, node, endpoints, trail);
          if (purpose !== "messaging" || !isServed(answer) || messaging.isConnected(read, node)) return answer;
          const text = `${node} has not reconnected to the message broker`;
          trail?.hop(`amqp-link/${node}`, false, text, messaging.cell(node));
          return failed("timeout", `amqp-link/${node}`, text);
        },
      ),
    );
  }
  for (const net of topology.neutron.networks.values()) {
    const computes = [...topology.neutron.nodes.values()].filter(({ compute }) => compute).map(({ node }) => node);
    if (!net.subnet.enableDhcp || computes.length === 0 || !topology.neutron.dhcp.some((one) => one.network === net.id))
      continue;
    served.add(`service/dhcp-${net.id}`, `DHCP on ${net.id}`, (read, trail) =>
      forAll(
        computes.filter((node) => ground.isRunning(read, node)),
        (node) => network.lease(read, node, net, "wired", trail),
      ),
    );
  }
  for (const tier of topology.tiers.values()) {
    const computes = [...topology.neutron.nodes.values()].filter(({ compute }) => compute).map(({ node }) => node);
    if (computes.length === 0) continue;
    keepTier(topology, parts, tier.id, computes);
    served.add(`service/tier-${tier.id}`, `attached volumes of tier ${tier.id}`, (read, trail) =>
      forAll(
        computes.filter((node) => ground.isRunning(read, node)),
        (node) => tiers.data(read, tier, node, trail),
      ),
    );
  }
}

function keep(topology: Topology, parts: JourneyParts, leg: Leg, client: string | undefined): void {
  const { dataplane } = parts;
  switch (leg.kind) {
    case "reach":
      if (client !== undefined) dataplane.keepCall(client, leg.address, leg.port);
      return;
    case "store-image":
      dataplane.keepUnit("openstack-glance-api");
      return;
    case "boot-guest":
      for (const unit of ["openstack-nova-api", CONDUCTOR, COMPUTE]) dataplane.keepUnit(unit);
      return;
    case "attach-volume": {
      const tier = topology.tiers.get(leg.tier)!;
      dataplane.keepUnit(tier.unit);
      dataplane.keepUnit("openstack-cinder-api");
      dataplane.keepUnit(COMPUTE);
      keepTier(topology, parts, leg.tier, [leg.compute, ...tier.volumeNodes]);
    }
  }
}

/** Ways that a tier's data take, from each that asks for them. */
function keepTier(topology: Topology, { dataplane, tiers }: JourneyParts, id: string, from: readonly NodeId[]): void {
  const tier = topology.tiers.get(id)!;
  for (const node of from) {
    if (tier.kind === "lvm") dataplane.keepCall(node, tier.address, tier.port);
    if (tier.kind === "ceph") for (const { address } of tier.monitors) dataplane.ways.keep(node, address);
  }
  if (tier.kind === "ceph")
    for (const a of tier.monitors)
      for (const b of tier.monitors) if (a.node !== undefined && a !== b) dataplane.ways.keep(a.node, b.address);
  for (const node of from) tiers.keep(tier, node);
}

function legAnswer(
  topology: Topology,
  parts: JourneyParts,
  leg: Leg,
  client: string | undefined,
  read: Reader,
  trail?: Trail,
): Answer {
  const { dataplane, network, guests, tiers } = parts;
  switch (leg.kind) {
    case "reach":
      if (client === undefined) return failed("unreachable", "", "no client: the topology has no node");
      return dataplane.ask(read, client, leg.address, leg.port, trail);
    case "store-image":
      return storeImage(topology, parts, read, trail);
    case "boot-guest":
      return bootGuest(topology, parts, leg.network, read, trail);
    case "guest-metadata":
      return network.metadata(read, guests.state(leg.guest), trail);
    case "guest-reachable": {
      const up = guests.isUp(read, leg.guest);
      const cell = guests.cell(leg.guest);
      trail?.hop(`guest/${leg.guest}`, up, read.get(cell).value, cell);
      if (!up) return unconnected("timeout", `guest/${leg.guest}`, `${leg.guest} is ${read.get(cell).value}`);
      return network.fromOutside(read, guests.state(leg.guest), trail);
    }
    case "attach-volume": {
      const made = dataplane.work(read, "openstack-cinder-api", "create", trail);
      if (made.grade === "failed") return made;
      return worse(made, tiers.attach(read, topology.tiers.get(leg.tier)!, leg.compute, trail));
    }
  }
}

/** Whichever glance-api the load balancer picks writes to its store. */
function storeImage(topology: Topology, { dataplane, ground }: JourneyParts, read: Reader, trail?: Trail): Answer {
  const unit = "openstack-glance-api";
  const work = dataplane.work(read, unit, "store", trail);
  if (work.grade === "failed") return work;
  const running = [...topology.services.values()].filter(
    (service) => service.unit === unit && ground.unit(read, service.node, unit) === "running",
  );
  return worse(
    work,
    forAll(running, ({ node, needs }) => {
      for (const need of needs) {
        if (need.kind !== "mount") continue;
        const state = ground.mount(read, node, need.mountPoint);
        if (state !== "read-only" && state !== "full") continue;
        const subject = `mount/${node}:${need.mountPoint}`;
        trail?.hop(subject, false, state, ground.mountCell(node, need.mountPoint));
        return failed("error", subject, `glance on ${node} cannot write: ${need.mountPoint} is ${state}`, 500);
      }
      return OK;
    }),
  );
}

/**
 * The scheduler gives the guest to a nova-compute that counts as up. One that died less than `service_down_time` ago
 * still does: what is given to it is lost.
 */
function bootGuest(
  topology: Topology,
  { dataplane, network, reports, ground }: JourneyParts,
  id: string,
  read: Reader,
  trail?: Trail,
): Answer {
  let answer = dataplane.work(read, "openstack-nova-api", "boot", trail);
  if (answer.grade === "failed") return answer;
  answer = worse(answer, dataplane.unit(read, CONDUCTOR, trail));
  if (answer.grade === "failed") return answer;
  const net = topology.neutron.networks.get(id)!;
  const candidates = [...topology.neutron.nodes.values()].filter(
    ({ node, compute }) => compute && reports.isUp(read, `${COMPUTE}@${node}`),
  );
  if (candidates.length === 0) {
    for (const { node, compute } of trail ? topology.neutron.nodes.values() : [])
      if (compute) trail!.hop(`report/${COMPUTE}@${node}`, false, "down", reports.cell(`${COMPUTE}@${node}`));
    return failed("error", `unit/${COMPUTE}`, "No valid host was found: no nova-compute reports", 500);
  }
  return worse(
    answer,
    forAll(candidates, ({ node }) => {
      const service = topology.services.get(`${COMPUTE}@${node}`);
      const host = service ? dataplane.instance(read, service, "boot") : OK;
      if (!isServed(host)) {
        if (service && trail) dataplane.instance(read, service, "boot", trail);
        const dead = !ground.isRunning(read, node);
        return dead
          ? failed("error", `node/${node}`, `${node} is dead and still counts as up: what it is given is lost`, 500)
          : host;
      }
      return worse(host, network.lease(read, node, net, "new", trail));
    }),
  );
}

/** What all of them get: some of them failing is a service in part. */
function forAll<T>(members: readonly T[], ask: (member: T) => Answer): Answer {
  let worst = OK;
  let served = 0;
  for (const member of members) {
    const answer = ask(member);
    if (answer.grade !== "failed") served++;
    worst = worse(worst, answer);
  }
  if (members.length === 0) return failed("refused", "", "nobody is there who could ask");
  return served > 0 ? partly(worst) : worst;
}

interface Client {
  readonly node: NodeId;
  readonly endpoints: readonly { readonly address: string; readonly port: number }[];
}

/** Nodes whose services need such an endpoint, one entry a node. */
function clientsOf(topology: Topology, purpose: "database" | "messaging"): readonly Client[] {
  const found = new Map<NodeId, Client>();
  for (const { node, needs } of topology.services.values()) {
    const need = needs.find(
      (one): one is Need & { kind: "endpoint" } => one.kind === "endpoint" && one.purpose === purpose,
    );
    if (need && !found.has(node)) found.set(node, { node, endpoints: need.endpoints });
  }
  return [...found.values()];
}

function anyEndpoint(
  read: Reader,
  dataplane: Dataplane,
  node: NodeId,
  endpoints: Client["endpoints"],
  trail?: Trail,
): Answer {
  let best: Answer | undefined;
  for (const { address, port } of endpoints) {
    const answer = dataplane.ask(read, node, address, port, trail);
    if (isServed(answer)) return answer;
    best ??= answer;
  }
  return best ?? OK;
}
