import pc from "picocolors";
import type { RunRecord, Verdict } from "../../model/verdict/types.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { outageTexts } from "../text/outages.js";
import {
  brokenPromises,
  countStandings,
  type ReportContext,
  type Reporter,
  type Standing,
  standingOf,
} from "./reporter.js";

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
  for (const { verdict } of record.scenarios) {
    const standing = standingOf(verdict);
    if (context.quiet && (standing === "pass" || standing === "finding")) continue;
    lines.push(`${colors[standing](MARKS[standing])}  ${safe(verdict.name).padEnd(width)}  ${figures(verdict)}`);
    for (const line of details(verdict, standing, context)) lines.push(paint.dim("           ") + line);
  }
  if (lines.length > 0) lines.push("");
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
        paint.dim(`${assumptions.size} assumptions are leaned on (defaults, inferences, releases); -v lists them.`),
      );
  }
  return `${lines.join("\n")}\n`;
}

function figures(verdict: Verdict): string {
  const parts: string[] = [];
  if (verdict.recoveryMs !== undefined) parts.push(`recovered in ${durationText(verdict.recoveryMs)}`);
  const outages = outageTexts(verdict.outagesMs);
  if (outages.length > 0) parts.push(`out: ${safe(outages.join("; "))}`);
  else if (verdict.verdict === "pass") parts.push("nobody noticed");
  return parts.join("; ");
}

function details(verdict: Verdict, standing: Standing, context: ReportContext): string[] {
  const lines: string[] = [];
  if (verdict.finding && standing !== "fail") lines.push(safe(verdict.finding));
  for (const line of verdict.report ?? []) lines.push(safe(line));
  if (standing === "waived" && verdict.waived)
    lines.push(
      `waived until ${safe(verdict.waived.expires)} by ${safe(verdict.waived.owner)}: ${safe(verdict.waived.reason)}`,
    );
  if (standing === "fail" || standing === "unknown" || standing === "waived") {
    lines.push(safe(verdict.because));
    for (const promise of brokenPromises(verdict).slice(0, context.verbose ? 50 : 5)) {
      const when = promise.atMs === undefined ? "" : ` at ${momentText(promise.atMs)}`;
      lines.push(
        `${safe(promise.name)}: ${promise.status}${when}${promise.evidence ? `. ${safe(promise.evidence)}` : ""}`,
      );
    }
    for (const text of verdict.unknowns.slice(0, 5)) lines.push(`not known: ${safe(text)}`);
    const at = brokenPromises(verdict).find((promise) => promise.atMs !== undefined)?.atMs;
    if (at !== undefined)
      lines.push(`see: fencepost why ${whyTarget(verdict)} --scenario ${safe(verdict.name)} --at ${at}ms`);
    lines.push(`replay: fencepost replay ${verdict.replay}`);
  }
  if (context.verbose && standing !== "fail" && standing !== "unknown") {
    for (const promise of verdict.promises)
      lines.push(`${safe(promise.name)}: ${promise.status}${promise.evidence ? `. ${safe(promise.evidence)}` : ""}`);
  }
  return lines;
}

/** The thing to ask `why` about: whatever was out longest, else the first promise's words. */
function whyTarget(verdict: Verdict): string {
  return safe(Object.keys(verdict.outagesMs)[0] ?? "SERVICE");
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
