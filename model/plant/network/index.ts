import type { Blueprint, Cell, Instant, Reader } from "../../kernel/index.js";
import { cidrHolds } from "../../topology/ipv4.js";
import type { Route, Topology } from "../../topology/types.js";
import type { Hop, Network, NodeId, Path } from "../../twin/parts.js";
import type { HostsPart } from "../hosts/index.js";
import { type Addresses, buildAddresses } from "./addresses.js";
import { buildWire, type FrameSize, type Quality, type Wire } from "./wire.js";

export type { FrameSize, Quality };

export interface NetworkPart extends Network {
  passes(read: Reader, from: string, to: string, network: string, size?: FrameSize): boolean;
  /** Frames pass in both directions. */
  connects(read: Reader, a: string, b: string, network: string, size?: FrameSize): boolean;
  path(read: Reader, from: string, address: string, size?: FrameSize): Path;
  /** As `path(…).ok`, without making the hops. */
  reaches(read: Reader, from: string, address: string, size?: FrameSize): boolean;
  /** The node whose address it is, or who holds it as `from` sees it; undefined where nobody answers. */
  answers(read: Reader, from: string, address: string): string | undefined;
  /** The cell of an address that is known to the topology. */
  addressCell(address: string): Cell<unknown> | undefined;
  networkOf(address: string): string | undefined;
  /** Addresses that a node has besides those of its own files. */
  addedOn(read: Reader, node: NodeId): readonly string[];
  setNic(instant: Instant, node: NodeId, nic: string, up: boolean): void;
  setMtu(instant: Instant, link: string, matches: boolean): void;
  setRouter(instant: Instant, router: string, up: boolean): void;
  /** Loss and delay of frames from one endpoint to another; `passes` ignores them. */
  quality(read: Reader, from: string, to: string, network: string): Quality;
  setQuality(instant: Instant, from: string, to: string, network: string | undefined, quality: Quality): void;
  controllerPowered(read: Reader, controller: string): boolean;
}

/** One stretch of a path, on one network. */
interface Leg {
  readonly from: string;
  readonly to: string;
  readonly network: string;
  readonly stale: boolean;
  /** The address that `from` asks ARP for. */
  readonly address: string;
}

interface Route4 {
  readonly legs: readonly Leg[];
  readonly failure?: "timeout" | "unreachable";
  /** Why the last hop has nobody. */
  readonly text?: string;
}

const LEGS_MAX = 4;
const NEXTS_MAX = 10_000;

/** Text: why there is no way on. */
type Next = string | { readonly direct: boolean; readonly target: string; readonly network: string };

