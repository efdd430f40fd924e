import type { RunbookResult } from "../../../scenarios/runbook/play/result.js";
import type { RunbookReporter } from "./index.js";

/** GitHub shows ten annotations of a step. */
const ANNOTATIONS_MAX = 10;

/** Workflow commands that become annotations on the runbooks' lines. */
export const github: RunbookReporter = (results) => {
  const all = results.flatMap(annotations);
  const shown = all.length > ANNOTATIONS_MAX ? all.slice(0, ANNOTATIONS_MAX - 1) : all;
  if (shown.length < all.length) shown.push(`::notice::${all.length - shown.length} more in the log`);
  return shown.length > 0 ? `${shown.join("\n")}\n` : "";
};

function annotations(result: RunbookResult): string[] {
  const problems = [...result.steps.flatMap((step) => step.problems), ...result.end];
  const errors = problems.map(({ kind, line, text }) => annotation("error", result, line, kind, text));
  const unknowns = result.steps.flatMap(({ line, notModelled }) =>
    notModelled.map((text) => annotation("warning", result, line, "not modelled", text)),
  );
  if (result.verdict === "unknown" && unknowns.length === 0)
    unknowns.push(annotation("warning", result, 1, "unknown", result.because));
  return [...errors, ...unknowns];
}

function annotation(command: string, { file, name }: RunbookResult, line: number, kind: string, text: string): string {
  return `::${command} file=${property(file)},line=${Math.max(1, line)},title=${property(`${name}: ${kind}`)}::${data(text)}`;
}

/** Escapes as the workflow-command format asks: data, and the stricter properties. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
