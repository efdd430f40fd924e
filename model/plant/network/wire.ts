import type { Blueprint, Cell, Instant, MachineCell, Reader } from "../../kernel/index.js";
import { linkMachine } from "../../machines/link.js";
import { switchMachine } from "../../machines/switch.js";
import type { Link, LinkEnd, Topology } from "../../topology/types.js";
import type { HostsPart } from "../hosts/index.js";
import { must } from "../unknown-name.js";
import { Fabric, type FabricState, type Step, type VertexId, vertexOf } from "./fabric.js";

/** What frames meet on one way: lost in this share of cases, late by so much. */
export interface Quality {
  readonly lossPercent: number;
  readonly delayMs: number;
}

/** A frame of full size, or a small one (a ping, a totem token's header): an MTU that does not match drops the first. */
export type FrameSize = "small" | "full";

export interface Wire {
  /**
   * An endpoint as the wire knows it. Names without a kind are nodes; `guest/ID` is the port of its compute node,
   * `controller/ID`, `router/ID` are themselves. Unknown names are a `RangeError`.
   */
  vertex(name: string): VertexId;
  /** Frames of `from` arrive at `to`, in that direction. Both are powered; whether they answer is another question. */
  passes(read: Reader, from: string, to: string, network: string, size?: FrameSize): boolean;
  /** The steps frames take now; where they do not arrive, the way as cabled. */
  way(read: Reader, from: string, to: string, network: string): readonly Step[];
  stepState(
    read: Reader,
    step: Step,
    network: string,
  ): { ok: boolean; text: string; subject: string; cell: Cell<unknown> }[];
  blockedBy(read: Reader, from: string, to: string, network: string): Cell<unknown> | undefined;
  quality(read: Reader, from: string, to: string, network: string): Quality;
  setQuality(instant: Instant, from: string, to: string, network: string | undefined, quality: Quality): void;
  setLink(instant: Instant, link: string, up: boolean): void;
  setNic(instant: Instant, node: string, nic: string, up: boolean): void;
  setMtu(instant: Instant, link: string, matches: boolean): void;
  setSwitch(instant: Instant, id: string, up: boolean): void;
  setRouter(instant: Instant, id: string, up: boolean): void;
  setCarried(instant: Instant, link: string, network: string, carried: boolean): void;
  setBlocked(instant: Instant, from: string, to: string, network: string | undefined, blocked: boolean): void;
  /** Nothing that carries frames is down, cut or dark: who is cabled and on is reached. */
  isSound(read: Reader): boolean;
  routerUp(read: Reader, router: string): boolean;
  controllerPowered(read: Reader, controller: string): boolean;
}

const NOTHING: readonly string[] = Object.freeze([]);
const PERFECT: Quality = Object.freeze({ lossPercent: 0, delayMs: 0 });
const NO_QUALITIES: ReadonlyMap<string, Quality> = new Map();
const ANY = "*";
const PLANS_MAX = 200_000;

/** One direction between two endpoints on one network. */
interface Plan {
  readonly from: VertexId;
  readonly to: VertexId;
  readonly fromUp: (read: Reader) => boolean;
  readonly toUp: (read: Reader) => boolean;
  /** What is dropped of the sender's frames, and how its entries name the receiver. */
  readonly senders: readonly Cell<readonly string[]>[];
  readonly receivers: readonly string[];
  /** Nothing lies between the two. */
  readonly bare: boolean;
  readonly cabled: boolean;
  /** The way as cabled. */
  readonly links: readonly MachineCell[];
  readonly carried: readonly Cell<readonly string[]>[];
  readonly nics: readonly MachineCell[];
  readonly switches: readonly string[];
}

