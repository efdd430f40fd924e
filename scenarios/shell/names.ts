import type { NodeId } from "../../model/twin/parts.js";
import type { Call } from "./command.js";

/** A path as a shell in `cwd` means it. */
export function absolute(cwd: string, path: string): string {
  return path.startsWith("/") ? path : `${cwd}/${path.replace(/^\.\/?/, "")}`;
}

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** A name as the node resolves it: an address itself, its /etc/hosts, else a node's first address (DNS). */
export function resolveHost(call: Pick<Call, "files" | "twin">, name: string): string | undefined {
  if (ADDRESS.test(name)) return name;
  if (name === "localhost") return "127.0.0.1";
  for (const line of (call.files.text("/etc/hosts") ?? "").split("\n")) {
    const [address, ...names] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address !== undefined && names.includes(name)) return address;
  }
  return call.twin.topology.nodes.get(name)?.nics.flatMap((nic) => nic.addresses)[0]?.address;
}

/** The node that is meant by a name or address: its own, or one that it holds now. */
export function nodeBehind(call: Pick<Call, "files" | "twin" | "read">, name: string): NodeId | undefined {
  const { twin, read } = call;
  if (twin.topology.nodes.has(name)) return name;
  const address = resolveHost(call, name);
  if (address === undefined) return undefined;
  for (const node of twin.topology.nodes.values())
    if (node.nics.some((nic) => nic.addresses.some((one) => one.address === address))) return node.id;
  return twin.network.holders(read, address)[0];
}
