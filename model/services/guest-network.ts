import { type Answer, failed, isServed, OK, unconnected, worse } from "../dataplane/answer.js";
import type { Ground } from "../dataplane/ground.js";
import { KeptAnswers } from "../dataplane/kept.js";
import type { Trail } from "../dataplane/trail.js";
import type { Blueprint, Reader } from "../kernel/index.js";
import { cidrHolds } from "../topology/ipv4.js";
import type { DhcpBinding, Guest, NeutronNetwork, Route, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import type { DhcpAgentsPart } from "./dhcp-agents.js";
import type { L2AgentsPart } from "./l2-agents.js";
import type { L3AgentsPart } from "./l3-agents.js";
import type { GuestRecord, MetadataPath } from "./metadata-path.js";

const METADATA = "169.254.169.254";

/** `via ADDRESS`: the route to its metadata that somebody gave it. */
export type GuestRoutes = "as-imaged" | "no-metadata-route" | "no-default-route" | `via ${string}`;

/** What is particular to one guest; faults change it. */
export interface GuestState extends GuestRecord {
  readonly guest: Guest;
  /** The compute node that it is on. */
  compute(read: Reader): NodeId;
  mayLeave(read: Reader): boolean;
  routes(read: Reader): GuestRoutes;
}

/** `new`: its port appears now and has to be wired; `wired`: it is known to the bridge. */
export type GuestPort = "new" | "wired";

interface NextHop {
  /** The address that the guest asks ARP for. */
  readonly address: string;
  readonly why: string;
}

/** A guest's ways: to its DHCP server, to its metadata, and from outside to it. */
export class GuestNetwork {
  readonly #topology: Topology;
  readonly #ground: Ground;
  readonly #l2: L2AgentsPart;
  readonly #l3: L3AgentsPart;
  readonly #dhcp: DhcpAgentsPart;
  readonly #metadata: MetadataPath;
  readonly #kept: KeptAnswers;

  constructor(
    blueprint: Blueprint,
    topology: Topology,
    ground: Ground,
    parts: { l2: L2AgentsPart; l3: L3AgentsPart; dhcp: DhcpAgentsPart; metadata: MetadataPath },
  ) {
    this.#topology = topology;
    this.#ground = ground;
    this.#l2 = parts.l2;
    this.#l3 = parts.l3;
    this.#dhcp = parts.dhcp;
    this.#metadata = parts.metadata;
    this.#kept = new KeptAnswers(blueprint);
    this.#keep();
  }

  /** The stretches and leases that guests, journeys and services ask for again and again. */
  #keep(): void {
    const { nodes, networks, routers } = this.#topology.neutron;
    const computes = [...nodes.values()].filter(({ compute }) => compute).map(({ node }) => node);
    const servers = [...nodes.values()].filter((one) => one.dhcpAgent || one.l3Agent).map(({ node }) => node);
    for (const router of routers.values()) if (!servers.includes(router.node)) servers.push(router.node);
    for (const network of networks.values()) {
      const gateway = network.subnet.gateway === undefined ? undefined : this.#physicalRouter(network.subnet.gateway);
      const beyond = gateway ? [`router/${gateway.id}`] : [];
      const pairs = [...computes, ...beyond].flatMap((from) => servers.map((to) => [from, to] as const));
      for (const from of beyond) for (const compute of computes) pairs.push([from, compute]);
      for (const [from, to] of pairs)
        this.#kept.keep(`segment/${network.id}/${from}/${to}`, (read) => this.#walk(read, from, to, network));
    }
    for (const network of networks.values())
      for (const compute of computes)
        for (const kind of ["wired", "new"] as const)
          this.#kept.keep(`lease/${kind}/${network.id}/${compute}`, (read) =>
            this.#lease(read, compute, network, kind),
          );
  }

  /** The guest's own port: its compute node runs and the bridge passes its frames. */
  port(read: Reader, compute: NodeId, network: NeutronNetwork, kind: GuestPort, trail?: Trail): Answer {
    const cell = this.#ground.nodeCell(compute);
    if (!this.#ground.isRunning(read, compute)) {
      trail?.hop(`node/${compute}`, false, "not running", cell);
      return unconnected("timeout", `node/${compute}`, `${compute} is not running`);
    }
    const wired = this.#l2.passes(read, compute) && (kind === "wired" || this.#l2.wiresNewPorts(read, compute));
    const agent = this.#l2.cell(compute);
    const text = wired
      ? "wired"
      : this.#l2.passes(read, compute)
        ? "the Open vSwitch agent does not wire new ports"
        : "br-int has no flows";
    trail?.hop(`l2-agent/${compute}`, wired, text, agent);
    if (!wired) return unconnected("timeout", `l2-agent/${compute}`, `${compute}: ${text}`);
    return this.#mapped(read, compute, network, trail);
  }

  /** A DHCP server answers on the network. */
  lease(read: Reader, compute: NodeId, network: NeutronNetwork, kind: GuestPort, trail?: Trail): Answer {
    const kept = trail ? undefined : this.#kept.find(read, `lease/${kind}/${network.id}/${compute}`);
    return kept ?? this.#lease(read, compute, network, kind, trail);
  }

  #lease(read: Reader, compute: NodeId, network: NeutronNetwork, kind: GuestPort, trail?: Trail): Answer {
    const port = this.port(read, compute, network, kind, trail);
    if (!isServed(port)) return port;
    if (!network.subnet.enableDhcp) return OK;
    const bindings = this.#dhcp.bindings(read, network.id);
    let first: Answer | undefined;
    for (const binding of bindings) {
      const answer = this.#dhcpServer(read, compute, network, binding, trail);
      if (isServed(answer)) return answer;
      first ??= answer;
    }
    if (first) return first;
    const cell = this.#dhcp.bindingsCell(network.id);
    trail?.hop(`dhcp-bindings/${network.id}`, false, "no agent serves the network", cell);
    return unconnected("timeout", `dhcp-bindings/${network.id}`, `no DHCP agent serves ${network.id}`);
  }

  /** What the guest gets that boots in its place: a lease, and its metadata from 169.254.169.254. */
  metadata(read: Reader, state: GuestState, trail?: Trail): Answer {
    const { guest } = state;
    const network = this.#topology.neutron.networks.get(guest.network)!;
    const lease = this.lease(read, state.compute(read), network, "wired", trail);
    if (!isServed(lease)) return lease;
    const next = this.nextHop(read, state, network);
    trail?.hop(`guest/${guest.id}`, next !== undefined, next?.why ?? "Network is unreachable: no route", state.cell);
    if (!next)
      return failed(
        "unreachable",
        `guest/${guest.id}`,
        `${guest.id} has no route to ${METADATA}: Network is unreachable`,
      );
    if (!state.mayLeave(read)) {
      const text = `the security group of ${guest.id} drops what goes to ${METADATA}`;
      trail?.hop(`guest/${guest.id}`, false, text, state.cell);
      return failed("timeout", `guest/${guest.id}`, text);
    }
    return worse(lease, this.#behind(read, state, network, next, trail));
  }

  /** Packets from outside come to the guest, and its own go back. */
  fromOutside(read: Reader, state: GuestState, trail?: Trail): Answer {
    const { guest } = state;
    const network = this.#topology.neutron.networks.get(guest.network)!;
    const port = this.port(read, state.compute(read), network, "wired", trail);
    if (!isServed(port)) return port;
    const gateway = network.subnet.gateway;
    const subject = `guest/${guest.id}`;
    if (gateway === undefined) return unconnected("unreachable", subject, `${network.id} has no gateway`);
    const physical = this.#physicalRouter(gateway);
    if (physical) return this.#segment(read, `router/${physical.id}`, state.compute(read), network, trail);
    const router = this.#neutronRouter(network.id, gateway);
    if (!router) return unconnected("timeout", `address/${gateway}`, `nobody has the gateway ${gateway}`);
    const { routes } = this.#l3.router(read, router.id);
    const cell = this.#l3.routerCell(router.id);
    trail?.hop(`neutron-router/${router.id}`, routes, routes ? "routes" : "not there", cell);
    if (!routes) return unconnected("timeout", `neutron-router/${router.id}`, `${router.id} does not route`);
    const inner = this.#segment(read, router.node, state.compute(read), network, trail);
    if (!isServed(inner) || !router.gateway) return inner;
    const outer = this.#topology.neutron.networks.get(router.gateway.network)!;
    const beyond = outer.subnet.gateway === undefined ? undefined : this.#physicalRouter(outer.subnet.gateway);
    return beyond ? this.#segment(read, `router/${beyond.id}`, router.node, outer, trail) : inner;
  }

  /** The route that the guest takes to its metadata: the longest prefix that it has. */
  nextHop(read: Reader, state: GuestState, network: NeutronNetwork): NextHop | undefined {
    const image = this.#topology.images.get(state.guest.image)!;
    const how = state.routes(read);
    const routes: { prefix: number; gateway: string | undefined; why: string }[] = [];
    if (how === "as-imaged") {
      for (const route of image.routes)
        if (covers(route) && route.prefix > 0)
          routes.push({ prefix: route.prefix, gateway: route.gateway, why: "by the static route of its image" });
      if (image.dhcpRoutes) routes.push(...this.#option121(read, network));
      if (image.zeroconf) routes.push({ prefix: 16, gateway: undefined, why: "on the link: zeroconf 169.254.0.0/16" });
    }
    if (how.startsWith("via "))
      routes.push({ prefix: 32, gateway: how.slice(4), why: "by the static route that it was given" });
    if (how !== "no-default-route") {
      const own = image.routes.find((route) => route.prefix === 0 && route.gateway !== undefined);
      const gateway = network.subnet.gateway ?? own?.gateway;
      if (gateway !== undefined) routes.push({ prefix: 0, gateway, why: "by its default route" });
    }
    let best: (typeof routes)[number] | undefined;
    for (const route of routes) if (!best || route.prefix > best.prefix) best = route;
    return best && { address: best.gateway ?? METADATA, why: `${best.why}, via ${best.gateway ?? "its link"}` };
  }

  // ---

  /**
   * Routes that dnsmasq pushes. For the metadata address only on a subnet without a gateway (Havana): then by way of
   * the DHCP port, where isolated metadata is on.
   */
  #option121(read: Reader, network: NeutronNetwork): { prefix: number; gateway: string; why: string }[] {
    const found: { prefix: number; gateway: string; why: string }[] = [];
    for (const { destination, prefix, nextHop } of network.subnet.hostRoutes)
      if (covers({ destination, prefix }) && prefix > 0)
        found.push({ prefix, gateway: nextHop, why: "by the subnet's host route (option 121)" });
    if (network.subnet.gateway === undefined)
      for (const { node, address } of this.#dhcp.bindings(read, network.id))
        if (this.#dhcp.port(read, network.id, node).metadataAddress)
          found.push({ prefix: 32, gateway: address, why: "by DHCP option 121" });
    return found;
  }

  /** From the guest's next hop on. */
  #behind(read: Reader, state: GuestState, network: NeutronNetwork, next: NextHop, trail?: Trail): Answer {
    const compute = state.compute(read);
    if (next.address === METADATA) {
      // On the link: whichever DHCP port has the address answers ARP.
      const binding = this.#dhcp
        .bindings(read, network.id)
        .find(({ node }) => this.#dhcp.port(read, network.id, node).metadataAddress);
      if (binding) return this.#dhcpPort(read, state, network, binding, compute, trail);
      return this.#nobody(METADATA, network, trail);
    }
    const binding = this.#binding(read, network, next.address);
    if (binding) return this.#dhcpPort(read, state, network, binding, compute, trail);
    const router = this.#neutronRouter(network.id, next.address);
    if (router) return this.#throughRouter(read, state, network, router, trail);
    const physical = this.#physicalRouter(next.address);
    if (physical) return this.#throughPhysical(read, state, network, physical, trail);
    return this.#nobody(next.address, network, trail);
  }

  #dhcpPort(
    read: Reader,
    state: GuestState,
    network: NeutronNetwork,
    binding: DhcpBinding,
    from: string,
    trail?: Trail,
  ): Answer {
    const { node } = binding;
    const way = this.#segment(read, from, node, network, trail);
    if (!isServed(way)) return way;
    const port = this.#dhcp.port(read, network.id, node);
    const subject = `dhcp-port/${network.id}@${node}`;
    const cell = this.#dhcp.portCell(network.id, node);
    if (!port.plugged || !this.#l2.passes(read, node)) {
      trail?.hop(subject, false, "its port is not on the network", cell);
      return failed("unreachable", subject, `${binding.address} does not answer: No route to host`);
    }
    if (!port.metadataAddress) {
      const text = `the DHCP port does not have ${METADATA}: enable_isolated_metadata was not in force when its agent started`;
      trail?.hop(subject, false, text, cell);
      return failed("timeout", subject, text);
    }
    trail?.hop(subject, port.proxy === "running", `metadata proxy ${port.proxy}`, cell);
    if (port.proxy !== "running")
      return failed("refused", subject, `Connection refused: the metadata proxy of ${network.id} on ${node} is dead`);
    return this.#metadata.throughProxy(read, node, state, "dhcp", trail);
  }

  #throughRouter(
    read: Reader,
    state: GuestState,
    network: NeutronNetwork,
    router: { readonly id: string; readonly node: NodeId },
    trail?: Trail,
  ): Answer {
    const way = this.#segment(read, state.compute(read), router.node, network, trail);
    if (!isServed(way)) return way;
    const { routes, proxy } = this.#l3.router(read, router.id);
    const subject = `neutron-router/${router.id}`;
    const cell = this.#l3.routerCell(router.id);
    trail?.hop(subject, routes && proxy === "running", routes ? `metadata proxy ${proxy}` : "not there", cell);
    if (!routes || !this.#l2.passes(read, router.node))
      return failed("unreachable", subject, `${router.id} is not there: No route to host`);
    if (proxy === "none")
      return failed(
        "timeout",
        subject,
        `${router.id} has no metadata proxy and sends the request out, where it is dropped`,
      );
    if (proxy === "dead")
      return failed("refused", subject, `Connection refused: the metadata proxy of ${router.id} is dead`);
    return this.#metadata.throughProxy(read, router.node, state, "l3", trail);
  }

  #throughPhysical(
    read: Reader,
    state: GuestState,
    network: NeutronNetwork,
    router: { readonly id: string; readonly routes: readonly Route[] },
    trail?: Trail,
  ): Answer {
    const subject = `router/${router.id}`;
    const way = this.#segment(read, state.compute(read), subject, network, trail);
    if (!isServed(way)) return way;
    let best: Route | undefined;
    for (const route of router.routes)
      if (covers(route) && route.prefix > 0 && route.gateway !== undefined && (!best || route.prefix > best.prefix))
        best = route;
    if (best) {
      for (const other of this.#topology.neutron.networks.values()) {
        const binding = this.#binding(read, other, best.gateway!);
        if (!binding) continue;
        trail?.hop(subject, true, `has a route to ${METADATA} via ${best.gateway}`);
        // The proxy finds the guest by its address on the network of the namespace that it is in.
        if (other.id !== network.id) {
          const text = `the metadata proxy of ${other.id} knows no port with the guest's address: 404`;
          return failed("error", `dhcp-port/${other.id}@${binding.node}`, text, 404);
        }
        return this.#dhcpPort(read, state, other, binding, subject, trail);
      }
    }
    const text = best
      ? `${router.id} sends ${METADATA} to ${best.gateway}, which nobody has`
      : `${router.id} has no route to ${METADATA} and drops it`;
    trail?.hop(subject, false, text);
    return failed("timeout", subject, text);
  }

  #dhcpServer(read: Reader, compute: NodeId, network: NeutronNetwork, binding: DhcpBinding, trail?: Trail): Answer {
    const { node } = binding;
    const subject = `dhcp-port/${network.id}@${node}`;
    const way = this.#segment(read, compute, node, network, trail);
    if (!isServed(way)) return way;
    const { plugged, dnsmasq } = this.#dhcp.port(read, network.id, node);
    const ok = plugged && dnsmasq === "running" && this.#l2.passes(read, node);
    const text = !plugged
      ? "no DHCP port"
      : dnsmasq !== "running"
        ? `dnsmasq ${dnsmasq}`
        : ok
          ? "dnsmasq answers"
          : "its bridge has no flows";
    trail?.hop(subject, ok, text, this.#dhcp.portCell(network.id, node));
    return ok ? OK : unconnected("timeout", subject, `no DHCP answer on ${network.id}: ${node}: ${text}`);
  }

  /** Frames pass between two ends of a guests' VLAN, both ways; nodes' ends are OVS bridges and need their mapping. */
  #segment(read: Reader, from: string, to: string, network: NeutronNetwork, trail?: Trail): Answer {
    const kept = trail ? undefined : this.#kept.find(read, `segment/${network.id}/${from}/${to}`);
    return kept ?? this.#walk(read, from, to, network, trail);
  }

  #walk(read: Reader, from: string, to: string, network: NeutronNetwork, trail?: Trail): Answer {
    for (const end of [from, to]) {
      if (end.startsWith("router/")) continue;
      if (!this.#ground.isRunning(read, end)) {
        trail?.hop(`node/${end}`, false, "not running", this.#ground.nodeCell(end));
        return unconnected("timeout", `node/${end}`, `${end} is not running`);
      }
      const mapped = this.#mapped(read, end, network, end === from ? undefined : trail);
      if (!isServed(mapped)) return mapped;
    }
    if (from === to) return OK;
    const passes =
      this.#ground.passes(read, from, to, network.network) && this.#ground.passes(read, to, from, network.network);
    trail?.hop(`network/${network.network}`, passes, passes ? `${from} and ${to} hear each other` : "cut");
    if (passes) return OK;
    const text = `${from} and ${to} do not hear each other on ${network.network}`;
    return unconnected("timeout", `network/${network.network}`, text);
  }

  #mapped(read: Reader, node: NodeId, network: NeutronNetwork, trail?: Trail): Answer {
    const why = this.#l2.unmapped(read, node, network.physicalNetwork);
    if (why === undefined) return OK;
    trail?.hop(`l2-agent/${node}`, false, why, this.#l2.cell(node));
    return unconnected("timeout", `l2-agent/${node}`, why);
  }

  #nobody(address: string, network: NeutronNetwork, trail?: Trail): Answer {
    const text = `nobody on ${network.id} has ${address}: No route to host`;
    trail?.hop(`address/${address}`, false, text, this.#dhcp.bindingsCell(network.id));
    return failed("unreachable", `address/${address}`, text);
  }

  #binding(read: Reader, network: NeutronNetwork, address: string): DhcpBinding | undefined {
    return this.#dhcp.bindings(read, network.id).find((binding) => binding.address === address);
  }

  #neutronRouter(network: string, address: string) {
    for (const router of this.#topology.neutron.routers.values())
      if (router.interfaces.some((one) => one.network === network && one.address === address)) return router;
    return undefined;
  }

  #physicalRouter(address: string) {
    for (const router of this.#topology.routers.values())
      if (router.interfaces.some((one) => one.address === address)) return router;
    return undefined;
  }
}

/** A route that holds the metadata address. */
function covers({ destination, prefix }: { readonly destination: string; readonly prefix: number }): boolean {
  return cidrHolds(`${destination}/${prefix}`, METADATA);
}
