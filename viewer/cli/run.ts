import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../model/errors.js";
import { REPORTER_NAMES } from "../reporters/names.js";
import { wantsColor } from "./color.js";
import { engineOption } from "./engine.js";
import { EXIT } from "./exit.js";
import { playAside } from "./play-aside.js";
import { Progress } from "./progress.js";
import { LAST_RUN, writeReport, writeWhole } from "./run-record.js";
import type { RunRequest } from "./run-request.js";
import { withSettings } from "./settings.js";
import { topologyHere } from "./topology-option.js";

interface RunFlags extends Omit<RunRequest, "paths" | "color" | "verbose" | "quiet"> {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** `fencepost run`: plays scenarios against the twin and says what came of each. */
export function registerRun(program: Command): void {
  const command = program
    .command("run")
    .description("play scenarios against the twin and judge them")
    .argument(
      "[scenarios...]",
      "scenario files, or folders that hold them (default: those of the topology, of topology.yaml here, else the shipped ones)",
    )
    .addOption(
      new Option(
        "-t, --topology <file>",
        "topology.yaml, its folder, or a bare CIB: it settles by itself, then each node is lost in turn",
      ).env("FENCEPOST_TOPOLOGY"),
    )
    .option("--scenario <name>", "only scenarios of this name (repeatable)", collect, [])
    .addOption(
      new Option("--reporter <name>", `how to tell it: ${REPORTER_NAMES.join(", ")} (repeatable)`)
        .argParser(collectReporters)
        .default([], "terminal")
        .env("FENCEPOST_REPORTER"),
    )
    .option(
      "--output-file <file>",
      "where the reporter of the same position writes (repeatable); - is standard output",
      collect,
      [],
    )
    .option("--json", "the same as --reporter json")
    .addOption(
      new Option("--seed <n>", "instead of each scenario's own seed").argParser(wholeNumber).env("FENCEPOST_SEED"),
    )
    .option("--set <edit>", "an edit before the start: RESOURCE:META=VALUE, :PROPERTY=VALUE (repeatable)", collect, [])
    .option("--bail", "stop after the first scenario that does not pass")
    .addOption(
      new Option("--waivers <file>", "known failures: scenario, reason, owner, expiry").env("FENCEPOST_WAIVERS"),
    )
    .addOption(
      new Option("--baseline <file>", "an earlier run's JSON: a recovery or outage that grew fails").env(
        "FENCEPOST_BASELINE",
      ),
    )
    .addOption(engineOption())
    .option("-q, --quiet", "only what needs attention")
    .option("-v, --verbose", "every promise and every assumption")
    .option("--no-color", "no colours")
    .action(async (paths: readonly string[], flags: RunFlags) => {
      process.exitCode = await run(paths, flags);
    });
  withSettings(command);
}

async function run(paths: readonly string[], flags: RunFlags): Promise<number> {
  const { reporter, json, quiet = false, verbose = false, color, ...rest } = flags;
  const asked = json ? ["json", ...reporter] : reporter;
  const topology = rest.topology ?? (paths.length === 0 ? topologyHere() : undefined);
  const request: RunRequest = {
    ...rest,
    paths,
    ...(topology !== undefined && { topology }),
    reporter: asked.length > 0 ? asked : ["terminal"],
    color: wantsColor(process.stdout, color !== false),
    verbose,
    quiet,
  };
  refuseMixedOutput(request);
  const progress = new Progress("playing scenarios", { quiet });
  const answer = await playAside(request, progress);
  if ("refused" in answer) {
    process.stderr.write(`${answer.refused}\n`);
    return answer.isBug ? EXIT.internal : EXIT.usage;
  }
  // Set before anything is written: a reader that closes the pipe early still leaves the verdict's exit code.
  process.exitCode = answer.exitCode;
  keep(answer.record);
  for (const report of answer.reports)
    if (report.file !== undefined) writeReport(report.name, report.file, report.text);
  for (const report of answer.reports) if (report.file === undefined) process.stdout.write(report.text);
  for (const line of answer.remarks) process.stderr.write(`${line}\n`);
  return answer.exitCode;
}

/** Every output file has its reporter, and standard output holds at most one text for programs. Throws InputError. */
function refuseMixedOutput({ reporter, outputFile }: RunRequest): void {
  const tooMany = outputFile[reporter.length];
  if (tooMany !== undefined)
    throw new InputError({
      file: "--output-file",
      line: 0,
      message: `there is no reporter left to write (${reporter.join(", ")}), to`,
      value: tooMany,
    });
  const together = reporter.filter((name, i) => /^(json|junit)$/.test(name) && (outputFile[i] ?? "-") === "-");
  if (together.length > 1)
    throw new InputError({
      file: "--reporter",
      line: 0,
      message: `${together.join(" and ")} cannot share standard output; --output-file, once for each, says where`,
    });
}

/** `why` can do without it, and so can a run in a folder that nobody may write to. */
function keep(record: string): void {
  try {
    writeWhole(LAST_RUN, record);
  } catch (error) {
    process.stderr.write(`the traces are not kept for fencepost why: ${(error as Error).message}\n`);
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectReporters(value: string, before: readonly string[]): readonly string[] {
  const names = value.split(",");
  const unknown = names.find((name) => !REPORTER_NAMES.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`Reporters are ${REPORTER_NAMES.join(", ")}.`);
  return [...before, ...names];
}

function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return Number(value);
}
