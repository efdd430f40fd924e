import type { MachineCell, Reader } from "../../kernel/index.js";
import { processMachine } from "../../machines/process.js";
import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";

/**
 * An agent without a model of its own: a thing that is stopped, started or promoted, does what it is told, and depends
 * on nothing. Where it can be promoted it offers itself everywhere with one score.
 */
export function processAgent({
  blueprint,
  cluster,
  primitive,
  nodes,
  durationMs,
  goesWithNode,
}: AgentContext): AgentModel {
  const cells = new Map<string, MachineCell>(
    nodes.map((node) => [node, blueprint.machine(`process/${cluster}/${primitive.id}@${node}`, processMachine)]),
  );
  for (const [node, cell] of cells) goesWithNode(node, cell);
  const offer: ReadonlyMap<string, string> = new Map([[`master-${primitive.id}`, "100"]]);
  const state = (read: Reader, node: string) => read.get(cells.get(node)!).value;
  return {
    monitor(read, node) {
      const now = state(read, node);
      const rc = now === "stopped" ? OCF.notRunning : now === "promoted" ? OCF.promoted : OCF.success;
      return outcome(rc, durationMs("monitor"));
    },
    begin: (_instant, _node, operation, { takesMs }) =>
      outcome(OCF.success, takesMs ?? durationMs(operation.startsWith("migrate") ? "start" : (operation as "start"))),
    complete(instant, node, operation) {
      const type = EVENTS[operation];
      if (type !== undefined) instant.send(cells.get(node)!, { type }, { quiet: true });
    },
    ...(primitive.promotable && {
      attributes: (read, node) => (state(read, node) === "stopped" ? NO_ATTRIBUTES : offer),
    }),
  };
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

const EVENTS: Readonly<Record<string, string>> = {
  start: "PROCESS_STARTED",
  migrate_from: "PROCESS_STARTED",
  stop: "PROCESS_STOPPED",
  migrate_to: "PROCESS_STOPPED",
  promote: "PROCESS_PROMOTED",
  demote: "PROCESS_DEMOTED",
};
