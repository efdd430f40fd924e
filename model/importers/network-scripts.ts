import type { InterfaceFacts, NetworkFacts } from "./host-facts.js";
import type { Importer } from "./ledger.js";
import { because } from "./oslo-common.js";
import { present } from "./oslo-links.js";
import { type KnownVariables, ShellVariables } from "./shell-variables.js";
import { ipv4, netmaskPrefix, wholeNumber } from "./words.js";

const INTERFACE_KNOWN: KnownVariables = new Map([
  ...because("ignored", "the network scripts and NetworkManager bring it up alike", "nm_controlled"),
  ...because("ignored", "addresses given by DHCP are the topology's", "bootproto"),
  ...because("ignored", "frames reach a port whatever its hardware address", "hwaddr macaddr"),
  ...because("not-modelled", "sizes of frames are not modelled", "mtu"),
  ...because("ignored", "a name for people", "name uuid devicetype"),
  ...because("ignored", "computed from address and netmask", "network broadcast arpcheck arpupdate"),
  ...because(
    "ignored",
    "IPv4 alone is modelled",
    "ipv6init ipv6_autoconf ipv6addr ipv6_defaultgw ipv6_defroute ipv6_failure_fatal",
  ),
  ...because("ignored", "who may set the interface up", "userctl startmode"),
  ...because("not-modelled", "names of other hosts come from /etc/hosts", "dns1 dns2 domain peerdns search"),
  ...because(
    "not-modelled",
    "bonding and bridges are modelled as one link",
    "bonding_opts stp delay ovs_extra ovs_options hotplug linkdelay",
  ),
  ...because(
    "not-modelled",
    "which interface has the default route is its gateway's",
    "defroute gatewaydev peerroutes metric",
  ),
  ...because(
    "ignored",
    "the DHCP client's own tries",
    "dhcp_hostname persistent_dhclient ipv4_failure_fatal dhclientargs",
  ),
]) as KnownVariables;

const SECOND_ADDRESSES = 32;

/**
 * /etc/sysconfig/network-scripts/ifcfg-NAME of RHEL 6. Errors: no DEVICE or one that is not the file's, an address
 * without NETMASK or PREFIX, addresses that are none.
 */
export const importInterface: Importer<InterfaceFacts> = (text, file) => {
  const variables = new ShellVariables(text, file, INTERFACE_KNOWN);
  const { ledger } = variables;
  const name = file.slice(file.lastIndexOf("ifcfg-") + "ifcfg-".length);
  const device = variables.text("DEVICE");
  if (device !== undefined && file.includes("ifcfg-") && device.value !== name && !device.value.startsWith("${"))
    ledger.ignored(device.line, `the file's name says ${name}`);
  const addresses: InterfaceFacts["addresses"][number][] = [];
  for (const suffix of ["", ...Array.from({ length: SECOND_ADDRESSES }, (_, index) => String(index))]) {
    const address = variables.text(`IPADDR${suffix}`);
    const prefix = variables.text(`PREFIX${suffix}`);
    const netmask = variables.text(`NETMASK${suffix}`);
    if (address === undefined) continue;
    if (prefix === undefined && netmask === undefined)
      throw ledger.error(address.line, `IPADDR${suffix}: neither PREFIX${suffix} nor NETMASK${suffix} is set`);
    addresses.push({
      address: ipv4(ledger, address.line, address.value === "" ? "IPADDR" : `IPADDR${suffix}`, address.value),
      prefix:
        prefix === undefined
          ? netmaskPrefix(ledger, netmask!.line, `NETMASK${suffix}`, netmask!.value)
          : wholeNumber(ledger, prefix.line, `PREFIX${suffix}`, prefix.value, 0, 32),
      line: address.line,
    });
  }
  const mtu = variables.text("MTU");
  const gateway = variables.text("GATEWAY");
  if (gateway !== undefined) ipv4(ledger, gateway.line, "GATEWAY", gateway.value);
  const hardwareAddress = variables.text("HWADDR") ?? variables.text("MACADDR");
  if (hardwareAddress !== undefined && !/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(hardwareAddress.value))
    throw ledger.error(hardwareAddress.line, "HWADDR: expected six pairs of digits, found", hardwareAddress.value);
  const isVlan = variables.yes("VLAN", false);
  const physical = variables.text("PHYSDEV")?.value;
  const tag = /^(?:(.+)\.|vlan)(\d+)$/.exec(device?.value ?? name);
  if (isVlan && tag === null)
    throw ledger.error(device?.line ?? 1, "VLAN=yes: the device's name has no tag:", device?.value ?? name);
  const facts: InterfaceFacts = {
    file,
    device: device?.value ?? name,
    bootProtocol: variables.text("BOOTPROTO")?.value.toLowerCase() ?? "none",
    onBoot: variables.yes("ONBOOT", true),
    addresses,
    mtu: mtu === undefined ? 1500 : wholeNumber(ledger, mtu.line, "MTU", mtu.value, 68, 65_535),
    type: variables.text("TYPE")?.value ?? "Ethernet",
    zeroconfRoute: variables.text("NOZEROCONF") === undefined,
    nmControlled: variables.yes("NM_CONTROLLED", true),
    ...present({
      gateway,
      hardwareAddress,
      vlan: isVlan
        ? {
            tag: wholeNumber(ledger, device?.line ?? 1, "VLAN", tag![2]!, 1, 4094),
            ...present({ parent: tag![1] ?? physical }),
          }
        : undefined,
      master: variables.text("MASTER")?.value,
      bridge: variables.text("BRIDGE")?.value ?? variables.text("OVS_BRIDGE")?.value,
    }),
  };
  variables.text("SLAVE");
  variables.settle();
  return { facts, ledger: ledger.entries() };
};

const NETWORK_KNOWN: KnownVariables = new Map([
  ...because("ignored", "a node's network is on", "networking networking_ipv6 ipv6_autoconf ipv6init"),
  ...because("not-modelled", "which interface has the default route is its gateway's", "gatewaydev"),
  ...because("ignored", "NIS is not used", "nisdomain"),
]) as KnownVariables;

/** /etc/sysconfig/network of RHEL 6. */
export const importNetwork: Importer<NetworkFacts> = (text, file) => {
  const variables = new ShellVariables(text, file, NETWORK_KNOWN);
  const gateway = variables.text("GATEWAY");
  if (gateway !== undefined) ipv4(variables.ledger, gateway.line, "GATEWAY", gateway.value);
  const facts: NetworkFacts = {
    file,
    ...present({ hostname: variables.text("HOSTNAME"), gateway }),
    noZeroconf: variables.text("NOZEROCONF") !== undefined,
  };
  variables.settle();
  return { facts, ledger: variables.ledger.entries() };
};
