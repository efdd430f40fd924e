import { type AgentContext, type AgentModel, OCF, outcome } from "./agent-model.js";
import { stateFile } from "./dummy.js";

/** Its promotion score: 10 where promoted, 5 where started. Source: observed with Pacemaker 2.1.5's Stateful. */
const SCORES: Readonly<Record<string, string>> = { Promoted: "10", Unpromoted: "5" };

/** ocf:pacemaker:Stateful: a state file that holds the role. */
export function statefulAgent(context: AgentContext): AgentModel {
  const { primitive, parts, nodes } = context;
  const state = stateFile(context);
  for (const node of nodes) parts.files.declare(node, state);
  const attributeName = `master-${primitive.id}`;
  const attributes = new Map(Object.entries(SCORES).map(([role, score]) => [role, new Map([[attributeName, score]])]));
  return {
    monitor(read, node) {
      const role = parts.files.read(read, node, state);
      const rc = role === undefined ? OCF.notRunning : role === "Promoted" ? OCF.promoted : OCF.success;
      return outcome(rc, context.durationMs("monitor"));
    },
    begin(instant, node, operation, { takesMs }) {
      const durationMs =
        takesMs ?? context.durationMs(operation.startsWith("migrate") ? "start" : (operation as "start"));
      const running = parts.files.read(instant, node, state) !== undefined;
      if ((operation === "promote" || operation === "demote") && !running)
        return outcome(OCF.notRunning, durationMs, "not running");
      return outcome(OCF.success, durationMs);
    },
    complete(instant, node, operation) {
      if (operation === "stop") parts.files.remove(instant, node, state);
      else parts.files.write(instant, node, state, operation === "promote" ? "Promoted" : "Unpromoted");
    },
    attributes: (read, node) => attributes.get(parts.files.read(read, node, state) ?? "") ?? NO_ATTRIBUTES,
  };
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
