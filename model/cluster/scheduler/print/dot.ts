import type { Decision, GraphAction, GraphDrawing } from "../interface.js";

/**
 * The transition graph in DOT, as crm_simulate draws it: an arrow from what comes first to what waits for it, dashed
 * where something ought to be done and cannot.
 */
export function printDot(decision: Decision): string {
  const { vertices, edges } = decision.drawing ?? drawingOfActions(decision.actions);
  const lines = [' digraph "g" {'];
  for (const { name, pseudo, done } of vertices) {
    const font = pseudo ? "orange" : "black";
    const look = done ? `style=bold color="green"` : `style=dashed color="red"`;
    lines.push(`${quote(name)} [ ${look} fontcolor="${font}"]`);
  }
  for (const { from, to, done } of edges) {
    lines.push(`${quote(from)} -> ${quote(to)} [ style = ${done ? "bold" : "dashed"}]`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

/** All that a decision without a drawing of its own (the installed program's) tells. */
function drawingOfActions(actions: readonly GraphAction[]): GraphDrawing {
  return {
    vertices: actions.map((action) => ({ name: nameOf(action), pseudo: action.kind === "pseudo", done: true })),
    edges: actions.flatMap((then) =>
      then.inputs.map((input) => ({ from: nameOf(actions[input]!), to: nameOf(then), done: true })),
    ),
  };
}

function nameOf(action: GraphAction): string {
  if (action.operation === "stonith") return `stonith '${action.fenceAction ?? "reboot"}' ${action.node ?? ""}`;
  const key = action.operation === "do_shutdown" ? action.operation : action.key;
  return action.node === undefined ? key : `${key} ${action.node}`;
}

/** A DOT identifier in quotes; names come from the CIB. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/[\r\n]/g, " ")}"`;
}
