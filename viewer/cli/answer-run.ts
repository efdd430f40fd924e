import type { RunRecord } from "../../model/verdict/types.js";
import { readInputText } from "../../scenarios/input-file.js";
import { compareWithBaseline, type Regression, readBaseline } from "../../scenarios/records/baseline.js";
import { applyWaivers, readWaivers } from "../../scenarios/records/waivers.js";
import { runScenarios, runWithoutScenario } from "../../scenarios/run.js";
import { VERSION } from "../../scenarios/version.js";
import { withScores } from "../page/cluster-view.js";
import { PageRecorder } from "../page/recording.js";
import { githubStepSummary } from "../reporters/github.js";
import { reporters } from "../reporters/index.js";
import { exitCodeOf } from "../reporters/reporter.js";
import { durationText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { STEP_SUMMARY } from "./run-record.js";
import type { RunAnswer, RunRequest } from "./run-request.js";
import { scenariosAsked, withTopologies } from "./scenarios-asked.js";
import { topologyFrom } from "./topology-option.js";

/** Reads what was asked for, plays it, and renders every report; writes nothing. Throws InputError, TopologyErrors. */
export async function answerRun(
  request: RunRequest,
  onProgress: (done: number, total: number) => void,
): Promise<RunAnswer> {
  const recorder = request.reporter.includes("html") ? new PageRecorder() : undefined;
  const engine = await schedulerFor(request.engine);
  const scheduler = recorder ? withScores(engine) : engine;
  const topology = request.topology === undefined ? undefined : topologyFrom(request.topology);
  const scenarios = scenariosAsked(request, topology);
  const names = scenarios.map(({ name }) => name);
  const { waivers: waiversFile, baseline: baselineFile } = request;
  const waivers = waiversFile === undefined ? [] : readWaivers(readInputText(waiversFile), waiversFile, names);
  const baseline = baselineFile === undefined ? undefined : readBaseline(readInputText(baselineFile), baselineFile);
  const settings = {
    scheduler,
    version: VERSION,
    set: request.set,
    ...(request.seed !== undefined && { seed: request.seed }),
    bail: request.bail ?? false,
    ...(recorder && { onlooker: recorder.onlooker }),
    onScenario: (_: unknown, done: number, total: number) => onProgress(done, total),
  };
  const played =
    topology && scenarios.length === 0 && request.paths.length === 0
      ? runWithoutScenario(topology, settings)
      : runScenarios(withTopologies(scenarios, topology), settings);

  const verdicts = applyWaivers(
    played.scenarios.map(({ verdict }) => verdict),
    waivers,
    today(),
  );
  const record: RunRecord = {
    ...played,
    scenarios: played.scenarios.map((one, i) => ({ ...one, verdict: verdicts[i]! })),
  };
  const grown = baseline ? compareWithBaseline(verdicts, baseline) : [];
  return {
    record: JSON.stringify(record),
    reports: reportsOf(record, request, recorder),
    remarks: grown.map((one) => escapeTerminal(regressionText(one))),
    exitCode: grown.length > 0 ? EXIT.broken : exitCodeOf(record),
  };
}

/** Each reporter writes to the output file of its position, to its own default file, or to standard output. */
function reportsOf(record: RunRecord, request: RunRequest, recorder?: PageRecorder): RunAnswer["reports"] {
  const reports = request.reporter.map((name, i) => {
    const reporter = reporters.get(name)!;
    const file = request.outputFile[i] ?? reporter.defaultFile;
    const toStdout = file === undefined || file === "-";
    const { color, verbose, quiet } = request;
    const text = reporter.render(record, { color: toStdout && color, verbose, quiet, ...(recorder && { recorder }) });
    return toStdout ? { name, text } : { name, text, file };
  });
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  return summary && request.reporter.includes("github")
    ? [...reports, { name: STEP_SUMMARY, file: summary, text: githubStepSummary(record) }]
    : reports;
}

function regressionText({ scenario, what, beforeMs, nowMs }: Regression): string {
  return `${scenario}: ${what} grew from ${durationText(beforeMs)} to ${durationText(nowMs)}`;
}

/** The only wall clock of a run: the day that waivers expire by. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
