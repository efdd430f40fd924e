import type { RecordedScenario, RunRecord } from "../../model/verdict/types.js";
import { durationText } from "../text/duration.js";
import { escapeMarkup } from "../text/markup.js";
import { outageTexts } from "../text/outages.js";
import { groundOf, replayCommand } from "../text/replay-command.js";
import { brokenPromises, countStandings, type Reporter, standingOf } from "./reporter.js";

/** GitHub shows ten annotations of a step: nine, and one that says how many more the summary holds. */
const ANNOTATIONS_MAX = 10;

/** Workflow commands that become annotations on the scenarios' files. */
export const githubReporter: Reporter = { name: "github", render };

function render(record: RunRecord): string {
  const wanted = record.scenarios.filter(({ verdict }) => ["fail", "unknown"].includes(standingOf(verdict)));
  wanted.sort((a, b) => Number(b.verdict.verdict === "fail") - Number(a.verdict.verdict === "fail"));
  const shown = wanted.length > ANNOTATIONS_MAX ? wanted.slice(0, ANNOTATIONS_MAX - 1) : wanted;
  const lines = shown.map((scenario) => annotation(record, scenario));
  if (shown.length < wanted.length) lines.push(`::notice::${wanted.length - shown.length} more in the step summary`);
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

function annotation(record: RunRecord, scenario: RecordedScenario): string {
  const { verdict } = scenario;
  const command = verdict.verdict === "fail" ? "error" : "warning";
  const broken = brokenPromises(verdict)[0];
  const replay = replayCommand(verdict.replay, groundOf(record, scenario));
  const text = [verdict.because, broken?.evidence, `replay: ${replay}`].filter((part) => part).join("\n");
  return `::${command} file=${property(verdict.file)},title=${property(`${verdict.name}: ${verdict.verdict}`)}::${data(text)}`;
}

/** The Markdown for GITHUB_STEP_SUMMARY: every scenario, in one table. */
export function githubStepSummary(record: RunRecord): string {
  const counts = countStandings(record);
  const rows = record.scenarios.map(({ verdict }) => {
    const outages = outageTexts(verdict.outagesMs);
    return `| ${standingOf(verdict)} | ${cell(verdict.name)} | ${verdict.recoveryMs === undefined ? "" : durationText(verdict.recoveryMs)} | ${cell(outages.join("; "))} | ${cell(verdict.finding ?? (verdict.verdict === "pass" ? "" : verdict.because))} |`;
  });
  return [
    `## Fencepost: ${cell(record.topology.name)}`,
    "",
    `${counts.pass} passed, ${counts.finding} expected findings, ${counts.fail} failed, ${counts.unknown} unknown, ${counts.waived} waived`,
    "",
    "| | scenario | recovery | outages | |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** Text in a Markdown table cell: no markup of its own, one line. */
function cell(text: string): string {
  return escapeMarkup(text)
    .replace(/[\\`*_[\]|#!~]/g, "\\$&")
    .replace(/\s+/g, " ");
}

/** Escapes as the workflow-command format asks: data, and the stricter properties. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