/** Cables, interfaces, switches and what stands between two endpoints. */
export function buildWire(blueprint: Blueprint, topology: Topology, hosts: HostsPart): Wire {
  const fabric = new Fabric(topology);
  const links = new Map([...topology.links.keys()].map((id) => [id, blueprint.machine(`link/${id}`, linkMachine)]));
  const switches = new Map(
    [...topology.switches.keys()].map((id) => [id, blueprint.machine(`switch/${id}`, switchMachine)]),
  );
  const routers = new Map(
    [...topology.routers.keys()].map((id) => [id, blueprint.machine(`router/${id}`, switchMachine)]),
  );
  const nics = new Map<string, MachineCell>();
  for (const node of topology.nodes.values())
    for (const nic of node.nics)
      nics.set(`${node.id}/${nic.name}`, blueprint.machine(`nic/${node.id}/${nic.name}`, linkMachine));
  /** Networks that a link should carry and does not. */
  const missing = new Map(
    [...topology.links.keys()].map((id) => [id, blueprint.cell<readonly string[]>(`link/${id}/not-carried`, NOTHING)]),
  );

  /** How many things are down or cut. */
  const impairments = blueprint.cell("network/impairments", 0);
  // What is dropped on the way, by sender: `network to`.
  const blocked = new Map<VertexId, Cell<readonly string[]>>();
  const qualities = new Map<VertexId, Cell<ReadonlyMap<string, Quality>>>();
  const vertices: VertexId[] = [
    ...hosts.nodes.map((id) => `node/${id}`),
    ...[...topology.guests.keys()].map((id) => `guest/${id}`),
    ...[...topology.powerControllers.keys()].map((id) => `controller/${id}`),
    ...[...routers.keys()].map((id) => `router/${id}`),
  ];
  for (const id of vertices) {
    blocked.set(id, blueprint.cell<readonly string[]>(`frames-blocked/${id}`, NOTHING));
    qualities.set(id, blueprint.cell<ReadonlyMap<string, Quality>>(`frames-quality/${id}`, NO_QUALITIES));
  }

  const switchUp = (read: Reader, id: string) => {
    if (read.get(switches.get(id)!).value !== "up") return false;
    const { hypervisor, feeds } = topology.switches.get(id)!;
    return hypervisor === undefined ? hosts.isFed(read, feeds) : hosts.hypervisorUp(read, hypervisor);
  };
  const routerUp = (read: Reader, id: string) =>
    read.get(must(routers, id, "router", "routers")).value === "up" &&
    hosts.isFed(read, topology.routers.get(id)!.feeds);
  const controllerPowered = (read: Reader, id: string) => {
    const { feeds, hypervisor } = must(topology.powerControllers, id, "power controller", "power controllers");
    return hosts.isFed(read, feeds) && (hypervisor === undefined || hosts.hypervisorUp(read, hypervisor));
  };
  const state: FabricState = {
    linkCarries: (read, link, network) =>
      read.get(links.get(link.id)!).value !== "down" && !read.get(missing.get(link.id)!).includes(network),
    endUp: (read, end) => end.kind !== "nic" || read.get(nicOf(end)).value !== "down",
    forwards: (read, vertex) => switchUp(read, vertex.slice("switch/".length)),
  };
  const nicOf = (end: LinkEnd & { kind: "nic" }) => nics.get(`${end.node}/${end.nic}`)!;

  function vertex(name: string): VertexId {
    if (topology.nodes.has(name)) return `node/${name}`;
    if (blocked.has(name)) return name;
    throw new RangeError(
      `unknown endpoint "${name}"; nodes by name, or guest/, controller/, router/ with a name of the topology`,
    );
  }

  /** Where an endpoint's frames enter the wire. */
  const port = (id: VertexId): VertexId =>
    id.startsWith("guest/") ? `node/${topology.guests.get(id.slice("guest/".length))!.compute}` : id;

  const hasCables = new Map<VertexId, boolean>();
  for (const node of topology.nodes.values())
    hasCables.set(
      `node/${node.id}`,
      node.nics.some((nic) => nic.links.length > 0),
    );
  for (const controller of topology.powerControllers.values())
    hasCables.set(`controller/${controller.id}`, controller.links.length > 0);

  /** Whether an endpoint's port takes and sends frames, without asking by name each time. */
  function gate(id: VertexId): (read: Reader) => boolean {
    const name = id.slice(id.indexOf("/") + 1);
    if (id.startsWith("router/")) return (read) => routerUp(read, name);
    if (id.startsWith("controller/")) return (read) => controllerPowered(read, name);
    const cell = hosts.cell(name);
    return (read) => {
      const { value } = read.get(cell);
      return value !== "off" && value !== "booting";
    };
  }

  function blockedBy(read: Reader, fromName: string, toName: string, network: string): Cell<unknown> | undefined {
    const { senders, receivers } = planOf(fromName, toName, network);
    for (const cell of senders) {
      const list = read.get(cell);
      if (list !== NOTHING && receivers.some((receiver) => list.includes(receiver))) return cell as Cell<unknown>;
    }
    return undefined;
  }

  /** All that a question about one direction asks, worked out once. */
  function plan(fromName: string, toName: string, network: string): Plan {
    const [sender, receiver] = [vertex(fromName), vertex(toName)];
    const [from, to] = [port(sender), port(receiver)];
    const bare = from === to || hasCables.get(from) === false || hasCables.get(to) === false;
    const steps = bare ? undefined : fabric.asCabled(from, to, network);
    const ends = (steps ?? []).flatMap((step) => [step.from, step.to]);
    return {
      from,
      to,
      fromUp: gate(from),
      toUp: gate(to),
      senders: [...new Set([sender, from])].map((id) => blocked.get(id)!),
      receivers: [...new Set([receiver, to])].flatMap((id) => [`${network} ${id}`, `${ANY} ${id}`]),
      bare,
      cabled: steps !== undefined,
      links: (steps ?? []).map((step) => links.get(step.link.id)!),
      carried: (steps ?? []).map((step) => missing.get(step.link.id)!),
      nics: ends.flatMap((end) => (end.kind === "nic" ? [nicOf(end)] : [])),
      switches: [...new Set((steps ?? []).flatMap(({ to: end }) => (end.kind === "switch" ? [end.switch] : [])))],
    };
  }

  const plans = new Map<string, Map<string, Map<string, Plan>>>();
  let plansKept = 0;
  function planOf(from: string, to: string, network: string): Plan {
    const known = plans.get(from)?.get(to)?.get(network);
    if (known !== undefined) return known;
    if (++plansKept > PLANS_MAX) {
      plans.clear();
      plansKept = 1;
    }
    const found = plan(from, to, network);
    const ofFrom = plans.get(from) ?? new Map<string, Map<string, Plan>>();
    const ofTo = ofFrom.get(to) ?? new Map<string, Plan>();
    plans.set(from, ofFrom.set(to, ofTo.set(network, found)));
    return found;
  }

  /** The way as cabled is whole. */
  function isWhole(read: Reader, of: Plan, network: string, size: FrameSize): boolean {
    for (const cell of of.links) {
      const { value } = read.get(cell);
      if (value !== "up" && (value === "down" || size === "full")) return false;
    }
    for (const cell of of.carried) {
      const list = read.get(cell);
      if (list !== NOTHING && list.includes(network)) return false;
    }
    for (const cell of of.nics) if (read.get(cell).value === "down") return false;
    for (const id of of.switches) if (!switchUp(read, id)) return false;
    return true;
  }

  function passes(read: Reader, fromName: string, toName: string, network: string, size: FrameSize = "small"): boolean {
    const of = planOf(fromName, toName, network);
    if (!of.fromUp(read) || !of.toUp(read)) return false;
    for (const cell of of.senders) {
      const list = read.get(cell);
      if (list !== NOTHING && of.receivers.some((receiver) => list.includes(receiver))) return false;
    }
    // Nodes of a bare CIB and their controllers have no cables: nothing lies between them.
    if (of.bare) return true;
    if (!of.cabled) return false;
    if (isWhole(read, of, network, size)) return true;
    const steps = fabric.now(read, state, of.from, of.to, network);
    return (
      steps !== undefined &&
      (size === "small" || steps.every(({ link }) => read.get(links.get(link.id)!).value === "up"))
    );
  }

  const linkCell = (id: string) => must(links, id, "link", "links");
  const key = (network: string | undefined, to: string) => `${network ?? ANY} ${vertex(to)}`;

  return {
    vertex,
    passes,
    blockedBy,
    routerUp,
    controllerPowered,
    way(read, fromName, toName, network) {
      const [from, to] = [port(vertex(fromName)), port(vertex(toName))];
      if (from === to) return [];
      return fabric.now(read, state, from, to, network) ?? fabric.asCabled(from, to, network) ?? [];
    },
    stepState(read, { link, from, to }, network) {
      const found: { ok: boolean; text: string; subject: string; cell: Cell<unknown> }[] = [];
      const add = (subject: string, cell: Cell<never> | Cell<unknown>, ok: boolean, text: string) =>
        found.push({ subject, cell: cell as Cell<unknown>, ok, text });
      for (const end of [from, to])
        if (end.kind === "nic" && end === from) {
          const nic = nicOf(end);
          add(nic.name, nic as never, read.get(nic).value !== "down", `interface ${read.get(nic).value}`);
        }
      const cable = links.get(link.id)!;
      const notCarried = missing.get(link.id)!;
      if (read.get(cable).value === "down") add(cable.name, cable as never, false, "link down");
      else if (read.get(notCarried).includes(network))
        add(cable.name, notCarried as never, false, `does not carry ${network}`);
      else add(cable.name, cable as never, true, `carries ${network}`);
      if (to.kind === "switch") {
        const box = switches.get(to.switch)!;
        const up = switchUp(read, to.switch);
        add(box.name, switchCell(read, to.switch), up, up ? "forwards" : whySwitchDown(read, to.switch));
      }
      if (to.kind === "nic") {
        const nic = nicOf(to);
        add(nic.name, nic as never, read.get(nic).value !== "down", `interface ${read.get(nic).value}`);
      }
      return found;
    },
    quality(read, from, to, network) {
      const map = read.get(qualities.get(vertex(from))!);
      return map === NO_QUALITIES ? PERFECT : (map.get(key(network, to)) ?? map.get(key(undefined, to)) ?? PERFECT);
    },
    setQuality(instant, from, to, network, quality) {
      const cell = qualities.get(vertex(from))!;
      const next = new Map(instant.get(cell));
      if (quality.lossPercent === 0 && quality.delayMs === 0) next.delete(key(network, to));
      else next.set(key(network, to), Object.freeze({ ...quality }));
      instant.set(cell, next.size === 0 ? NO_QUALITIES : sorted(next));
    },
    isSound: (read) => read.get(impairments) === 0 && hosts.carriersUp(read),
    setLink: (instant, id, up) => carry(instant, linkCell(id), up ? "LINK_RESTORED" : "LINK_LOST"),
    setMtu: (instant, id, ok) => void instant.send(linkCell(id), { type: ok ? "MTU_RESTORED" : "MTU_REDUCED" }),
    setNic: (instant, node, nic, up) =>
      carry(instant, must(nics, `${node}/${nic}`, "interface", "interfaces"), up ? "LINK_RESTORED" : "LINK_LOST"),
    setSwitch: (instant, id, up) =>
      carry(instant, must(switches, id, "switch", "switches"), up ? "SWITCH_RESTORED" : "SWITCH_LOST"),
    setRouter: (instant, id, up) =>
      carry(instant, must(routers, id, "router", "routers"), up ? "SWITCH_RESTORED" : "SWITCH_LOST"),
    setCarried(instant, id, network, carried) {
      linkCell(id);
      const cell = missing.get(id)!;
      const without = instant.get(cell).filter((other) => other !== network);
      const next = carried ? without : [...without, network].sort();
      if (next.length === instant.get(cell).length) return;
      instant.set(cell, next.length === 0 ? NOTHING : next);
      impair(instant, carried ? -1 : 1);
      instant.note({
        kind: "state",
        subject: `link/${id}`,
        what: carried ? "carries a network again" : "ceased to carry a network",
        text: network,
      });
    },
    setBlocked(instant, from, to, network, on) {
      const cell = blocked.get(vertex(from))!;
      const entry = key(network, to);
      const without = instant.get(cell).filter((other) => other !== entry);
      const next = on ? [...without, entry].sort() : without;
      if (next.length === instant.get(cell).length) return;
      instant.set(cell, next.length === 0 ? NOTHING : next);
      impair(instant, on ? 1 : -1);
    },
  };

  function impair(instant: Instant, by: number): void {
    instant.count(impairments, by);
  }

  /** Gives a link, interface, switch or router its event, and keeps count of those that are down. */
  function carry(instant: Instant, cell: MachineCell, type: string): void {
    const wasDown = instant.get(cell).value === "down";
    instant.send(cell, { type });
    const isDown = instant.get(cell).value === "down";
    if (isDown !== wasDown) impair(instant, isDown ? 1 : -1);
  }

  function switchCell(read: Reader, id: string): Cell<unknown> {
    const { hypervisor, feeds } = topology.switches.get(id)!;
    if (read.get(switches.get(id)!).value !== "up") return switches.get(id)! as unknown as Cell<unknown>;
    if (hypervisor !== undefined) return hosts.hypervisorCell(hypervisor) as unknown as Cell<unknown>;
    const dark = feeds.find((feed) => read.get(hosts.feedCell(feed)).value !== "on");
    return (dark === undefined ? switches.get(id)! : hosts.feedCell(dark)) as unknown as Cell<unknown>;
  }

  function whySwitchDown(read: Reader, id: string): string {
    if (read.get(switches.get(id)!).value !== "up") return "down";
    const { hypervisor } = topology.switches.get(id)!;
    return hypervisor === undefined ? "without power" : `hypervisor ${hypervisor} is not up`;
  }
}

function sorted<V>(map: Map<string, V>): ReadonlyMap<string, V> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export type { Link };
export { type Step, vertexOf };
