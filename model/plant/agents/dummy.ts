import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";

/**
 * ocf:pacemaker:Dummy and ocf:heartbeat:Dummy: a state file and nothing else. Whoever removes the file has made the
 * resource fail. `op_sleep` (seconds) slows each operation.
 * Source: the agents' metadata; observed with Pacemaker 2.1.5.
 */
export function dummyAgent(context: AgentContext): AgentModel {
  const { primitive, parts, nodes } = context;
  const state = stateFile(context);
  const sleepMs = Math.max(0, Math.round(Number(primitive.parameters.get("op_sleep") ?? 0) * 1000)) || 0;
  for (const node of nodes) parts.files.declare(node, state);
  return {
    monitor: (read, node) =>
      outcome(
        parts.files.read(read, node, state) === undefined ? OCF.notRunning : OCF.success,
        context.durationMs("monitor") + sleepMs,
      ),
    begin: (_instant, _node, operation, { takesMs }) =>
      outcome(OCF.success, takesMs ?? context.durationMs(operation === "start" ? "start" : "stop") + sleepMs),
    complete(instant, node, operation) {
      if (operation === "start" || operation === "migrate_from") parts.files.write(instant, node, state, "");
      if (operation === "stop" || operation === "migrate_to") parts.files.remove(instant, node, state);
    },
  };
}

export function stateFile({ primitive }: AgentContext): string {
  const given = primitive.parameters.get("state");
  if (given?.startsWith("/")) return given;
  const folder = primitive.provider === "heartbeat" ? "/run/resource-agents" : "/run";
  return `${folder}/${primitive.type}-${primitive.id}.state`;
}
