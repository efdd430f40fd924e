import pc from "picocolors";
import type { PlayedStep, RunbookResult } from "../../../scenarios/runbook/play/result.js";
import { durationText } from "../../text/duration.js";
import { escapeTerminal } from "../../text/markup.js";
import { outageTexts } from "../../text/outages.js";
import type { RunbookReportContext, RunbookReporter } from "./index.js";

const MARKS = { pass: "✓ pass   ", fail: "✗ FAIL   ", unknown: "? unknown" } as const;
const STEP_MARKS: Readonly<Record<PlayedStep["status"], string>> = {
  ok: "✓",
  failed: "✗",
  unknown: "?",
  "not played": "-",
};
const OUTPUT_LINES = 12;

/** For the person at the terminal: each step with what it changed, then what is wrong, with its line. */
export const terminal: RunbookReporter = (results, context) => {
  const parts = results
    .filter(({ verdict }) => !context.quiet || verdict !== "pass")
    .map((result) => page(result, context));
  if (results.length > 1) parts.push(summary(results));
  return parts.length > 0 ? `${parts.join("\n\n")}\n` : "";
};

function page(result: RunbookResult, context: RunbookReportContext): string {
  const paint = pc.createColors(context.color);
  const color = { pass: paint.green, fail: (text: string) => paint.bold(paint.red(text)), unknown: paint.magenta }[
    result.verdict
  ];
  const figures = [
    `${result.steps.length} step${result.steps.length === 1 ? "" : "s"} in ${durationText(result.durationMs)}`,
  ];
  const outages = outageTexts(result.outagesMs);
  figures.push(
    outages.length > 0
      ? `out${result.beforeMs > 0 ? " since the first fault" : ""}: ${safe(outages.join("; "))}`
      : "nobody noticed",
  );
  const lines = [`${color(MARKS[result.verdict])}  ${safe(result.name)}  ${paint.dim(figures.join("; "))}`];
  lines.push(`           ${safe(result.because)}`, "");
  for (const [i, step] of result.steps.entries()) lines.push(...stepLines(step, i, context, paint));
  for (const { line, text } of result.end)
    lines.push(`  ${paint.red("✗")}     end          ${paint.red(`line ${line}: ${safe(text)}`)}`);
  const interfaces = Object.keys(result.interfaces);
  lines.push(
    "",
    paint.dim(
      `${interfaces.length} interface${interfaces.length === 1 ? "" : "s"} to hold in mind: ${interfaces.map(safe).join(", ")}`,
    ),
  );
  if (context.verbose) lines.push("Leaned on:", ...result.assumptions.map((text) => `  ${safe(text)}`));
  else if (result.assumptions.length > 0)
    lines.push(paint.dim(`leaning on ${result.assumptions.length} assumptions; -v lists them`));
  return lines.join("\n");
}

type Paint = ReturnType<typeof pc.createColors>;

function stepLines(step: PlayedStep, i: number, { verbose }: RunbookReportContext, paint: Paint): string[] {
  const mark = { ok: paint.green, failed: paint.red, unknown: paint.magenta, "not played": paint.dim }[step.status](
    STEP_MARKS[step.status],
  );
  const number = String(i + 1).padStart(3);
  const took = step.status === "not played" ? "not played" : durationText(step.durationMs);
  const where = step.node === "" ? (step.kind === "hand" ? "by hand" : "") : step.node;
  const lines = [
    `  ${mark} ${number}  ${took.padEnd(13)} ${safe(where).padEnd(9)} ${safe(step.title)} ${paint.dim(`line ${step.line}`)}`,
  ];
  const indent = " ".repeat(32);
  if (step.changed.length > 0) lines.push(paint.dim(`${indent}${safe(step.changed.join("; "))}`));
  const outages = outageTexts(step.outagesMs);
  if (outages.length > 0) lines.push(paint.dim(`${indent}out: ${safe(outages.join("; "))}`));
  if (verbose || step.problems.some(({ kind }) => kind !== "harm"))
    for (const { node, text, output } of verbose ? step.commands : step.commands.slice(-1)) {
      lines.push(`${indent}[root@${safe(node)} ~]# ${safe(text).replaceAll("\n", `\n${indent}> `)}`);
      const shown = output
        .replace(/\n+$/, "")
        .split("\n")
        .filter((line, _, all) => all.length > 1 || line !== "");
      for (const line of verbose ? shown : shown.slice(0, OUTPUT_LINES)) lines.push(`${indent}${safe(line)}`);
      if (!verbose && shown.length > OUTPUT_LINES)
        lines.push(paint.dim(`${indent}… ${shown.length - OUTPUT_LINES} more lines; -v shows them`));
    }
  for (const { line, text } of step.problems) lines.push(`${indent}${paint.red(`line ${line}: ${safe(text)}`)}`);
  for (const text of step.notModelled) lines.push(`${indent}${paint.magenta(`not modelled: ${safe(text)}`)}`);
  return lines;
}

function summary(results: readonly RunbookResult[]): string {
  const count = (verdict: RunbookResult["verdict"]) => results.filter((result) => result.verdict === verdict).length;
  return `${results.length} runbooks: ${count("pass")} passed, ${count("fail")} failed, ${count("unknown")} unknown`;
}

function safe(text: string): string {
  return escapeTerminal(text.replaceAll("\t", " "));
}
