import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import type { RunRecord } from "../../model/verdict/types.js";
import { discoverScenarios, readScenarioFile } from "../../scenarios/discover.js";
import type { Scenario } from "../../scenarios/file/read-scenario.js";
import { compareWithBaseline, type Regression, readBaseline } from "../../scenarios/records/baseline.js";
import { applyWaivers, readWaivers } from "../../scenarios/records/waivers.js";
import { runScenarios, runWithoutScenario } from "../../scenarios/run.js";
import { githubStepSummary } from "../reporters/github.js";
import { reporters } from "../reporters/index.js";
import { exitCodeOf, type ReportContext } from "../reporters/reporter.js";
import { durationText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { Progress } from "./progress.js";
import { LAST_RUN, writeWhole } from "./run-record.js";
import { fixturesFolder, topologyFrom } from "./topology-option.js";
import { VERSION } from "./version.js";

interface RunFlags {
  readonly topology?: string;
  readonly scenario: readonly string[];
  readonly reporter: readonly string[];
  readonly outputFile: readonly string[];
  readonly seed?: number;
  readonly set: readonly string[];
  readonly bail?: boolean;
  readonly waivers?: string;
  readonly baseline?: string;
  readonly engine: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** `fencepost run`: plays scenarios against the twin and says what came of each. */
export function registerRun(program: Command): void {
  program
    .command("run")
    .description("play scenarios against the twin and judge them")
    .argument(
      "[scenarios...]",
      "scenario files, or folders that hold them (default: those of the topology, else the shipped ones)",
    )
    .option(
      "-t, --topology <file>",
      "topology.yaml, or a bare CIB: it settles by itself, then each node is lost in turn",
    )
    .option("--scenario <name>", "only scenarios of this name (repeatable)", collect, [])
    .addOption(
      new Option("--reporter <name>", "how to tell it (repeatable)").argParser(collectReporter).default([], "terminal"),
    )
    .option(
      "--output-file <file>",
      "where the reporter of the same position writes (repeatable); - is standard output",
      collect,
      [],
    )
    .option("--seed <n>", "instead of each scenario's own seed", wholeNumber)
    .option("--set <edit>", "an edit before the start: RESOURCE:META=VALUE, :PROPERTY=VALUE (repeatable)", collect, [])
    .option("--bail", "stop after the first scenario that does not pass")
    .option("--waivers <file>", "known failures: scenario, reason, owner, expiry")
    .option("--baseline <file>", "an earlier run's JSON: a recovery or outage that grew fails")
    .addOption(engineOption())
    .option("-q, --quiet", "only what needs attention")
    .option("-v, --verbose", "every promise and every assumption")
    .option("--no-color", "no colours")
    .action(async (paths: readonly string[], flags: RunFlags) => {
      process.exitCode = await run(paths, flags);
    });
}

async function run(paths: readonly string[], flags: RunFlags): Promise<number> {
  const scheduler = await schedulerFor(flags.engine);
  const topology = flags.topology === undefined ? undefined : topologyFrom(flags.topology);
  const scenarios = scenariosFor(paths, flags, topology);
  const waivers =
    flags.waivers === undefined
      ? []
      : readWaivers(
          readText(flags.waivers),
          flags.waivers,
          scenarios.map(({ name }) => name),
        );
  const baseline = flags.baseline === undefined ? undefined : readBaseline(readText(flags.baseline), flags.baseline);
  const progress = new Progress("playing scenarios", { quiet: flags.quiet ?? false });
  const settings = {
    scheduler,
    version: VERSION,
    set: flags.set,
    ...(flags.seed !== undefined && { seed: flags.seed }),
    bail: flags.bail ?? false,
    onScenario: (_: unknown, done: number, total: number) => progress.update(done, total),
  };
  const played =
    topology && scenarios.length === 0 && paths.length === 0
      ? runWithoutScenario(topology, settings)
      : runScenarios(withTopologies(scenarios, topology), settings);
  progress.end();

  const verdicts = applyWaivers(
    played.scenarios.map(({ verdict }) => verdict),
    waivers,
    today(),
  );
  const record: RunRecord = {
    ...played,
    scenarios: played.scenarios.map(({ trace }, i) => ({ verdict: verdicts[i]!, trace })),
  };
  writeWhole(LAST_RUN, JSON.stringify(record));
  report(record, flags);
  const grown = baseline ? compareWithBaseline(verdicts, baseline) : [];
  for (const one of grown) process.stderr.write(`${escapeTerminal(regressionText(one))}\n`);
  return Math.max(exitCodeOf(record) === EXIT.broken || grown.length > 0 ? EXIT.broken : exitCodeOf(record), EXIT.pass);
}

function scenariosFor(paths: readonly string[], flags: RunFlags, topology: Topology | undefined): readonly Scenario[] {
  const places = paths.length > 0 ? paths : defaultPlaces(flags.topology, topology);
  const all = discoverScenarios(places).map(readScenarioFile);
  if (flags.scenario.length === 0) {
    if (all.length === 0 && paths.length > 0)
      throw new InputError({ file: paths.join(" "), line: 0, message: "no *.scenario.yaml here" });
    return all;
  }
  const known = all.map(({ name }) => name);
  for (const name of flags.scenario) {
    if (!known.includes(name))
      throw new InputError({
        file: "--scenario",
        line: 0,
        message: "unknown scenario",
        value: name,
        known,
        knownAs: "scenarios",
      });
  }
  return all.filter(({ name }) => flags.scenario.includes(name));
}

/** A topology's own scenarios stand in `scenarios/` beside it; the shipped ones are the reference architecture's. */
function defaultPlaces(file: string | undefined, topology: Topology | undefined): readonly string[] {
  const beside =
    file === undefined ? join(fixturesFolder(), "openstack-havana", "scenarios") : join(dirname(file), "scenarios");
  return existsSync(beside) && !(topology && file?.toLowerCase().endsWith(".xml")) ? [beside] : [];
}

/** Each scenario with the topology of `--topology`, or the one that its file names, loaded once. */
function withTopologies(scenarios: readonly Scenario[], given: Topology | undefined) {
  const loaded = new Map<string, Topology>();
  return scenarios.map((scenario) => {
    if (given) return { scenario, topology: given };
    const file = resolve(dirname(scenario.file), scenario.topology);
    let topology = loaded.get(file);
    if (!topology) {
      topology = topologyFrom(file);
      loaded.set(file, topology);
    }
    return { scenario, topology };
  });
}

/** Each reporter writes to the output file of its position, to its own default file, or to standard output. */
function report(record: RunRecord, flags: RunFlags): void {
  const names = flags.reporter.length > 0 ? flags.reporter : ["terminal"];
  names.forEach((name, i) => {
    const reporter = reporters.get(name)!;
    const file = flags.outputFile[i] ?? reporter.defaultFile;
    const toStdout = file === undefined || file === "-";
    const context: ReportContext = {
      color: toStdout && wantsColor(process.stdout, flags.color !== false),
      verbose: flags.verbose ?? false,
      quiet: flags.quiet ?? false,
    };
    const text = reporter.render(record, context);
    if (toStdout) process.stdout.write(text);
    else {
      writeWhole(file, text);
      process.stderr.write(`${name} report: ${resolve(file)}\n`);
    }
    const summary = process.env["GITHUB_STEP_SUMMARY"];
    if (name === "github" && summary) appendFileSync(summary, githubStepSummary(record));
  });
}

function regressionText({ scenario, what, beforeMs, nowMs }: Regression): string {
  return `${scenario}: ${what} grew from ${durationText(beforeMs)} to ${durationText(nowMs)}`;
}

/** The only wall clock of a run: the day that waivers expire by. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError({
      file,
      line: 0,
      message: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}`,
    });
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectReporter(value: string, before: readonly string[]): readonly string[] {
  if (!reporters.has(value)) throw new InvalidArgumentError(`Reporters are ${[...reporters.keys()].join(", ")}.`);
  return [...before, value];
}

function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return Number(value);
}
