import pc from "picocolors";
import type { PromiseResult, RunRecord, Verdict } from "../../model/verdict/types.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { outageTexts } from "../text/outages.js";
import { groundOf, replayCommand } from "../text/replay-command.js";
import {
  brokenPromises,
  countStandings,
  promisesInOrder,
  questionOf,
  type ReportContext,
  type Reporter,
  type Standing,
  standingOf,
  statusText,
} from "./reporter.js";

const BROKEN_SHOWN = 5;

/** For the person at the terminal: what is wrong first in words, then how to see more. */
export const terminalReporter: Reporter = { name: "terminal", render };

const MARKS: Readonly<Record<Standing, string>> = {
  pass: "✓ pass   ",
  finding: "! finding",
  fail: "✗ FAIL   ",
  unknown: "? unknown",
  waived: "- waived ",
};

function render(record: RunRecord, context: ReportContext): string {
  const paint = pc.createColors(context.color);
  const colors: Readonly<Record<Standing, (text: string) => string>> = {
    pass: paint.green,
    finding: paint.yellow,
    fail: (text) => paint.bold(paint.red(text)),
    unknown: paint.magenta,
    waived: paint.dim,
  };
  const lines: string[] = (record.report ?? []).map(safe);
  if (lines.length > 0) lines.push("");
  const width = Math.min(44, Math.max(0, ...record.scenarios.map(({ verdict }) => verdict.name.length)));
  const hasReport = record.report !== undefined;
  for (const scenario of record.scenarios) {
    const { verdict } = scenario;
    const standing = standingOf(verdict);
    if (context.quiet && (standing === "pass" || standing === "finding")) continue;
    lines.push(
      `${colors[standing](MARKS[standing])}  ${safe(verdict.name).padEnd(width)}  ${figures(verdict, hasReport)}`,
    );
    const replay = replayCommand(verdict.replay, groundOf(record, scenario));
    for (const line of details(verdict, standing, context, { hasReport, replay }))
      lines.push(paint.dim("           ") + line);
  }
  if (lines.length > 0) lines.push("");
  if (record.scenarios.length > 10) lines.push(...toLookAt(record));
  lines.push(summary(record));
  const assumptions = new Map<string, number>();
  for (const { verdict } of record.scenarios)
    for (const text of verdict.assumptions) assumptions.set(text, (assumptions.get(text) ?? 0) + 1);
  if (assumptions.size > 0) {
    if (context.verbose) {
      lines.push("", "Leaned on:");
      for (const [text, count] of assumptions)
        lines.push(
          `  ${safe(text)}${count < record.scenarios.length ? paint.dim(` (${count} of ${record.scenarios.length})`) : ""}`,
        );
    } else
      lines.push(
        paint.dim(
          `leaning on ${assumptions.size} ${assumptions.size === 1 ? "assumption" : "assumptions"} (defaults, inferences, releases); -v lists them`,
        ),
      );
  }
  return `${lines.join("\n")}\n`;
}

/** A bare CIB describes no users, so nobody is said not to have noticed. */
function figures(verdict: Verdict, isBare: boolean): string {
  const parts: string[] = [];
  if (verdict.recoveryMs !== undefined) parts.push(`recovered in ${durationText(verdict.recoveryMs)}`);
  const outages = outageTexts(verdict.outagesMs);
  if (outages.length > 0) parts.push(`out: ${safe(outages.join("; "))}`);
  else if (verdict.verdict === "pass" && !isBare) parts.push("nobody noticed");
  return parts.join("; ");
}

function details(
  verdict: Verdict,
  standing: Standing,
  context: ReportContext,
  { hasReport, replay }: { readonly hasReport: boolean; readonly replay: string },
): string[] {
  const lines: string[] = [];
  if (verdict.finding && standing !== "fail") lines.push(safe(verdict.finding));
  if (!hasReport || context.verbose) for (const line of verdict.report ?? []) lines.push(safe(line));
  if (standing === "waived" && verdict.waived)
    lines.push(
      `waived until ${safe(verdict.waived.expires)} by ${safe(verdict.waived.owner)}: ${safe(verdict.waived.reason)}`,
    );
  const isTrouble = standing === "fail" || standing === "unknown" || standing === "waived";
  if (isTrouble) {
    lines.push(safe(verdict.because));
    const broken = brokenPromises(verdict).filter(({ name }) => !verdict.because.includes(name));
    const shown = context.verbose ? broken : broken.slice(0, BROKEN_SHOWN);
    for (const promise of shown) lines.push(promiseLine(promise));
    if (broken.length > shown.length) lines.push(`and ${broken.length - shown.length} more; -v lists them`);
    for (const text of verdict.unknowns.slice(0, 5))
      if (text !== verdict.because) lines.push(`not known: ${safe(text)}`);
  }
  const question = standing === "pass" || context.quiet ? undefined : questionOf(verdict);
  if (question && (isTrouble || context.verbose)) {
    const at = question.atMs === undefined ? "" : ` --at ${question.atMs}ms`;
    lines.push(`why:    fencepost why ${safe(question.subject)} --scenario ${safe(verdict.name)}${at}`);
  }
  if (isTrouble) lines.push(`replay: ${safe(replay)}`);
  if (context.verbose && standing !== "fail" && standing !== "unknown") {
    for (const promise of promisesInOrder(verdict)) lines.push(promiseLine(promise));
  }
  return lines;
}

function promiseLine(promise: PromiseResult): string {
  const { name, status, atMs, evidence } = promise;
  const when = atMs === undefined || status !== "broken" ? "" : ` at ${momentText(atMs)}`;
  return `${safe(name)}: ${statusText(promise)}${when}${evidence ? `. ${safe(evidence)}` : ""}`;
}

/** The names of what needs a look, once more at the end, where they are still on the screen. */
function toLookAt(record: RunRecord): string[] {
  const names = (wanted: Standing) =>
    record.scenarios.filter(({ verdict }) => standingOf(verdict) === wanted).map(({ verdict }) => safe(verdict.name));
  const failed = names("fail");
  const unknown = names("unknown");
  return [
    ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
    ...(unknown.length > 0 ? [`unknown: ${unknown.join(", ")}`] : []),
  ];
}

function summary(record: RunRecord): string {
  const counts = countStandings(record);
  const total = record.scenarios.length;
  if (total === 0) return `${safe(record.topology.name)}: no scenario ran`;
  const parts = [`${counts.pass} passed`];
  if (counts.finding > 0) parts.push(`${counts.finding} showed the weakness they expect`);
  if (counts.fail > 0) parts.push(`${counts.fail} failed`);
  if (counts.unknown > 0) parts.push(`${counts.unknown} unknown`);
  if (counts.waived > 0) parts.push(`${counts.waived} waived`);
  return `${safe(record.topology.name)}: ${total} ${total === 1 ? "scenario" : "scenarios"}: ${parts.join(", ")}`;
}

function safe(text: string): string {
  return escapeTerminal(text);
}
