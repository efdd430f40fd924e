import type { PlayedStep, RunbookResult } from "../../../scenarios/runbook/play/result.js";
import { escapeMarkup } from "../../text/markup.js";
import type { RunbookReporter } from "./index.js";

/** JUnit XML: a suite for each runbook, a testcase for each step and one for the end. `time` is virtual. */
export const junit: RunbookReporter = (results) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fencepost runbook">\n${results.map(suite).join("\n")}\n</testsuites>\n`;

function suite(result: RunbookResult): string {
  const count = (status: PlayedStep["status"]) => result.steps.filter((step) => step.status === status).length;
  const notModelledAlone = result.verdict === "unknown" && count("unknown") === 0 ? 1 : 0;
  const head = attributes({
    name: result.name,
    file: result.file,
    tests: result.steps.length + 1,
    failures: count("failed") + (result.end.length > 0 ? 1 : 0),
    errors: count("unknown") + (result.end.length > 0 ? 0 : notModelledAlone),
    skipped: count("not played"),
    time: seconds(result.durationMs),
  });
  const end = [
    `  <testcase ${attributes({ classname: result.name, name: "what must hold at the end", file: result.file, time: "0.000" })}>`,
    ...result.end
      .map(({ line, text }) => `   <failure ${attributes({ message: text })}>line ${line}</failure>`)
      .slice(0, 1),
    ...(result.end.length === 0 && notModelledAlone > 0
      ? [`   <error ${attributes({ message: result.because })}/>`]
      : []),
    "  </testcase>",
  ];
  return ` <testsuite ${head}>\n${result.steps.map((step, i) => testcase(result, step, i)).join("\n")}\n${end.join("\n")}\n </testsuite>`;
}

function testcase(result: RunbookResult, step: PlayedStep, i: number): string {
  const name = `${String(i + 1).padStart(2, "0")} ${step.title}`;
  const head = attributes({
    classname: result.name,
    name,
    file: result.file,
    line: step.line,
    time: seconds(step.durationMs),
  });
  const said = step.commands.map(({ node, text, output }) => `[root@${node} ~]# ${text}\n${output}`).join("");
  const [first] = step.problems;
  const body: string[] = [];
  if (first) {
    const text = step.problems.map((problem) => `line ${problem.line}: ${problem.text}`).join("\n");
    body.push(`   <failure ${attributes({ type: first.kind, message: first.text })}>${escapeMarkup(text)}</failure>`);
  } else if (step.status === "unknown")
    body.push(`   <error ${attributes({ message: `not modelled: ${step.notModelled.join("; ")}` })}/>`);
  else if (step.status === "not played") body.push("   <skipped/>");
  if (said !== "") body.push(`   <system-out>${escapeMarkup(said)}</system-out>`);
  return [`  <testcase ${head}>`, ...body, "  </testcase>"].join("\n");
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => `${name}="${escapeMarkup(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`,
    )
    .join(" ");
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
