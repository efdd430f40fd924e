import type { InterfaceFacts } from "../../importers/host-facts.js";
import { cidrPrefix } from "../ipv4.js";
import type { TopologyYaml } from "../schema.js";
import type { Nic, Place, TopologyNode } from "../types.js";
import { type Loading, present, sorted } from "./loading.js";
import { addLink, networkHolding, type Plant } from "./plant.js";

type NodeYaml = TopologyYaml["nodes"][string];
type NicYaml = NonNullable<NodeYaml["nics"]>[string];

/** A node's NICs: the cable from the YAML, addresses and bridges from the ifcfg files. */
export function loadNics(
  loading: Loading,
  plant: Plant,
  node: string,
  yaml: NodeYaml,
  files: TopologyNode["files"],
): Nic[] {
  const interfaces = new Map<string, InterfaceFacts>();
  for (const path of files.keys()) {
    const imported = loading.imported(files, path);
    if (imported?.kind === "interface") interfaces.set(imported.facts.device, imported.facts);
  }
  checkCabled(loading, node, yaml, interfaces);
  return sorted(yaml.nics).map(([name, nic]) => {
    const path = ["nodes", node, "nics", name];
    const networks = nicNetworks(loading, plant, path, nic);
    const links = nicLinks(loading, plant, node, yaml, name, nic, networks);
    const facts = interfaces.get(name);
    if (facts === undefined && interfaces.size > 0 && nic.address === undefined)
      loading.error(
        loading.place(path),
        `none of the node's files configures`,
        `ifcfg-${name}`,
        [...interfaces.keys()].map((device) => `ifcfg-${device}`),
        "files",
      );
    const addresses = [
      ...fileAddresses(loading, plant, networks, relatedInterfaces(name, interfaces)),
      ...yamlAddress(loading, plant, path, networks, nic, facts),
    ];
    const stated = nic.address !== undefined || (facts?.addresses.length ?? 0) > 0;
    if (
      !stated &&
      addresses.length === 0 &&
      nic.network !== undefined &&
      (interfaces.size === 0 || facts !== undefined)
    )
      loading.error(
        loading.place(path),
        `no address for this NIC: no ifcfg file says one, and there is no address: for`,
        name,
      );
    return present({ name, networks, addresses, bridge: facts?.bridge, links });
  });
}

/** A physical interface that a file configures must have a cable. */
function checkCabled(
  loading: Loading,
  node: string,
  yaml: NodeYaml,
  interfaces: ReadonlyMap<string, InterfaceFacts>,
): void {
  const nics = yaml.nics ?? {};
  for (const [device, facts] of interfaces) {
    const physical = ["Ethernet", "Bond", "OVSPort"].includes(facts.type) && facts.vlan === undefined;
    if (!physical || facts.master !== undefined || device === "lo" || device.includes(":")) continue;
    if (Object.hasOwn(nics, device)) continue;
    const { file, line } = loading.place(["nodes", node, "nics"]);
    loading.error(
      { file: facts.file, line: 1 },
      `${node} has no cable (${file}:${line}) for this NIC:`,
      device,
      Object.keys(nics),
      "NICs",
    );
  }
}

function nicNetworks(loading: Loading, plant: Plant, path: readonly PropertyKey[], nic: NicYaml): string[] {
  if ((nic.network === undefined) === (nic.trunk === undefined))
    loading.error(loading.place(path), "a NIC has either network: or trunk:, and one of them alone");
  if (nic.network !== undefined) {
    loading.refers([...path, "network"], "network", nic.network, plant.networks);
    return [nic.network];
  }
  (nic.trunk ?? []).forEach((network, index) => {
    loading.refers([...path, "trunk", index], "network", network, plant.networks);
  });
  return [...(nic.trunk ?? [])].sort();
}

