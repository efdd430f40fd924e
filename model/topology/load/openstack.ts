import type { DhcpBinding, Guest, Image, NetworkNode, NeutronNetwork, NeutronRouter } from "../openstack-types.js";
import { spanMs } from "../span-text.js";
import type { Network, Neutron, Route, ServiceInstance, TopologyNode } from "../types.js";
import { type Loading, present, sorted, sortedMap } from "./loading.js";
import { loadRoutes, type Plant } from "./plant.js";

type Nodes = ReadonlyMap<string, TopologyNode>;
type Services = ReadonlyMap<string, ServiceInstance>;

export function loadNeutron(loading: Loading, plant: Plant, nodes: Nodes, services: Services): Neutron {
  const yaml = loading.yaml.neutron;
  const dhcp: DhcpBinding[] = [];
  const networks = sortedMap(
    sorted(yaml?.networks).flatMap(([id, network]): [string, NeutronNetwork][] => {
      const path = ["neutron", "networks", id];
      if (!loading.refers([...path, "network"], "network", network.network, plant.networks)) return [];
      const vertex = plant.networks.get(network.network)!;
      if (vertex.vlan === undefined)
        loading.error(
          loading.place([...path, "network"]),
          "a Neutron network needs a VLAN; there is none on network",
          vertex.id,
        );
      if (network.gateway !== undefined)
        loading.inNetwork([...path, "gateway"], vertex.id, network.gateway, plant.networks);
      for (const [node, address] of sorted(network.dhcp)) {
        const place = [...path, "dhcp", node];
        loading.inNetwork(place, vertex.id, address, plant.networks);
        checkAgent(loading, place, node, "neutron-dhcp-agent", services);
        dhcp.push({ network: id, node, address });
      }
      const hostRoutes = (network["host-routes"] ?? []).map(({ to, via }) => ({
        destination: to.slice(0, to.indexOf("/")),
        prefix: Number(to.slice(to.indexOf("/") + 1)),
        nextHop: via,
      }));
      const subnet = present({
        cidr: vertex.cidr,
        gateway: network.gateway,
        enableDhcp: network.dhcp !== undefined,
        hostRoutes,
      });
      return [
        [
          id,
          {
            id,
            tenant: network.tenant,
            network: vertex.id,
            physicalNetwork: network["physical-network"],
            vlan: vertex.vlan ?? 0,
            provider: network.provider ?? false,
            subnet,
          },
        ],
      ];
    }),
  );
  const routers = sortedMap(
    sorted(yaml?.routers).map(([id, router]): [string, NeutronRouter] => {
      const path = ["neutron", "routers", id];
      checkAgent(loading, [...path, "node"], router.node, "neutron-l3-agent", services);
      const interfaces = sorted(router.interfaces).map(([network, address]) => ({ network, address }));
      for (const { network, address } of interfaces)
        onNeutronNetwork(loading, [...path, "interfaces", network], network, address, networks);
      if (router.gateway !== undefined)
        onNeutronNetwork(
          loading,
          [...path, "gateway", "network"],
          router.gateway.network,
          router.gateway.address,
          networks,
        );
      return [id, present({ id, tenant: router.tenant, node: router.node, interfaces, gateway: router.gateway })];
    }),
  );
  checkGateways(loading, plant, networks, routers);
  return { networks, routers, dhcp, nodes: networkNodes(loading, plant, nodes, services, networks) };
}

/** A subnet's gateway is some router's address on it, physical or Neutron's. */
function checkGateways(
  loading: Loading,
  plant: Plant,
  networks: ReadonlyMap<string, NeutronNetwork>,
  routers: ReadonlyMap<string, NeutronRouter>,
): void {
  for (const { id, network, subnet } of networks.values()) {
    if (subnet.gateway === undefined) continue;
    const known = [
      ...[...plant.routers.values()].flatMap((router) => router.interfaces.filter((one) => one.network === network)),
      ...[...routers.values()].flatMap((router) => router.interfaces.filter((one) => one.network === id)),
    ].map(({ address }) => address);
    if (!known.includes(subnet.gateway))
      loading.error(
        loading.place(["neutron", "networks", id, "gateway"]),
        `no router on ${id} has its gateway's address`,
        subnet.gateway,
        known,
        "addresses",
      );
  }
}

/** An agent is bound to a node that can run it. */
function checkAgent(
  loading: Loading,
  path: readonly PropertyKey[],
  node: string,
  unit: string,
  services: Services,
): void {
  if (services.has(`${unit}@${node}`)) return;
  const known = [...services.values()].filter((service) => service.unit === unit).map((service) => service.node);
  loading.error(loading.place(path), `no ${unit} is started on`, node, known, "nodes that run it");
}

function onNeutronNetwork(
  loading: Loading,
  path: readonly PropertyKey[],
  network: string,
  address: string,
  networks: ReadonlyMap<string, NeutronNetwork>,
): boolean {
  if (!loading.refers(path, "Neutron network", network, networks)) return false;
  const { cidr } = networks.get(network)!.subnet;
  return loading.inside(path, address, `${network} (${cidr})`, cidr);
}

