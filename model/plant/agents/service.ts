import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";

/**
 * lsb, systemd, upstart and service resources, and OCF agents around one unit: start and stop are the init script's,
 * the monitor is its status: is there a process. One that hangs, or answers with errors, stays Started.
 */
export function serviceAgent({ parts, durationMs }: AgentContext, unit: string): AgentModel {
  const { units } = parts;
  return {
    monitor(read, node) {
      if (!units.has(node, unit)) return outcome(OCF.notInstalled, durationMs("monitor"));
      const state = units.state(read, node, unit);
      const alive = state !== "stopped" && state !== "failed";
      return outcome(alive ? OCF.success : OCF.notRunning, durationMs("monitor"));
    },
    begin(instant, node, operation, { takesMs }) {
      if (!units.has(node, unit)) return outcome(OCF.notInstalled, durationMs("start"), `no unit ${unit} on ${node}`);
      if (operation !== "start" && operation !== "stop") return outcome(OCF.success, durationMs("start"));
      const { ok, durationMs: takes, reason } = units.begin(instant, node, unit, operation, takesMs);
      return outcome(ok ? OCF.success : OCF.genericError, takes, reason);
    },
    // The process goes its own way once it was told.
    complete: () => {},
  };
}
