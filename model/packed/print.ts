import type { BrokenPromise, Exploration } from "./exploration.js";
import type { TraceStep } from "./trace.js";

/** What came of a search, for people: the verdict, and for what is broken each step with what it changed. */
export function printExploration(found: Exploration): string {
  const { model, verdict, reasons, states, transitions, depth, neverPossible } = found;
  const lines = [
    `${model}: ${verdict}`,
    ...reasons.map((reason) => `  ${reason}`),
    `  ${count(states)} states, ${count(transitions)} transitions, ${depth} steps deep`,
  ];
  if (neverPossible.length > 0) lines.push(`  never possible: ${neverPossible.join("; ")}`);
  for (const promise of found.broken) if (promise.trace.length > 0) lines.push("", ...printTrace(promise));
  return `${lines.join("\n")}\n`;
}

function printTrace({ name, trace }: BrokenPromise): string[] {
  const width = String(trace.length - 1).length;
  return [
    `${name}:`,
    ...trace.map(({ rule, state }, step) => {
      const said = rule === undefined ? "at first" : rule;
      const changes = rule === undefined ? Object.entries(state) : changed(trace[step - 1]!, trace[step]!);
      return `  ${String(step).padStart(width)}  ${said}: ${changes.map(([field, value]) => `${field} ${value}`).join(", ")}`;
    }),
  ];
}

function changed(before: TraceStep, after: TraceStep): [string, string][] {
  const changes = Object.entries(after.state).filter(([field, value]) => before.state[field] !== value);
  return changes.length > 0 ? changes : [["nothing", "changes"]];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