/** Which agents a node runs, and through which NIC its guests' VLANs leave it. */
function networkNodes(
  loading: Loading,
  plant: Plant,
  nodes: Nodes,
  services: Services,
  networks: ReadonlyMap<string, NeutronNetwork>,
): ReadonlyMap<string, NetworkNode> {
  const found: [string, NetworkNode][] = [];
  for (const node of nodes.values()) {
    const runs = (unit: string) => services.has(`${unit}@${node.id}`);
    const entry = {
      node: node.id,
      l2Agent: runs("neutron-openvswitch-agent"),
      dhcpAgent: runs("neutron-dhcp-agent"),
      l3Agent: runs("neutron-l3-agent"),
      metadataAgent: runs("neutron-metadata-agent"),
      compute: runs("openstack-nova-compute"),
      trunks: trunksOf(loading, node),
    };
    if (!(entry.l2Agent || entry.dhcpAgent || entry.l3Agent || entry.metadataAgent || entry.compute)) continue;
    found.push([node.id, entry]);
    for (const { id, physicalNetwork, network } of networks.values()) {
      const nic = node.nics.find(({ name }) => name === entry.trunks.get(physicalNetwork));
      if (entry.l2Agent && nic !== undefined && !nic.networks.includes(network) && plant.networks.has(network))
        loading.assume(`${node.id} cannot carry ${id}: ${network} is not on the trunk ${nic.name}`, "nodes: trunk");
    }
  }
  return sortedMap(found);
}

const PLUGIN_FILES = ["/etc/neutron/plugin.ini", "/etc/neutron/plugins/openvswitch/ovs_neutron_plugin.ini"];

/** bridge_mappings names the bridge of each physical network; the bridge's port is a NIC. */
function trunksOf(loading: Loading, node: TopologyNode): ReadonlyMap<string, string> {
  const path = PLUGIN_FILES.find((file) => node.files.has(file));
  const plugin = path === undefined ? undefined : loading.facts(node.files, path, "ovs-plugin");
  const trunks = [...(plugin?.bridgeMappings ?? [])].flatMap(([physical, { bridge }]): [string, string][] => {
    const nic = node.nics.find((candidate) => candidate.bridge === bridge);
    return nic === undefined ? [] : [[physical, nic.name]];
  });
  return sortedMap(trunks);
}

const METADATA_WAIT_MS = 120_000;
const METADATA_TIMEOUT_MS = 50_000;

export function loadImages(loading: Loading): ReadonlyMap<string, Image> {
  return sortedMap(
    sorted(loading.yaml.images).map(([id, image]): [string, Image] => {
      const path = ["images", id];
      const files = loading.files(image.files ?? [], [...path, "files"]);
      const fromFiles: Route[] = [];
      let zeroconf = image.os === "linux";
      for (const file of files.keys()) {
        const imported = loading.imported(files, file);
        if (imported?.kind === "routes")
          for (const { destination, prefix, gateway, device, line } of imported.facts.routes)
            fromFiles.push(present({ destination, prefix, gateway, device, place: { file: imported.file, line } }));
        if (imported?.kind === "network" && imported.facts.noZeroconf) zeroconf = false;
        if (imported?.kind === "interface" && !imported.facts.zeroconfRoute) zeroconf = false;
      }
      const own = loadRoutes(loading, [...path, "routes"], image.routes);
      const said = fromFiles[0]?.place;
      if (own.length > 0 && said !== undefined)
        loading.error(
          loading.place([...path, "routes"]),
          `routes are stated here and at ${said.file}:${said.line}; a fact has one home. Here:`,
          id,
        );
      if (files.size === 0 && image.os === "linux")
        loading.assume(`image ${id} keeps the distribution's zeroconf route`, "no network script of it is given");
      const cloudInit = image["cloud-init"];
      if (cloudInit !== undefined && (cloudInit["max-wait"] === undefined || cloudInit.timeout === undefined))
        loading.assume(
          `cloud-init waits up to 120 s for metadata, 50 s for one answer`,
          "cloud-init 0.7.2, Ec2 source",
        );
      return [
        id,
        present({
          id,
          os: image.os,
          format: image.format,
          origin: image.origin,
          files,
          routes: [...fromFiles, ...own],
          zeroconf,
          dhcpRoutes: image["dhcp-routes"] ?? false,
          cloudInit:
            cloudInit === undefined
              ? undefined
              : {
                  maxWaitMs: spanMs(cloudInit["max-wait"] ?? "") ?? METADATA_WAIT_MS,
                  timeoutMs: spanMs(cloudInit.timeout ?? "") ?? METADATA_TIMEOUT_MS,
                },
        }),
      ];
    }),
  );
}

export function loadGuests(
  loading: Loading,
  neutron: Neutron,
  images: ReadonlyMap<string, Image>,
  networks: ReadonlyMap<string, Network>,
): ReadonlyMap<string, Guest> {
  const computes = new Map([...neutron.nodes].filter(([, { compute }]) => compute));
  return sortedMap(
    sorted(loading.yaml.guests).map(([id, guest]): [string, Guest] => {
      const path = ["guests", id];
      loading.refers([...path, "compute"], "compute node", guest.compute, computes);
      loading.refers([...path, "image"], "image", guest.image, images);
      if (loading.refers([...path, "network"], "Neutron network", guest.network, neutron.networks)) {
        const network = neutron.networks.get(guest.network)!;
        loading.inNetwork([...path, "address"], network.network, guest.address, networks);
        if (network.tenant !== guest.tenant)
          loading.error(
            loading.place([...path, "tenant"]),
            `network ${network.id} is ${network.tenant}'s, this guest is of`,
            guest.tenant,
          );
      }
      return [id, { id, ...guest, egress: guest.egress ?? true }];
    }),
  );
}
