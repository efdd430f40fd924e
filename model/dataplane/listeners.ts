import type { ServiceInstance, Topology } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";

/** Which of a node's services listen on a port, by the topology. */
export class Listeners {
  readonly #byPort = new Map<string, ServiceInstance[]>();

  constructor(topology: Topology) {
    for (const service of topology.services.values()) {
      if (service.role === "load-balancer") continue;
      for (const { port } of service.listens) {
        const key = `${service.node}:${port}`;
        const list = this.#byPort.get(key);
        if (list) {
          if (!list.includes(service)) list.push(service);
        } else this.#byPort.set(key, [service]);
      }
    }
  }

  at(node: NodeId, address: string, port: number): readonly ServiceInstance[] {
    const all = this.#byPort.get(`${node}:${port}`) ?? none;
    return all.every((service) => binds(service, address, port))
      ? all
      : all.filter((service) => binds(service, address, port));
  }
}

const none: readonly ServiceInstance[] = [];
const EVERY = new Set(["*", "0.0.0.0", "::", ""]);

function binds(service: ServiceInstance, address: string, port: number): boolean {
  return service.listens.some(
    (listen) => listen.port === port && (EVERY.has(listen.address) || listen.address === address),
  );
}
