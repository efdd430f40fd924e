import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";
import { processAgent } from "./process.js";

/**
 * ocf:heartbeat:LVM on a shared LUN. `exclusive`: the group is tagged with its owner; a start refuses where the owner
 * is still a member, and takes the tag over where it is not (inferred: the agent asks the membership, here whether the
 * owner runs and the ring joins the two; without a ring, any network). Source: RA 3.9.2.
 */
export function lvmAgent(context: AgentContext): AgentModel {
  const { primitive, parts, topology, durationMs } = context;
  const { storage, hosts, network } = parts;
  const group = primitive.parameters.get("volgrpname") ?? "";
  if (!storage.hasVolumeGroup(group)) return processAgent(context);
  const exclusive = ["true", "1", "yes", "on"].includes(
    (primitive.parameters.get("exclusive") ?? "false").toLowerCase(),
  );
  const rings = new Set(
    topology.clusters.get(context.cluster)?.nodes.flatMap((member) => member.rings.map((one) => one.network)),
  );
  const ring = rings.size > 0 ? [...rings] : [...topology.networks.keys()];

  return {
    monitor(read, node) {
      const active = storage.activeOn(read, group).includes(node);
      if (!active) return outcome(OCF.notRunning, durationMs("monitor"));
      return storage.sees(read, node, group)
        ? outcome(OCF.success, durationMs("monitor"))
        : outcome(OCF.genericError, durationMs("monitor"), `volume group ${group} has lost its physical volumes`);
    },
    begin(instant, node, operation, { takesMs }) {
      if (operation !== "start") return outcome(OCF.success, takesMs ?? durationMs("stop"));
      const startMs = takesMs ?? durationMs("start");
      if (!storage.sees(instant, node, group))
        return outcome(OCF.genericError, startMs, `volume group ${group} not found`);
      const owner = storage
        .activeOn(instant, group)
        .find(
          (other) =>
            other !== node &&
            hosts.isRunning(instant, other) &&
            ring.some((on) => network.connects(instant, node, other, on)),
        );
      return exclusive && owner !== undefined
        ? outcome(OCF.genericError, startMs, `volume group ${group} is exclusively active on ${owner}`)
        : outcome(OCF.success, startMs);
    },
    complete(instant, node, operation) {
      if (operation === "start") storage.activate(instant, node, group);
      if (operation === "stop") storage.deactivate(instant, node, group);
    },
  };
}
