import type { TopologyGraph } from "../graph.js";
import type { Leg, Topology } from "../types.js";
import { carries, relates, vertex, vertexKey } from "./edges.js";
import { endpointVertex } from "./services.js";

/** Neutron, images, guests and what users do. */
export function addOpenstack(graph: TopologyGraph, topology: Topology): void {
  const { neutron } = topology;
  for (const network of neutron.networks.values()) {
    const key = vertex(graph, "neutron-network", network.id);
    relates(graph, "depends-on", key, vertexKey("network", network.network));
    for (const { node } of neutron.dhcp.filter((binding) => binding.network === network.id))
      carries(graph, "served-by", key, vertexKey("unit", `neutron-dhcp-agent@${node}`), { group: "dhcp" });
  }
  for (const router of neutron.routers.values()) {
    const key = vertex(graph, "neutron-router", router.id);
    carries(graph, "served-by", key, vertexKey("unit", `neutron-l3-agent@${router.node}`));
    for (const { network } of router.interfaces) relates(graph, "joins", key, vertexKey("neutron-network", network));
    if (router.gateway !== undefined)
      relates(graph, "joins", key, vertexKey("neutron-network", router.gateway.network));
  }
  for (const id of topology.images.keys()) vertex(graph, "image", id);
  for (const guest of topology.guests.values()) {
    const key = vertex(graph, "guest", guest.id);
    carries(graph, "runs-on", key, vertexKey("node", guest.compute));
    relates(graph, "boots-from", key, vertexKey("image", guest.image));
    relates(graph, "joins", key, vertexKey("neutron-network", guest.network));
  }
  for (const journey of topology.journeys.values()) {
    const key = vertex(graph, "journey", journey.id);
    journey.legs.forEach((leg, index) => {
      addLeg(graph, topology, key, leg, `leg ${index}`);
    });
  }
}

function addLeg(graph: TopologyGraph, topology: Topology, key: string, leg: Leg, group: string): void {
  const units = (unit: string, purpose: string) => {
    for (const service of topology.services.values())
      if (service.unit === unit)
        carries(graph, "depends-on", key, vertexKey("unit", service.id), { group: `${group} ${purpose}` });
  };
  switch (leg.kind) {
    case "reach":
      carries(graph, "depends-on", key, endpointVertex(graph, topology, leg.address, leg.port));
      break;
    case "store-image":
      for (const service of topology.services.values())
        if (service.unit === "openstack-glance-api")
          for (const need of service.needs)
            if (need.kind === "mount")
              carries(graph, "depends-on", key, vertexKey("mount", `${service.node}:${need.mountPoint}`), { group });
      break;
    case "boot-guest":
      carries(graph, "depends-on", key, vertexKey("neutron-network", leg.network));
      units("openstack-nova-scheduler", "scheduler");
      units("openstack-nova-conductor", "conductor");
      units("openstack-nova-compute", "compute");
      break;
    case "guest-metadata": {
      const guest = topology.guests.get(leg.guest);
      carries(graph, "depends-on", key, vertexKey("guest", leg.guest));
      if (guest !== undefined) carries(graph, "depends-on", key, vertexKey("neutron-network", guest.network));
      units("neutron-metadata-agent", "metadata");
      units("openstack-nova-conductor", "conductor");
      break;
    }
    case "guest-reachable":
      carries(graph, "depends-on", key, vertexKey("guest", leg.guest));
      break;
    case "attach-volume":
      carries(graph, "depends-on", key, vertexKey("tier", leg.tier));
      carries(graph, "depends-on", key, vertexKey("node", leg.compute));
      break;
  }
}