function nicLinks(
  loading: Loading,
  plant: Plant,
  node: string,
  yaml: NodeYaml,
  name: string,
  nic: NicYaml,
  networks: readonly string[],
): string[] {
  const path = ["nodes", node, "nics", name];
  const end = { kind: "nic", node, nic: name } as const;
  if (yaml.hypervisor !== undefined) {
    if (nic.switch !== undefined)
      loading.error(
        loading.place([...path, "switch"]),
        `a virtual machine's NIC is on its hypervisor's virtual switch; remove switch:`,
      );
    const hypervisor = plant.hypervisors.get(yaml.hypervisor);
    if (hypervisor === undefined) return [];
    const carried = new Set(
      [...plant.links.values()]
        .filter(({ a }) => a.kind === "switch" && a.switch === hypervisor.switch)
        .flatMap((link) => link.networks),
    );
    for (const network of networks)
      if (!carried.has(network) && plant.networks.has(network))
        loading.error(
          loading.place(path),
          `no uplink of ${hypervisor.id} carries network`,
          network,
          carried,
          "networks",
        );
    return [addLink(plant.links, end, { kind: "switch", switch: hypervisor.switch }, networks)];
  }
  const switches = nic.switch === undefined ? [] : [nic.switch].flat();
  if (switches.length === 0)
    loading.error(loading.place(path), "where does its cable go? switch: is missing for", name);
  return switches.map((to) => {
    loading.refers([...path, "switch"], "switch", to, plant.switches);
    return addLink(plant.links, end, { kind: "switch", switch: to }, networks);
  });
}

/** The interface itself, its VLANs and aliases, and the bridge that it is a port of. */
function relatedInterfaces(nic: string, interfaces: ReadonlyMap<string, InterfaceFacts>): InterfaceFacts[] {
  const own = interfaces.get(nic);
  return [...interfaces.values()].filter(
    (facts) =>
      facts === own ||
      facts.vlan?.parent === nic ||
      facts.device.startsWith(`${nic}:`) ||
      (own?.bridge !== undefined && facts.device === own.bridge),
  );
}

type NicAddress = Nic["addresses"][number];

function fileAddresses(
  loading: Loading,
  plant: Plant,
  networks: readonly string[],
  interfaces: readonly InterfaceFacts[],
): NicAddress[] {
  return interfaces.flatMap((facts) => {
    if (!facts.onBoot) {
      loading.assume(`${facts.file} is not brought up at boot: its addresses are not there`, "ONBOOT=no");
      return [];
    }
    return facts.addresses.flatMap(({ address, prefix, line }) =>
      onNetwork(loading, plant, networks, address, prefix, { file: facts.file, line }),
    );
  });
}

function yamlAddress(
  loading: Loading,
  plant: Plant,
  path: readonly PropertyKey[],
  networks: readonly string[],
  nic: NicYaml,
  facts: InterfaceFacts | undefined,
): NicAddress[] {
  if (nic.address === undefined) return [];
  const place = loading.place([...path, "address"]);
  const said = facts?.addresses[0];
  if (said !== undefined) {
    loading.error(
      place,
      `the address is stated here and at ${facts!.file}:${said.line}; a fact has one home. Here:`,
      nic.address,
    );
    return [];
  }
  const address = nic.address.slice(0, nic.address.indexOf("/"));
  return onNetwork(loading, plant, networks, address, cidrPrefix(nic.address), place);
}

function onNetwork(
  loading: Loading,
  plant: Plant,
  networks: readonly string[],
  address: string,
  prefix: number,
  place: Place,
): NicAddress[] {
  const network = networkHolding(plant.networks, networks, address);
  if (network === undefined) {
    const known = networks.filter((id) => plant.networks.has(id));
    if (known.length > 0)
      loading.error(
        place,
        `the address is outside of ${known.map((id) => `network ${id} (${plant.networks.get(id)!.cidr})`).join(", ")}:`,
        address,
      );
    return [];
  }
  if (prefix !== cidrPrefix(network.cidr))
    loading.error(place, `network ${network.id} is ${network.cidr}, this address has the prefix`, String(prefix));
  return [{ address, prefix, network: network.id }];
}
