import type { TopologyGraph } from "../graph.js";
import type { Link, LinkEnd, Topology } from "../types.js";
import { carries, relates, vertex, vertexKey } from "./edges.js";

/** Containment, power and cabling. */
export function addPlant(graph: TopologyGraph, topology: Topology): void {
  for (const id of topology.sites.keys()) vertex(graph, "site", id);
  for (const { id, site } of topology.racks.values())
    carries(graph, "in", vertex(graph, "rack", id), vertexKey("site", site));
  for (const { id, site } of topology.feeds.values())
    carries(graph, "in", vertex(graph, "feed", id), vertexKey("site", site));
  for (const id of topology.networks.keys()) vertex(graph, "network", id);
  for (const hypervisor of topology.hypervisors.values())
    stands(graph, vertex(graph, "hypervisor", hypervisor.id), hypervisor);
  for (const one of topology.switches.values()) stands(graph, vertex(graph, "switch", one.id), one);
  for (const one of topology.routers.values()) stands(graph, vertex(graph, "router", one.id), one);
  for (const node of topology.nodes.values()) {
    const key = vertex(graph, "node", node.id);
    stands(graph, key, node);
    for (const nic of node.nics) {
      const port = vertex(graph, "nic", `${node.id}.${nic.name}`);
      carries(graph, "part-of", port, key);
      for (const { address } of nic.addresses) carries(graph, "held-by", vertex(graph, "address", address), port);
    }
  }
  for (const controller of topology.powerControllers.values()) {
    const key = vertex(graph, "power-controller", controller.id);
    stands(graph, key, controller);
    for (const { node } of controller.targets) relates(graph, "powers", key, vertexKey("node", node));
  }
  addLinks(graph, topology);
}

interface Standing {
  readonly rack?: string;
  readonly feeds?: readonly string[];
  readonly hypervisor?: string;
}

function stands(graph: TopologyGraph, key: string, { rack, feeds, hypervisor }: Standing): void {
  if (rack !== undefined) carries(graph, "in", key, vertexKey("rack", rack));
  if (hypervisor !== undefined) carries(graph, "runs-on", key, vertexKey("hypervisor", hypervisor));
  for (const feed of feeds ?? []) carries(graph, "powered-by", key, vertexKey("feed", feed), { group: "power" });
}

/** A NIC, controller or router needs one of its cables; a cable needs both of its ends' devices. */
function addLinks(graph: TopologyGraph, topology: Topology): void {
  for (const link of topology.links.values()) {
    const key = vertex(graph, "link", link.id);
    for (const end of [link.a, link.b]) {
      const device = endKey(end);
      if (end.kind === "switch") {
        carries(graph, "joins", key, device);
        addUplinks(graph, topology, link, end.switch);
      } else carries(graph, "cabled-by", device, key, { group: "cables" });
    }
    for (const network of link.networks) relates(graph, "carries", key, vertexKey("network", network));
  }
}

/** A port of a virtual switch reaches each of its networks through the hypervisor's uplinks that carry it. */
function addUplinks(graph: TopologyGraph, topology: Topology, port: Link, to: string): void {
  if (topology.switches.get(to)?.kind !== "virtual" || (port.a.kind === "switch" && port.b.kind === "switch")) return;
  for (const uplink of topology.links.values()) {
    if (uplink.a.kind !== "switch" || uplink.b.kind !== "switch" || uplink.a.switch !== to) continue;
    const key = vertex(graph, "link", uplink.id);
    for (const network of port.networks)
      if (uplink.networks.includes(network))
        carries(graph, "cabled-by", vertexKey("link", port.id), key, { group: `uplinks ${network}` });
  }
}

function endKey(end: LinkEnd): string {
  switch (end.kind) {
    case "nic":
      return vertexKey("nic", `${end.node}.${end.nic}`);
    case "switch":
      return vertexKey("switch", end.switch);
    case "controller":
      return vertexKey("power-controller", end.controller);
    case "router":
      return vertexKey("router", end.router);
  }
}
