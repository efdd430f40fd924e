import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";
import { processAgent } from "./process.js";

/**
 * A stonith primitive as a resource: its start registers the device and asks the controller once, its monitor asks
 * again. Whether the device can fence is the fencer's affair; a node may use one that runs elsewhere or nowhere.
 */
export function stonithAgent(context: AgentContext): AgentModel {
  const { primitive, parts, topology, cluster, durationMs } = context;
  const registered = processAgent(context);
  const controller = topology.clusters
    .get(cluster)
    ?.fenceDevices.find((device) => device.id === primitive.id)?.controller;
  return {
    ...registered,
    monitor(read, node) {
      const found = registered.monitor(read, node, 0);
      if (found.rc !== OCF.success || controller === undefined) return found;
      const { ok, text } = parts.power.reach(read, controller, node);
      return ok
        ? outcome(OCF.success, parts.power.statusMs(read, controller))
        : outcome(OCF.genericError, durationMs("monitor"), text);
    },
    begin(instant, node, operation, how) {
      if (operation !== "start" || controller === undefined) return registered.begin(instant, node, operation, how);
      const { ok, text } = parts.power.reach(instant, controller, node);
      return ok
        ? outcome(OCF.success, how.takesMs ?? durationMs("start"))
        : outcome(OCF.genericError, durationMs("start"), text);
    },
  };
}
