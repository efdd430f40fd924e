import type { RecordedScenario, RunRecord, Verdict } from "../../model/verdict/types.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeMarkup } from "../text/markup.js";
import { groundOf, replayCommand } from "../text/replay-command.js";
import { brokenPromises, countStandings, type Reporter, standingOf } from "./reporter.js";

/** JUnit XML: one testcase a scenario; fail is a failure, unknown an error, waived is skipped; the seed is a property. */
export const junitReporter: Reporter = { name: "junit", render };

function render(record: RunRecord): string {
  const counts = countStandings(record);
  const suite = attributes({
    name: record.topology.name,
    tests: record.scenarios.length,
    failures: counts.fail,
    errors: counts.unknown,
    skipped: counts.waived,
    time: seconds(record.scenarios.reduce((total, { verdict }) => total + verdict.endedAtMs, 0)),
  });
  const cases = record.scenarios.map((scenario) => testcase(record, scenario));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="fencepost">\n <testsuite ${suite}>\n${cases.join("\n")}\n </testsuite>\n</testsuites>\n`;
}

/** `time` is the scenario's virtual time, so that the same run gives the same bytes. */
function testcase(record: RunRecord, scenario: RecordedScenario): string {
  const { verdict, topology = record.topology } = scenario;
  const properties: Record<string, string> = { seed: String(verdict.seed), replay: verdict.replay };
  if (verdict.finding) properties["finding"] = verdict.finding;
  if (verdict.recoveryMs !== undefined) properties["recoveryMs"] = String(verdict.recoveryMs);
  for (const [name, ms] of Object.entries(verdict.outagesMs)) properties[`outageMs.${name}`] = String(ms);
  const body = Object.entries(properties).map(([name, value]) => `    <property ${attributes({ name, value })}/>`);
  return [
    `  <testcase ${attributes({ classname: topology.name, name: verdict.name, file: verdict.file, time: seconds(verdict.endedAtMs) })}>`,
    "   <properties>",
    ...body,
    "   </properties>",
    ...outcome(verdict, replayCommand(verdict.replay, groundOf(record, scenario))),
    "  </testcase>",
  ].join("\n");
}

function outcome(verdict: Verdict, replay: string): string[] {
  const standing = standingOf(verdict);
  const evidence = brokenPromises(verdict).map(
    ({ name, status, atMs, evidence = "" }) =>
      `${name}: ${status}${atMs === undefined ? "" : ` at ${momentText(atMs)}`}. ${evidence}`,
  );
  const text = escapeMarkup([...evidence, ...verdict.unknowns, `replay: ${replay}`].join("\n"));
  const message = attributes({ message: verdict.because });
  if (standing === "fail") return [`   <failure ${message}>${text}</failure>`];
  if (standing === "unknown") return [`   <error ${message}>${text}</error>`];
  if (standing === "waived")
    return [
      `   <skipped ${attributes({ message: `waived until ${verdict.waived!.expires}: ${verdict.waived!.reason}` })}/>`,
    ];
  const outages = Object.entries(verdict.outagesMs).map(([name, ms]) => `${name} out for ${durationText(ms)}`);
  return outages.length > 0 ? [`   <system-out>${escapeMarkup(outages.join("\n"))}</system-out>`] : [];
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
