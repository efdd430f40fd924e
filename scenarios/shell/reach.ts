import type { ServicePath } from "../../model/services/index.js";
import type { Call } from "./command.js";
import { resolveHost } from "./names.js";

export interface Asked {
  readonly address: string;
  readonly path: ServicePath;
}

/** Asks for a service at a name and port from the node; undefined where the name does not resolve. Time-outs take their time. */
export function ask(call: Call, name: string, port: number, timeoutMs: number): Asked | undefined {
  const { twin, read, node, handle } = call;
  const found = resolveHost(call, name);
  if (found === undefined) return undefined;
  const own = twin.topology.nodes.get(node)!.nics.flatMap((nic) => nic.addresses)[0]?.address;
  const address = found === "127.0.0.1" && own !== undefined ? own : found;
  const path = twin.services.reach(read, node, address, port);
  if (failureOf(path) === "timeout") handle.advance(timeoutMs);
  return { address, path };
}

/** How a connection fails; undefined where one comes about (whatever the service then answers). */
export function failureOf({ answer }: ServicePath): "timeout" | "refused" | "unreachable" | undefined {
  if (answer.grade !== "failed") return undefined;
  if (answer.failure === "timeout" || answer.failure === "refused" || answer.failure === "unreachable")
    return answer.failure;
  return undefined;
}

/** `Connection refused`, `Connection timed out`, `No route to host`. */
export function failureWords(failure: "timeout" | "refused" | "unreachable"): string {
  return { timeout: "Connection timed out", refused: "Connection refused", unreachable: "No route to host" }[failure];
}
