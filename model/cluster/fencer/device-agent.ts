import type { Cell, Instant, Reader } from "../../kernel/index.js";
import type { FenceDevice } from "../../topology/types.js";
import type { NodeId, Outcome, ResourceAgent } from "../../twin/parts.js";
import type { ClusterCore } from "../core.js";

const OK = 0;
const GENERIC_ERROR = 1;
const NOT_RUNNING = 7;

/**
 * What "running" means for a stonith resource: the node's fencer monitors the device. Starting it asks the controller
 * for its status once; whether a node may use a device does not depend on where it runs (see devices.ts).
 */
export function fenceDeviceAgent(
  core: ClusterCore,
  device: { id: string; facts: FenceDevice | undefined },
  monitorMs: number,
): ResourceAgent & { forget(instant: Instant, node: NodeId): void } {
  const watched: Cell<readonly NodeId[]> = core.blueprint.cell<readonly NodeId[]>(
    `cluster/${core.id}/fence-device/${device.id}/monitored-by`,
    [],
  );
  const answers = (read: Reader, node: NodeId) =>
    device.facts !== undefined && core.deps.power.answers(read, device.facts.controller, node);
  return {
    forget(instant, node) {
      const nodes = instant.get(watched);
      if (nodes.includes(node))
        instant.set(
          watched,
          nodes.filter((other) => other !== node),
        );
    },
    monitor(read, node): Outcome {
      if (!read.get(watched).includes(node)) return { rc: NOT_RUNNING, durationMs: 1 };
      return answers(read, node)
        ? { rc: OK, durationMs: monitorMs }
        : { rc: GENERIC_ERROR, durationMs: monitorMs, exitReason: "the power controller does not answer" };
    },
    begin(instant, node, operation): Outcome {
      if (operation !== "start") return { rc: OK, durationMs: 1 };
      return answers(instant, node)
        ? { rc: OK, durationMs: monitorMs }
        : { rc: GENERIC_ERROR, durationMs: monitorMs, exitReason: "the power controller does not answer" };
    },
    complete(instant: Instant, node, operation, outcome): void {
      const nodes = instant.get(watched);
      const others = nodes.filter((other) => other !== node);
      if (operation === "start" && outcome.rc === OK) instant.set(watched, [...others, node].sort());
      if (operation === "stop" && others.length !== nodes.length) instant.set(watched, others);
    },
  };
}
