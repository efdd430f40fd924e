import { cidrHolds, cidrPrefix } from "../ipv4.js";
import type { Cluster, Neutron, Place, PowerController, Topology, TopologyNode, VirtualAddress } from "../types.js";
import { resourceAddresses } from "../virtual-addresses.js";
import { type Loading, sortedMap } from "./loading.js";
import type { Plant } from "./plant.js";

/** The addresses that clusters move, each on the network it lies in. */
export function loadVirtualAddresses(
  loading: Loading,
  plant: Plant,
  clusters: ReadonlyMap<string, Cluster>,
): ReadonlyMap<string, VirtualAddress> {
  const found = new Map<string, VirtualAddress>();
  for (const cluster of clusters.values())
    for (const { resource, address, prefix, nic, place } of resourceAddresses(cluster.cib, cluster.cibFile)) {
      const network = [...plant.networks.values()].find((one) => address !== "" && cidrHolds(one.cidr, address));
      if (network === undefined) {
        const known = [...plant.networks.values()].map((one) => one.cidr);
        loading.error(place, `the address of ${resource} is on no network:`, address, known, "networks");
        continue;
      }
      const other = found.get(address);
      if (other !== undefined)
        loading.error(
          place,
          `address of ${resource}, already that of ${other.resource} at ${other.place.file}:${other.place.line}:`,
          address,
        );
      found.set(address, {
        address,
        prefix: prefix ?? cidrPrefix(network.cidr),
        network: network.id,
        cluster: cluster.id,
        resource,
        ...(nic === undefined ? {} : { nic }),
        place,
      });
    }
  return sortedMap(found);
}

/** One address, one owner: NICs, controllers, routers, VIPs, guests, DHCP ports. Both places of a duplicate are told. */
export function checkDuplicateAddresses(
  loading: Loading,
  found: {
    readonly plant: Plant;
    readonly nodes: ReadonlyMap<string, TopologyNode>;
    readonly controllers: ReadonlyMap<string, PowerController>;
    readonly virtualAddresses: ReadonlyMap<string, VirtualAddress>;
    readonly neutron: Neutron;
    readonly guests: Topology["guests"];
  },
): void {
  const seen = new Map<string, { readonly owner: string; readonly place: Place }>();
  const claim = (address: string, owner: string, place: Place) => {
    const first = seen.get(address);
    if (first === undefined) seen.set(address, { owner, place });
    else
      loading.error(
        place,
        `address of ${owner}, already that of ${first.owner} at ${first.place.file}:${first.place.line}:`,
        address,
      );
  };
  for (const router of found.plant.routers.values())
    for (const { network, address } of router.interfaces)
      claim(address, router.id, loading.place(["routers", router.id, "interfaces", network]));
  for (const node of found.nodes.values())
    for (const nic of node.nics)
      for (const { address } of nic.addresses)
        claim(address, `${node.id}'s ${nic.name}`, nicPlace(loading, node, nic.name, address));
  for (const { id, address } of found.controllers.values())
    if (address !== undefined) claim(address, id, loading.place(["power", id, "address"]));
  for (const { address, resource, place } of found.virtualAddresses.values()) claim(address, resource, place);
  for (const { network, node, address } of found.neutron.dhcp)
    claim(address, `the DHCP port of ${network}`, loading.place(["neutron", "networks", network, "dhcp", node]));
  for (const router of found.neutron.routers.values()) {
    const path = ["neutron", "routers", router.id];
    for (const { network, address } of router.interfaces)
      claim(address, router.id, loading.place([...path, "interfaces", network]));
    if (router.gateway !== undefined)
      claim(router.gateway.address, router.id, loading.place([...path, "gateway", "address"]));
  }
  for (const { id, address } of found.guests.values()) claim(address, id, loading.place(["guests", id, "address"]));
}

/** Where a NIC's address is stated: its ifcfg file, else the YAML. */
function nicPlace(loading: Loading, node: TopologyNode, nic: string, address: string): Place {
  for (const path of node.files.keys()) {
    const imported = loading.imported(node.files, path);
    const line =
      imported?.kind === "interface" && imported.facts.addresses.find((own) => own.address === address)?.line;
    if (imported !== undefined && line) return { file: imported.file, line };
  }
  return loading.place(["nodes", node.id, "nics", nic, "address"]);
}