/** The network part: wire below, addresses above, paths over both. */
export function buildNetwork(blueprint: Blueprint, topology: Topology, hosts: HostsPart): NetworkPart {
  const wire: Wire = buildWire(blueprint, topology, hosts);
  const addresses: Addresses = buildAddresses(blueprint, topology, hosts, wire);
  const outside = [...topology.routers.values()].find((router) => router.outside);

  const connects = (read: Reader, a: string, b: string, network: string, size?: FrameSize) =>
    wire.passes(read, a, b, network, size) && wire.passes(read, b, a, network, size);

  /** The networks an endpoint has a port on, and its routes beyond them. */
  function networksOf(endpoint: string): readonly string[] {
    if (endpoint.startsWith("guest/")) {
      const guest = topology.guests.get(endpoint.slice("guest/".length));
      const network = guest && topology.neutron.networks.get(guest.network)?.network;
      return network === undefined ? [] : [network];
    }
    if (endpoint.startsWith("router/"))
      return topology.routers.get(endpoint.slice("router/".length))!.interfaces.map(({ network }) => network);
    if (endpoint.startsWith("controller/")) {
      const network = topology.powerControllers.get(endpoint.slice("controller/".length))!.network;
      return network === undefined ? [] : [network];
    }
    // A trunk's networks belong to the bridge on it: the node itself has a port where it has an address.
    return topology.nodes.get(endpoint)!.nics.flatMap((nic) => nic.addresses.map(({ network }) => network));
  }

  function routesOf(endpoint: string): readonly Route[] {
    if (endpoint.startsWith("router/")) return topology.routers.get(endpoint.slice("router/".length))!.routes;
    return topology.nodes.get(endpoint)?.routes ?? [];
  }

  function gatewayTo(endpoint: string, address: string): string | undefined {
    let best: Route | undefined;
    for (const route of routesOf(endpoint))
      if (route.gateway !== undefined && cidrHolds(`${route.destination}/${route.prefix}`, address))
        if (best === undefined || route.prefix > best.prefix) best = route;
    return best?.gateway;
  }

  /** Where an endpoint sends what is for an address: straight, or to a gateway. Says nothing of who answers there. */
  function nextOf(from: string, address: string): Next {
    const network = addresses.networkOf(address);
    // Nodes of a bare CIB have no networks: whoever holds the address is next door.
    const own = networksOf(from);
    if (own.length === 0 || network === undefined || own.includes(network))
      return { direct: true, target: address, network: network ?? "" };
    const gateway = gatewayTo(from, address);
    if (gateway === undefined) return `${from} has no route to ${address}`;
    const on = addresses.networkOf(gateway);
    return on === undefined
      ? `no network holds the gateway ${gateway}`
      : { direct: false, target: gateway, network: on };
  }

  const nexts = new Map<string, Map<string, Next>>();
  function rememberedNext(from: string, address: string): Next {
    let of = nexts.get(from);
    if (of === undefined || of.size >= NEXTS_MAX) {
      of = new Map();
      nexts.set(from, of);
    }
    let next = of.get(address);
    if (next === undefined) {
      next = nextOf(from, address);
      of.set(address, next);
    }
    return next;
  }

  function route(read: Reader, given: string, address: string): Route4 {
    let from = given === "outside" && outside ? `router/${outside.id}` : given;
    const legs: Leg[] = [];
    while (legs.length < LEGS_MAX) {
      const next = rememberedNext(from, address);
      if (typeof next === "string") return { legs, failure: "unreachable", text: next };
      const found = addresses.resolve(read, from, next.target);
      if (found === undefined) return { legs, failure: "unreachable", text: `nobody holds ${next.target}` };
      legs.push({ from, to: found.to, network: next.network, stale: found.stale, address: next.target });
      if (next.direct) return { legs };
      from = found.to;
    }
    return { legs, failure: "unreachable", text: "the routes lead in a circle" };
  }

  /** Whether a leg's frames arrive and its end takes them for its own. */
  function legOk(read: Reader, leg: Leg, size: FrameSize): boolean {
    if (leg.from === leg.to) return true;
    if (!connects(read, leg.from, leg.to, leg.network, size)) return false;
    if (topology.nodes.has(leg.to)) {
      if (!hosts.isRunning(read, leg.to)) return false;
      return !leg.stale || addresses.holders(read, leg.address).includes(leg.to);
    }
    return true;
  }

  const nodeHop = (read: Reader, node: NodeId): Hop => ({
    subject: `node/${node}`,
    ok: hosts.isRunning(read, node),
    text: hosts.state(read, node),
    cell: hosts.cell(node) as unknown as Cell<unknown>,
  });

  function hopsOf(read: Reader, leg: Leg, size: FrameSize): Hop[] {
    const hops: Hop[] = [];
    const cell = addresses.cell(leg.address) as Cell<unknown> | undefined;
    const holds = !topology.nodes.has(leg.to) || addresses.holders(read, leg.address).includes(leg.to);
    hops.push({
      subject: `address/${leg.address}`,
      ok: holds,
      text: leg.stale
        ? `the ARP entry of ${leg.from} ${holds ? "names" : "still names"} ${leg.to}`
        : `held by ${leg.to}${addresses.holders(read, leg.address).length > 1 ? ", and by another: duplicate address" : ""}`,
      ...(leg.stale ? { cell: addresses.arpCell(leg.address)! } : cell && { cell }),
    });
    if (leg.from === leg.to) return hops;
    for (const step of wire.way(read, leg.from, leg.to, leg.network))
      for (const { subject, ok, text, cell } of wire.stepState(read, step, leg.network))
        hops.push({ subject, ok, text, cell });
    for (const [a, b] of [
      [leg.from, leg.to],
      [leg.to, leg.from],
    ] as const) {
      const cell = wire.blockedBy(read, a, b, leg.network);
      if (cell)
        hops.push({ subject: `network/${leg.network}`, ok: false, text: `frames from ${a} to ${b} are dropped`, cell });
    }
    if (topology.nodes.has(leg.to)) hops.push(nodeHop(read, leg.to));
    else if (leg.to.startsWith("router/")) {
      const up = wire.routerUp(read, leg.to.slice("router/".length));
      hops.push({ subject: leg.to, ok: up, text: up ? "forwards" : "down or without power" });
    } else {
      const up = wire.controllerPowered(read, leg.to.slice("controller/".length));
      hops.push({ subject: leg.to, ok: up, text: up ? "answers" : "without power" });
    }
    if (!legOk(read, leg, size) && hops.every((hop) => hop.ok))
      hops.push({
        subject: `network/${leg.network}`,
        ok: false,
        text:
          size === "full" && legOk(read, leg, "small") ? "frames of full size are dropped (MTU)" : "no way carries it",
      });
    return hops;
  }

  return {
    passes: wire.passes,
    connects,
    path(read, from, address, size = "full") {
      const { legs, failure, text } = route(read, from, address);
      const hops: Hop[] = [];
      for (const leg of legs) {
        hops.push(...hopsOf(read, leg, size));
        if (!legOk(read, leg, size)) return { ok: false, failure: "timeout", hops };
      }
      if (failure === undefined) return { ok: true, hops };
      const home = addresses.homeOf(address);
      if (home !== undefined && !hosts.isRunning(read, home)) hops.push(nodeHop(read, home));
      else {
        const cell = addresses.cell(address) as Cell<unknown> | undefined;
        hops.push({ subject: `address/${address}`, ok: false, text: text ?? failure, ...(cell && { cell }) });
      }
      return { ok: false, failure, hops };
    },
    reaches(read, from, address, size = "full") {
      const { legs, failure } = route(read, from, address);
      return failure === undefined && legs.every((leg) => legOk(read, leg, size));
    },
    answers(read, from, address) {
      const { legs, failure } = route(read, from, address);
      return failure === undefined && legs.every((leg) => legOk(read, leg, "full"))
        ? legs[legs.length - 1]?.to
        : undefined;
    },
    holders: addresses.holders,
    addedOn: addresses.addedOn,
    addressCell: (address) => addresses.cell(address) as Cell<unknown> | undefined,
    networkOf: addresses.networkOf,
    addAddress: addresses.add,
    removeAddress: addresses.remove,
    setLink: wire.setLink,
    setNic: wire.setNic,
    setMtu: wire.setMtu,
    setSwitch: wire.setSwitch,
    setRouter: wire.setRouter,
    block: (instant, from, to, network) => wire.setBlocked(instant, from, to, network, true),
    unblock: (instant, from, to, network) => wire.setBlocked(instant, from, to, network, false),
    setCarried: wire.setCarried,
    setAnnouncementsLost: addresses.setAnnouncementsLost,
    quality: wire.quality,
    setQuality: wire.setQuality,
    controllerPowered: wire.controllerPowered,
  };
}
