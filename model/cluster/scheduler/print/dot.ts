import type { Decision, GraphAction } from "../interface.js";

/** The transition graph in DOT, as crm_simulate draws it: an arrow from what comes first to what waits for it. */
export function printDot(decision: Decision): string {
  const lines = [' digraph "g" {'];
  for (const action of decision.actions) {
    const font = action.kind === "pseudo" ? "orange" : "black";
    lines.push(`${quote(nameOf(action))} [ style=bold color="green" fontcolor="${font}"]`);
  }
  for (const action of decision.actions) {
    for (const input of action.inputs) {
      const first = decision.actions[input];
      if (first) lines.push(`${quote(nameOf(first))} -> ${quote(nameOf(action))} [ style = bold]`);
    }
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
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
