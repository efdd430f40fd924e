import type { MatrixCell } from "../../../scenarios/runbook/rehearse/matrix.js";
import type { RollBack, Sheet, Twice } from "../../../scenarios/runbook/rehearse/rehearse.js";
import { durationText } from "../../text/duration.js";
import { escapeTerminal } from "../../text/markup.js";
import { outageTexts } from "../../text/outages.js";

const BACK: Readonly<Record<RollBack["reaches"], string>> = {
  baseline: "yes",
  not: "NO",
  "none written": "none written",
};

/** The go/no-go sheet as Markdown: to be printed, or put into the change request. */
export function sheetText({ result, rollBacks, noReturn }: Sheet): string {
  const interfaces = Object.entries(result.interfaces);
  const rows = result.steps.map((step, i) => {
    const back = rollBacks[i];
    const out = outageTexts(step.outagesMs).join("; ") || "–";
    return `| ${i + 1} | ${step.line} | ${cell(step.title)} | ${cell(step.node || "by hand")} | ${durationText(step.durationMs)} | ${cell(out)} | ${back ? BACK[back.reaches] : ""} |`;
  });
  const last = rollBacks.find(({ reaches }) => reaches === "not");
  const never =
    noReturn === undefined
      ? "none: from each step the roll-back reaches the baseline"
      : `behind step ${noReturn.step + 1} (line ${noReturn.line}): ${noReturn.because}`;
  return [
    `# Go/no-go: ${cell(result.title)}`,
    "",
    `Rehearsal: **${result.verdict}**. ${cell(result.because)}`,
    "",
    `- Predicted duration: ${durationText(result.durationMs)}`,
    `- Predicted outage: ${cell(outageTexts(result.outagesMs).join("; ") || "none")}`,
    `- Point of no return: ${cell(never)}`,
    `- Interfaces to hold in mind: ${interfaces.length} (${cell(interfaces.map(([name, commands]) => `${name}: ${commands.join(", ")}`).join("; "))})`,
    "",
    "| step | line | what | where | duration | outage | can be rolled back |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    ...(last
      ? [`The roll-back from step ${last.step + 1} leaves:`, "", ...last.because.map((text) => `- ${cell(text)}`), ""]
      : []),
    "## It leans on",
    "",
    ...result.assumptions.map((text) => `- ${cell(text)}`),
    "",
  ].join("\n");
}

/** The same runbook from each start and with each pair exchanged. */
export function matrixText(name: string, cells: readonly MatrixCell[]): string {
  const width = Math.max(10, ...cells.map(({ start }) => start.length));
  const pairWidth = Math.max(10, ...cells.map(({ pair }) => pair.length));
  const mark = { pass: "✓ pass   ", fail: "✗ FAIL   ", unknown: "? unknown" };
  return [
    `${safe(name)}: ${cells.length} variants`,
    ...cells.map(
      ({ start, pair, result }) =>
        `  ${mark[result.verdict]}  ${safe(start).padEnd(width)}  ${safe(pair || "as written").padEnd(pairWidth)}  ${durationText(result.durationMs)}${result.verdict === "pass" ? "" : `\n             ${safe(result.because)}`}`,
    ),
  ].join("\n");
}

export function twiceText(name: string, { isIdempotent, because, otherwise }: Twice): string {
  return [
    `${safe(name)}: ${isIdempotent ? "✓ typed again, it does no harm" : "✗ typed again, it does harm"}`,
    ...because.map((text) => `  ${safe(text)}`),
    ...otherwise.map(({ line, text }) => `  line ${line} reads otherwise the second time: ${safe(text)}`),
  ].join("\n");
}

export function rollBacksText(name: string, backs: readonly RollBack[]): string {
  if (backs.every(({ reaches }) => reaches === "none written"))
    return `${safe(name)}: ✗ no roll-back is written (a section headed "Roll back")`;
  const lines = backs.map(
    ({ step, line, reaches, because }) =>
      `  ${reaches === "baseline" ? "✓" : "✗"} behind step ${step + 1} (line ${line})${because.length > 0 ? `: ${safe(because.slice(0, 3).join("; "))}` : ""}`,
  );
  return [`${safe(name)}: rolled back from each step`, ...lines].join("\n");
}

/** Text as Markdown's own: no markup, no cell, one line. */
function cell(text: string): string {
  return escapeTerminal(text.replace(/\s+/g, " ")).replace(/[\\`*_[\]|<>~]/g, "\\$&");
}

function safe(text: string): string {
  return escapeTerminal(text.replaceAll("\t", " "));
}
