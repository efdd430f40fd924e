import { isAddress } from "../../topology/ipv4.js";
import type { AgentContext, AgentModel } from "./agent-model.js";
import { processAgent } from "./process.js";

/**
 * ocf:pacemaker:ping: while it runs, a node attribute (`pingd` unless named) holds `multiplier` times the hosts of
 * `host_list` that answer. Names among the hosts are not resolved and count as silent; `dampen` is not modelled.
 */
export function pingAgent(context: AgentContext): AgentModel {
  const { primitive, parts } = context;
  const running = processAgent(context);
  const name = primitive.parameters.get("name") ?? "pingd";
  const multiplier = Number(primitive.parameters.get("multiplier") ?? 1) || 1;
  const hosts = (primitive.parameters.get("host_list") ?? "").split(/\s+/).filter(isAddress);
  const values = Array.from({ length: hosts.length + 1 }, (_, n) => new Map([[name, String(n * multiplier)]]));
  return {
    ...running,
    attributes(read, node) {
      if (running.monitor(read, node, 0).rc !== 0) return NO_ATTRIBUTES;
      return values[hosts.filter((host) => parts.network.reaches(read, node, host, "small")).length]!;
    },
  };
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
