import { topologyGraph } from "../../model/topology/graph.js";
import type { LinkEnd, Topology } from "../../model/topology/types.js";
import type { EdgeData, VertexData } from "./page-data.js";

/** Containers that hold what stands in no rack: one each, at the top. */
const GATHERED: Readonly<Record<string, string>> = {
  network: "networks",
  journey: "users",
  service: "users",
  endpoint: "users",
  lun: "storage",
  tier: "storage",
  "neutron-network": "tenants",
  "neutron-router": "tenants",
  image: "tenants",
};

/**
 * The topology as the page draws it: every vertex with what it stands in, cables as edges between what they join.
 * `served` are the services and journeys that the twin knows (`service/…`, `journey/…`).
 */
export function graphData(
  topology: Topology,
  served: Iterable<string>,
): { readonly vertices: readonly VertexData[]; readonly edges: readonly EdgeData[] } {
  const graph = topologyGraph(topology);
  const vertices = new Map<string, VertexData>();
  const add = (key: string, kind: string, id: string, parent?: string) => {
    if (vertices.has(key)) return;
    const subject = kind === "nic" ? `nic/${id.replace(".", "/")}` : undefined;
    vertices.set(key, { key, kind, id, ...(parent && { in: parent }), ...(subject && { subject }) });
  };
  const gather = (group: string) => {
    add(`group/${group}`, "group", group);
    return `group/${group}`;
  };
  graph.forEachNode((key, { kind, id }) => {
    if (kind === "link") return;
    const group = GATHERED[kind];
    add(key, kind, id, group === undefined ? parentOf(topology, kind, id) : gather(group));
  });
  for (const name of served) add(name, name.split("/", 1)[0]!, name.slice(name.indexOf("/") + 1), gather("users"));

  const edges: EdgeData[] = [];
  graph.forEachEdge((_, { kind }, from, to) => {
    if (kind === "in" || kind === "part-of" || !vertices.has(from) || !vertices.has(to)) return;
    if (vertices.get(from)!.in !== to) edges.push({ from, to, kind });
  });
  for (const { id, a, b } of topology.links.values()) {
    const from = endKey(a);
    const to = endKey(b);
    if (vertices.has(from) && vertices.has(to)) edges.push({ from, to, kind: "link", subject: `link/${id}` });
  }
  return { vertices: [...vertices.values()], edges };
}

function parentOf(topology: Topology, kind: string, id: string): string | undefined {
  const site = () => siteKey(topology);
  const on = (node: string | undefined) => (node !== undefined && topology.nodes.has(node) ? `node/${node}` : site());
  const standing = (one: { readonly rack?: string; readonly hypervisor?: string } | undefined) =>
    one?.hypervisor !== undefined
      ? `hypervisor/${one.hypervisor}`
      : one?.rack !== undefined
        ? `rack/${one.rack}`
        : site();
  switch (kind) {
    case "site":
      return undefined;
    case "rack":
      return `site/${topology.racks.get(id)?.site}`;
    case "feed":
      return `site/${topology.feeds.get(id)?.site}`;
    case "hypervisor":
      return standing(topology.hypervisors.get(id));
    case "switch":
      return standing(topology.switches.get(id));
    case "router":
      return standing(topology.routers.get(id));
    case "node":
      return standing(topology.nodes.get(id));
    case "power-controller":
      return standing(topology.powerControllers.get(id));
    case "cluster":
      return site();
    case "resource":
    case "fence-device":
      return `cluster/${id.slice(0, id.indexOf("/"))}`;
    case "database": {
      const cluster = topology.databases.get(id)?.cluster;
      return cluster === undefined ? site() : `cluster/${cluster}`;
    }
    case "address": {
      const cluster = topology.virtualAddresses.get(id)?.cluster;
      return cluster === undefined ? on(holderOf(topology, id)) : `cluster/${cluster}`;
    }
    case "nic":
      return on(id.slice(0, id.indexOf(".")));
    case "unit":
    case "proxy":
      return on(id.slice(id.lastIndexOf("@") + 1));
    case "mount":
    case "export":
      return on(id.slice(0, id.indexOf(":")));
    case "guest":
      return on(topology.guests.get(id)?.compute);
    default:
      return site();
  }
}

function siteKey(topology: Topology): string | undefined {
  const first = topology.sites.keys().next().value;
  return topology.sites.size === 1 && first !== undefined ? `site/${first}` : undefined;
}

function holderOf(topology: Topology, address: string): string | undefined {
  for (const node of topology.nodes.values())
    for (const nic of node.nics) if (nic.addresses.some((one) => one.address === address)) return node.id;
  return undefined;
}

function endKey(end: LinkEnd): string {
  switch (end.kind) {
    case "nic":
      return `nic/${end.node}.${end.nic}`;
    case "switch":
      return `switch/${end.switch}`;
    case "controller":
      return `power-controller/${end.controller}`;
    case "router":
      return `router/${end.router}`;
  }
}
