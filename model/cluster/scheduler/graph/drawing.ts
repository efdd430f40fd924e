import type { GraphAction, GraphDrawing } from "../interface.js";
import { A, type Action, O } from "../state/actions.js";
import type { Plan } from "../state/plan.js";
import { Task } from "../state/tasks.js";
import { historyKey } from "./graph.js";

/**
 * The graph as crm_simulate draws it: what is to be done, and, dashed, what ought to be and cannot, with the orderings
 * between them.
 */
export function drawingOf(plan: Plan, actions: readonly GraphAction[]): GraphDrawing {
  const shown = (action: Action): boolean => action.graphId >= 0 || (!action.is(A.Optional) && hasPlace(action));
  const vertices = plan.actions
    .filter(shown)
    .map((action) => ({ name: nameOf(action), pseudo: action.is(A.Pseudo), done: action.graphId >= 0 }));
  const edges: GraphDrawing["edges"][number][] = [];
  for (const then of plan.actions) {
    if (!shown(then)) continue;
    const inputs = actions[then.graphId]?.inputs ?? [];
    const drawn = new Set<Action>();
    for (const { first, flags } of then.inputs) {
      if (!shown(first) || drawn.has(first)) continue;
      const done = first.graphId >= 0 && inputs.includes(first.graphId);
      if (!done && (flags === 0 || flags === O.Optional || flags === O.Load)) continue;
      drawn.add(first);
      edges.push({ from: nameOf(first), to: nameOf(then), done });
    }
  }
  return { vertices, edges };
}

/** What a resource that is going nowhere would do is not drawn. */
function hasPlace(action: Action): boolean {
  return action.node !== undefined || action.resource?.variant !== "primitive";
}

function nameOf(action: Action): string {
  const at = action.node?.name;
  if (action.task === Task.Fence) return `stonith '${action.fenceAction ?? "reboot"}' ${at ?? ""}`;
  if (action.task === Task.Cancel) return `Cancel ${historyKey(action)} ${at ?? ""}`;
  const key = action.task === Task.Shutdown ? "do_shutdown" : historyKey(action);
  return at === undefined ? key : `${key} ${at}`;
}
