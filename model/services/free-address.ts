import { addressNumber, addressText } from "../topology/ipv4.js";
import type { DhcpBinding, NeutronNetwork, Topology } from "../topology/types.js";

/** The lowest address of a network's subnet that nothing has: where Neutron makes a new port. Undefined: none is left. */
export function freeAddress(
  topology: Topology,
  network: NeutronNetwork,
  bindings: readonly DhcpBinding[],
): string | undefined {
  const [base, bits] = network.subnet.cidr.split("/");
  const taken = new Set<string>(bindings.map(({ address }) => address));
  if (network.subnet.gateway !== undefined) taken.add(network.subnet.gateway);
  for (const guest of topology.guests.values()) if (guest.network === network.id) taken.add(guest.address);
  for (const router of topology.neutron.routers.values()) {
    for (const one of router.interfaces) if (one.network === network.id) taken.add(one.address);
    if (router.gateway?.network === network.id) taken.add(router.gateway.address);
  }
  const first = addressNumber(base!);
  const size = 2 ** (32 - Number(bits));
  for (let i = 1; i < size - 1; i++) {
    const address = addressText(first + i);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
