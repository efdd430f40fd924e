import type { Reader } from "../kernel/index.js";
import type { ServiceInstance, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import type { BalancerView } from "./views.js";

interface BalancedServer {
  readonly node: NodeId;
  readonly proxy: string;
  readonly server: string;
}

/** Which service instances the load balancers give requests to. */
export class Rotation {
  readonly #balancers: BalancerView;
  /** By `unit@node`: the load balancers' servers that are it. */
  readonly #behind = new Map<string, readonly BalancedServer[]>();

  constructor(topology: Topology, balancers: BalancerView) {
    this.#balancers = balancers;
    for (const service of topology.services.values()) {
      const servers = serversOf(topology, service);
      if (servers.length > 0) this.#behind.set(service.id, servers);
    }
  }

  /** A load balancer that serves gives it requests, or it is behind none. */
  has(read: Reader, { id }: ServiceInstance): boolean {
    let isBehind = false;
    for (const { node, proxy, server } of this.#behind.get(id) ?? []) {
      if (this.#balancers.config(read, node) === undefined) continue;
      isBehind = true;
      if (this.#balancers.health(read, node, proxy, server) !== "down") return true;
    }
    return !isBehind;
  }
}

/** The servers in the topology's haproxy.cfg files that stand for a service. */
function serversOf(topology: Topology, service: ServiceInstance): readonly BalancedServer[] {
  const own = new Set(
    topology.nodes.get(service.node)?.nics.flatMap(({ addresses }) => addresses.map((one) => one.address)),
  );
  const ports = new Set(service.listens.map(({ port }) => port));
  const found: BalancedServer[] = [];
  for (const [node, { proxies }] of topology.loadBalancers)
    for (const { name, servers } of proxies)
      for (const server of servers)
        if (own.has(server.address) && server.port !== undefined && ports.has(server.port))
          found.push({ node, proxy: name, server: server.name });
  return found;
}
