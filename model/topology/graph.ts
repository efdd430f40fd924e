import { MultiDirectedGraph } from "graphology";
import { addClusters } from "./graph/clusters.js";
import { addOpenstack } from "./graph/openstack.js";
import { addPlant } from "./graph/plant.js";
import { addServices } from "./graph/services.js";
import { addStorage } from "./graph/storage.js";
import type { Topology } from "./types.js";

export type VertexKind =
  | "site"
  | "rack"
  | "feed"
  | "switch"
  | "link"
  | "network"
  | "router"
  | "hypervisor"
  | "node"
  | "nic"
  | "address"
  | "power-controller"
  | "cluster"
  | "resource"
  | "fence-device"
  | "unit"
  | "endpoint"
  | "proxy"
  | "export"
  | "mount"
  | "database"
  | "lun"
  | "tier"
  | "neutron-network"
  | "neutron-router"
  | "image"
  | "guest"
  | "journey";

export interface Vertex {
  readonly kind: VertexKind;
  /** Its id within the kind. */
  readonly id: string;
}

/**
 * An edge points from a thing to what it stands on or has to do with. Those that `carry` count for failures: edges of
 * one `group` are alternatives, of which `atLeast` must stand; an edge without a group must stand by itself.
 */
export interface Edge {
  readonly kind: EdgeKind;
  readonly carries: boolean;
  readonly group?: string;
  readonly atLeast?: number;
}

export type EdgeKind =
  | "in"
  | "powered-by"
  | "runs-on"
  | "part-of"
  | "joins"
  | "cabled-by"
  | "carries"
  | "held-by"
  | "member-of"
  | "ordered-after"
  | "colocated-with"
  | "switches-through"
  | "powers"
  | "started-by"
  | "depends-on"
  | "answered-by"
  | "balances"
  | "mounts"
  | "served-by"
  | "stored-on"
  | "boots-from";

export type TopologyGraph = MultiDirectedGraph<Vertex, Edge>;

/** The topology as a graph. Vertices are called `kind/id`, edges `kind:from>to`, in an order that depends on names alone. */
export function topologyGraph(topology: Topology): TopologyGraph {
  const graph = new MultiDirectedGraph<Vertex, Edge>();
  addPlant(graph, topology);
  addClusters(graph, topology);
  addStorage(graph, topology);
  addServices(graph, topology);
  addOpenstack(graph, topology);
  return graph;
}
