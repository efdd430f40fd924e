import { cidrHolds, cidrPrefix } from "../ipv4.js";
import type { Feed, Hypervisor, Link, LinkEnd, Network, PhysicalRouter, Rack, Route, Site, Switch } from "../types.js";
import { type Loading, present, sorted, sortedMap } from "./loading.js";

/** What stands and hangs in the room: sites, racks, feeds, networks, switches and their cables, routers, hypervisors. */
export interface Plant {
  readonly sites: ReadonlyMap<string, Site>;
  readonly racks: ReadonlyMap<string, Rack>;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly networks: ReadonlyMap<string, Network>;
  readonly switches: Map<string, Switch>;
  readonly hypervisors: ReadonlyMap<string, Hypervisor>;
  readonly routers: ReadonlyMap<string, PhysicalRouter>;
  /** Grows while nodes and controllers are read. */
  readonly links: Map<string, Link>;
}

export function loadPlant(loading: Loading): Plant {
  const { yaml } = loading;
  const sites = sortedMap(sorted(yaml.sites).map(([id]) => [id, { id }]));
  const racks = sortedMap(sorted(yaml.racks).map(([id, rack]) => [id, { id, site: rack.site }]));
  const feeds = sortedMap(sorted(yaml.feeds).map(([id, feed]) => [id, { id, site: feed.site }]));
  for (const [id, rack] of racks) loading.refers(["racks", id, "site"], "site", rack.site, sites);
  for (const [id, feed] of feeds) loading.refers(["feeds", id, "site"], "site", feed.site, sites);
  const networks = sortedMap(sorted(yaml.networks).map(([id, network]) => [id, present({ id, ...network })]));
  const plant = {
    sites,
    racks,
    feeds,
    networks,
    switches: new Map<string, Switch>(),
    links: new Map<string, Link>(),
  };
  loadNetworkChecks(loading, networks);
  for (const [id, found] of sorted(yaml.switches)) {
    loading.refers(["switches", id, "rack"], "rack", found.rack, racks);
    loading.feeds(["switches", id], found.feeds, feeds);
    plant.switches.set(id, { id, kind: "physical", ...found });
  }
  const hypervisors = loadHypervisors(loading, plant);
  loadSwitchLinks(loading, plant);
  const routers = loadRouters(loading, plant);
  return { ...plant, hypervisors, routers };
}

type Started = Omit<Plant, "hypervisors" | "routers">;

/** One tag, one network: two of the same tag would be one segment. */
function loadNetworkChecks(loading: Loading, networks: ReadonlyMap<string, Network>): void {
  const tags = new Map<number, string>();
  for (const [id, { vlan }] of networks) {
    if (vlan === undefined) continue;
    const first = tags.get(vlan);
    if (first !== undefined)
      loading.error(
        loading.place(["networks", id, "vlan"]),
        `VLAN ${vlan} is already ${first}, at line ${loading.place(["networks", first, "vlan"]).line}`,
      );
    else tags.set(vlan, id);
  }
}

function loadHypervisors(loading: Loading, plant: Started): ReadonlyMap<string, Hypervisor> {
  return sortedMap(
    sorted(loading.yaml.hypervisors).map(([id, hypervisor]): [string, Hypervisor] => {
      const path = ["hypervisors", id];
      loading.refers([...path, "rack"], "rack", hypervisor.rack, plant.racks);
      loading.feeds(path, hypervisor.feeds, plant.feeds);
      const virtual = `vswitch-${id}`;
      if (plant.switches.has(virtual))
        loading.error(loading.place(["switches", virtual]), `${id}'s virtual switch has this name`, virtual);
      plant.switches.set(virtual, { id: virtual, kind: "virtual", feeds: [], hypervisor: id });
      for (const [to, networks] of sorted(hypervisor.uplinks)) {
        const uplink = [...path, "uplinks", to];
        loading.refers(uplink, "switch", to, plant.switches);
        networks.forEach((network, index) => {
          loading.refers([...uplink, index], "network", network, plant.networks);
        });
        addLink(plant.links, { kind: "switch", switch: virtual }, { kind: "switch", switch: to }, networks);
      }
      return [id, { id, rack: hypervisor.rack, feeds: hypervisor.feeds, switch: virtual }];
    }),
  );
}

function loadSwitchLinks(loading: Loading, plant: Started): void {
  (loading.yaml.links ?? []).forEach((link, index) => {
    const [from, to] = link.between;
    const path = ["links", index];
    loading.refers([...path, "between", 0], "switch", from, plant.switches);
    loading.refers([...path, "between", 1], "switch", to, plant.switches);
    if (from === to) loading.error(loading.place([...path, "between"]), "a link from a switch to itself", from);
    link.networks.forEach((network, at) => {
      loading.refers([...path, "networks", at], "network", network, plant.networks);
    });
    addLink(plant.links, { kind: "switch", switch: from }, { kind: "switch", switch: to }, link.networks);
  });
}

function loadRouters(loading: Loading, plant: Started): ReadonlyMap<string, PhysicalRouter> {
  return sortedMap(
    sorted(loading.yaml.routers).map(([id, router]): [string, PhysicalRouter] => {
      const path = ["routers", id];
      if (router.rack !== undefined) loading.refers([...path, "rack"], "rack", router.rack, plant.racks);
      loading.feeds(path, router.feeds, plant.feeds);
      const interfaces = sorted(router.interfaces).map(([network, address]) => ({ network, address }));
      for (const { network, address } of interfaces)
        loading.inNetwork([...path, "interfaces", network], network, address, plant.networks);
      const links = router.switches.map((to, index) => {
        loading.refers([...path, "switches", index], "switch", to, plant.switches);
        return addLink(
          plant.links,
          { kind: "router", router: id },
          { kind: "switch", switch: to },
          interfaces.map(({ network }) => network),
        );
      });
      const routes = loadRoutes(loading, [...path, "routes"], router.routes);
      const outside = router.outside ?? false;
      return [id, present({ id, rack: router.rack, feeds: router.feeds, interfaces, routes, links, outside })];
    }),
  );
}

/** Routes of the YAML's form `{ to: CIDR, via: ADDRESS }`. */
export function loadRoutes(
  loading: Loading,
  path: readonly PropertyKey[],
  routes: readonly { readonly to: string; readonly via: string }[] | undefined,
): Route[] {
  return (routes ?? []).map(({ to, via }, index) => ({
    destination: to.slice(0, to.indexOf("/")),
    prefix: cidrPrefix(to),
    gateway: via,
    place: loading.place([...path, index]),
  }));
}

/** Adds a cable; a second one between the same ends gets a number. Returns its id. */
export function addLink(links: Map<string, Link>, a: LinkEnd, b: LinkEnd, networks: readonly string[]): string {
  const base = `${endName(a)}--${endName(b)}`;
  let id = base;
  for (let number = 2; links.has(id); number++) id = `${base}--${number}`;
  links.set(id, { id, a, b, networks: [...new Set(networks)].sort() });
  return id;
}

function endName(end: LinkEnd): string {
  switch (end.kind) {
    case "nic":
      return `${end.node}.${end.nic}`;
    case "switch":
      return end.switch;
    case "controller":
      return end.controller;
    case "router":
      return end.router;
  }
}

/** The network, among some, that an address lies in. */
export function networkHolding(
  networks: ReadonlyMap<string, Network>,
  among: Iterable<string>,
  address: string,
): Network | undefined {
  for (const id of among) {
    const network = networks.get(id);
    if (network !== undefined && cidrHolds(network.cidr, address)) return network;
  }
  return undefined;
}
