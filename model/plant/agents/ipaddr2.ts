import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";

/**
 * ocf:heartbeat:IPaddr2. The monitor looks at the node's address list alone: a lost cable, a dead switch or an unheard
 * ARP leaves it Started. Source: RA 3.9.2.
 */
export function ipaddr2Agent({ primitive, parts, topology, durationMs }: AgentContext): AgentModel {
  const address = primitive.parameters.get("ip") ?? "";
  const { network, hosts } = parts;
  const wantedNic = primitive.parameters.get("nic");

  /** Where the address would go; the agent needs an interface on its network, or the one that it is given. */
  function hasInterface(node: string): boolean {
    const nics = topology.nodes.get(node)?.nics ?? [];
    if (nics.length === 0) return true;
    if (wantedNic !== undefined) return nics.some(({ name }) => name === wantedNic.replace(/:.*$/, ""));
    const on = network.networkOf(address);
    return on === undefined || nics.some((nic) => nic.addresses.some((own) => own.network === on));
  }

  return {
    monitor: (read, node) =>
      outcome(network.holders(read, address).includes(node) ? OCF.success : OCF.notRunning, durationMs("monitor")),
    begin(_instant, node, operation, { takesMs }) {
      if (operation === "start" && address === "")
        return outcome(OCF.notConfigured, durationMs("start"), "IP address (the ip parameter) is mandatory");
      if (operation === "start" && !hasInterface(node))
        return outcome(OCF.genericError, durationMs("start"), `no interface for ${address}`);
      return outcome(OCF.success, takesMs ?? durationMs(operation === "start" ? "start" : "stop"));
    },
    complete(instant, node, operation) {
      if (!hosts.isRunning(instant, node)) return;
      if (operation === "start") network.addAddress(instant, node, address);
      if (operation === "stop") network.removeAddress(instant, node, address);
    },
  };
}
