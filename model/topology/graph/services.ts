import type { TopologyGraph } from "../graph.js";
import type { Need, ServiceInstance, Topology } from "../types.js";
import { carries, relates, vertex, vertexKey } from "./edges.js";

/** Units, what they need, and who answers at an address and port: a load balancer's listener or a unit itself. */
export function addServices(graph: TopologyGraph, topology: Topology): void {
  for (const service of topology.services.values()) {
    const key = vertex(graph, "unit", service.id);
    carries(graph, "runs-on", key, vertexKey("node", service.node));
    if (service.startedBy.kind === "cluster")
      carries(
        graph,
        "started-by",
        key,
        vertexKey("resource", `${service.startedBy.cluster}/${service.startedBy.resource}`),
      );
  }
  addProxies(graph, topology);
  for (const service of topology.services.values()) {
    const key = vertexKey("unit", service.id);
    service.needs.forEach((need, index) => {
      addNeed(graph, topology, service, key, need, `need ${index}`);
    });
  }
}

function addProxies(graph: TopologyGraph, topology: Topology): void {
  for (const [node, facts] of topology.loadBalancers)
    for (const proxy of facts.proxies) {
      const key = vertex(graph, "proxy", `${proxy.name}@${node}`);
      carries(graph, "part-of", key, vertexKey("unit", `haproxy@${node}`));
      const backend = facts.proxies.find((one) => one.kind === "backend" && one.name === proxy.defaultBackend);
      if (backend !== undefined) carries(graph, "balances", key, vertex(graph, "proxy", `${backend.name}@${node}`));
      for (const server of proxy.servers) {
        const unit = listener(topology, server.address, server.port ?? proxy.binds[0]?.port ?? 0);
        if (unit !== undefined) carries(graph, "balances", key, vertexKey("unit", unit.id), { group: "servers" });
      }
    }
}

/** The unit that listens at a node's own address and port. */
function listener(topology: Topology, address: string, port: number): ServiceInstance | undefined {
  return indexOf(topology).get(`${address}:${port}`);
}

/** Node address and port → unit. A load balancer's listeners are proxies, not units. */
function indexOf(topology: Topology): ReadonlyMap<string, ServiceInstance> {
  const known = indexes.get(topology);
  if (known !== undefined) return known;
  const index = new Map<string, ServiceInstance>();
  for (const service of topology.services.values()) {
    if (service.role === "load-balancer") continue;
    const own =
      topology.nodes.get(service.node)?.nics.flatMap((nic) => nic.addresses.map(({ address }) => address)) ?? [];
    for (const listen of service.listens)
      for (const address of own)
        if (listen.address === "*" || listen.address === "0.0.0.0" || listen.address === address) {
          const key = `${address}:${listen.port}`;
          if (!index.has(key)) index.set(key, service);
        }
  }
  indexes.set(topology, index);
  return index;
}

const indexes = new WeakMap<Topology, ReadonlyMap<string, ServiceInstance>>();

/** The vertex of an address and port: it stands while the address does and somebody answers there. */
export function endpointVertex(graph: TopologyGraph, topology: Topology, address: string, port: number): string {
  const id = `${address}:${port}`;
  const there = graph.hasNode(vertexKey("endpoint", id));
  const key = vertex(graph, "endpoint", id);
  if (there) return key;
  carries(graph, "depends-on", key, vertexKey("address", address));
  const answered = (to: string) => carries(graph, "answered-by", key, to, { group: "answering" });
  const own = listener(topology, address, port);
  if (own !== undefined) answered(vertexKey("unit", own.id));
  const cluster = topology.virtualAddresses.get(address)?.cluster;
  for (const { node } of cluster === undefined ? [] : topology.clusters.get(cluster)!.nodes) {
    const balancer = topology.loadBalancers.get(node);
    for (const proxy of balancer?.proxies ?? [])
      if (proxy.binds.some((bind) => bind.port === port && (bind.address === address || bind.address === "*")))
        answered(vertexKey("proxy", `${proxy.name}@${node}`));
    for (const service of topology.services.values())
      if (service.node === node && service.role !== "load-balancer" && service.listens.some((one) => one.port === port))
        answered(vertexKey("unit", service.id));
  }
  return key;
}

function addNeed(
  graph: TopologyGraph,
  topology: Topology,
  service: ServiceInstance,
  key: string,
  need: Need,
  group: string,
): void {
  // What only one kind of request needs is drawn, but does not take the whole service down.
  const link = (to: string) =>
    need.for === undefined ? carries(graph, "depends-on", key, to, { group }) : relates(graph, "depends-on", key, to);
  switch (need.kind) {
    case "endpoint":
      for (const { address, port } of need.endpoints) link(endpointVertex(graph, topology, address, port));
      break;
    case "rpc":
      for (const other of topology.services.values()) if (other.unit === need.unit) link(vertexKey("unit", other.id));
      break;
    case "local":
      link(vertexKey("unit", `${need.unit}@${service.node}`));
      break;
    case "mount":
      link(vertexKey("mount", `${service.node}:${need.mountPoint}`));
      break;
  }
}
