import { type Command, InvalidArgumentError, Option } from "commander";
import { Twins } from "../../scenarios/run.js";
import { readRunbookFile, settledFor, topologyFileOf } from "../../scenarios/runbook/page/prepare-runbook.js";
import { updatedText } from "../../scenarios/runbook/page/update.js";
import { playRunbook } from "../../scenarios/runbook/play/play.js";
import type { RunbookResult } from "../../scenarios/runbook/play/result.js";
import { TopologyErrors } from "../../scenarios/topology-errors.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { VERSION } from "../../scenarios/version.js";
import { withScores } from "../page/cluster-view.js";
import { RunbookRecorder } from "../page/runbook-recorder.js";
import { defaultFiles, type RunbookReportContext, runbookReporters } from "../reporters/runbook/index.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { writeReport, writeWhole } from "./run-record.js";
import { exitCodeOf, modes, type Prepared } from "./runbook-modes.js";

interface Flags {
  readonly reporter: readonly string[];
  readonly outputFile: readonly string[];
  readonly json?: boolean;
  readonly seed?: number;
  readonly keepGoing?: boolean;
  readonly update?: boolean;
  readonly minScore?: number;
  readonly engine: string;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** `fencepost runbook`: plays Markdown runbooks as they are written against the twin. */
export function registerRunbook(program: Command): void {
  program
    .command("runbook")
    .description("play Markdown runbooks, as they are written, against a broken twin")
    .argument("<runbooks...>", "Markdown files with front matter")
    .addOption(
      new Option("--reporter <name>", `how to tell it: ${[...runbookReporters.keys()].join(", ")} (repeatable)`)
        .argParser(collectReporters)
        .default([], "terminal"),
    )
    .option(
      "--output-file <file>",
      "where the reporter of the same position writes (repeatable); - is standard output",
      collect,
      [],
    )
    .option("--json", "the same as --reporter json")
    .addOption(new Option("--seed <n>", "instead of each runbook's own seed").argParser(wholeNumber))
    .option("--update", "rewrite the output that a page shows with what came")
    .option("--sheet", "the go/no-go sheet: durations, outages, point of no return, interfaces")
    .option("--mutate", "get each step wrong in every usual way: which mutants do harm, and which check is missing")
    .addOption(
      new Option(
        "--min-score <fraction>",
        "with --mutate: fail where fewer of the harmful mutants are caught",
      ).argParser(fraction),
    )
    .option("--matrix", "from every starting fault, and with every pair's nodes exchanged")
    .option("--twice", "typed twice: does it harm?")
    .option("--roll-back", "does the roll-back section reach the baseline, from each step?")
    .option("--keep-going", "go on behind a step that failed, where an operator would stop")
    .addOption(engineOption())
    .option("-q, --quiet", "only what needs attention")
    .option("-v, --verbose", "every command with its output, and every assumption")
    .option("--no-color", "no colours")
    .action(async (files: readonly string[], flags: Flags) => {
      process.exitCode = await runbooks(files, flags);
    });
}

async function runbooks(files: readonly string[], flags: Flags): Promise<number> {
  const prepared = await prepare(files, flags);
  const options = {
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.keepGoing && { keepGoing: true }),
  };
  const mode = [...modes].find(([name]) => (flags as unknown as Record<string, unknown>)[name])?.[1];
  if (mode) {
    const { data, text, exitCode } = await mode(prepared, options, {
      ...contextOf(flags),
      minScore: flags.minScore ?? 0,
    });
    process.exitCode = exitCode;
    process.stdout.write(flags.json ? `${JSON.stringify(data, null, 2)}\n` : `${text}\n`);
    return exitCode;
  }
  const results: RunbookResult[] = [];
  const recorder = flags.reporter.includes("html") ? new RunbookRecorder() : undefined;
  for (const { page, settled } of prepared) {
    const result = await playRunbook(settled, page, {
      ...options,
      ...(flags.update && { keepGoing: true }),
      ...(recorder && { onlooker: recorder.onlooker(settled, page.text) }),
    });
    results.push(result);
    const text = flags.update ? updatedText(page, result) : page.text;
    if (text === page.text) continue;
    writeWhole(page.file, text);
    process.stderr.write(`rewritten: ${page.file}\n`);
  }
  const exitCode = exitCodeOf(results.map(({ verdict }) => verdict));
  // Set before anything is written: a reader that closes the pipe early still leaves the verdict's exit code.
  process.exitCode = exitCode;
  tell(results, flags, recorder);
  return exitCode;
}

/** Reads every page and its topology first: bad input is told before anything is played. */
async function prepare(files: readonly string[], flags: Flags): Promise<readonly Prepared[]> {
  const engine = await schedulerFor(flags.engine);
  const scheduler = flags.reporter.includes("html") ? withScores(engine) : engine;
  const twins = new Twins({ scheduler, ...(flags.seed !== undefined && { seed: flags.seed }) });
  const pages = files.map(readRunbookFile);
  const loaded = new Map<string, ReturnType<typeof loadTopology>>();
  return pages.map((page) => {
    const file = topologyFileOf(page);
    const found = loaded.get(file) ?? loadTopology(file);
    loaded.set(file, found);
    if (!found.ok) throw new TopologyErrors(found.errors);
    return { page, settled: settledFor(page, found.topology, twins) };
  });
}

function tell(results: readonly RunbookResult[], flags: Flags, recorder: RunbookRecorder | undefined): void {
  const asked = flags.json ? ["json", ...flags.reporter] : flags.reporter;
  for (const [i, name] of (asked.length > 0 ? asked : ["terminal"]).entries()) {
    const text = runbookReporters.get(name)!(results, { ...contextOf(flags), ...(recorder && { recorder }) });
    const file = flags.outputFile[i] ?? defaultFiles.get(name);
    if (file !== undefined && file !== "-") writeReport(name, file, text);
    else process.stdout.write(text);
  }
}

function contextOf(flags: Flags): RunbookReportContext {
  return {
    color: wantsColor(process.stdout, flags.color !== false),
    verbose: flags.verbose ?? false,
    quiet: flags.quiet ?? false,
    fencepost: VERSION,
  };
}

function fraction(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError("A score is a number from 0 to 1.");
  return number;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectReporters(value: string, before: readonly string[]): readonly string[] {
  const names = value.split(",");
  const known = [...runbookReporters.keys()];
  if (names.some((name) => !known.includes(name))) throw new InvalidArgumentError(`Reporters are ${known.join(", ")}.`);
  return [...before, ...names];
}

function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return Number(value);
}
