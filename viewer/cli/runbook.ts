import { type Command, InvalidArgumentError, Option } from "commander";
import { Twins } from "../../scenarios/run.js";
import { type MutationReport, mutateRunbook } from "../../scenarios/runbook/mutate.js";
import { playRunbook } from "../../scenarios/runbook/play.js";
import { readRunbookFile, settledFor, topologyFileOf } from "../../scenarios/runbook/prepare-runbook.js";
import type { RunbookResult } from "../../scenarios/runbook/result.js";
import type { Runbook } from "../../scenarios/runbook/runbook.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { type RunbookReportContext, runbookReporters } from "../reporters/runbook/index.js";
import { mutationText } from "../reporters/runbook/mutation.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { Progress } from "./progress.js";
import { writeReport } from "./run-record.js";
import { TopologyErrors } from "./topology-errors.js";

interface Flags {
  readonly reporter: readonly string[];
  readonly outputFile: readonly string[];
  readonly json?: boolean;
  readonly seed?: number;
  readonly keepGoing?: boolean;
  readonly mutate?: boolean;
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
    .option("--mutate", "get each step wrong in every usual way: which mutants do harm, and which check is missing")
    .addOption(
      new Option(
        "--min-score <fraction>",
        "with --mutate: fail where fewer of the harmful mutants are caught",
      ).argParser(fraction),
    )
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
  const twins = new Twins({
    scheduler: await schedulerFor(flags.engine),
    ...(flags.seed !== undefined && { seed: flags.seed }),
  });
  const pages = files.map(readRunbookFile);
  if (flags.mutate) return mutate(pages, twins, flags);
  const results: RunbookResult[] = [];
  for (const page of pages) {
    const settled = settledPage(page, twins);
    results.push(
      await playRunbook(settled, page, {
        ...(flags.seed !== undefined && { seed: flags.seed }),
        ...(flags.keepGoing && { keepGoing: true }),
      }),
    );
  }
  const exitCode = exitCodeOf(results);
  process.exitCode = exitCode;
  const asked = flags.json ? ["json", ...flags.reporter] : flags.reporter;
  for (const [i, name] of (asked.length > 0 ? asked : ["terminal"]).entries()) {
    const text = runbookReporters.get(name)!(results, contextOf(flags));
    const file = flags.outputFile[i];
    if (file !== undefined && file !== "-") writeReport(name, file, text);
    else process.stdout.write(text);
  }
  return exitCode;
}

/** The settled twin of a page's topology. Throws InputError or TopologyErrors. */
function settledPage(page: Runbook, twins: Twins): SettledTwin {
  const loaded = loadTopology(topologyFileOf(page));
  if (!loaded.ok) throw new TopologyErrors(loaded.errors);
  return settledFor(page, loaded.topology, twins);
}

/** Mutants are for the page's author: they fail the run where the page itself does, or below the score that is asked for. */
async function mutate(pages: readonly Runbook[], twins: Twins, flags: Flags): Promise<number> {
  const reports: MutationReport[] = [];
  for (const page of pages) {
    const progress = new Progress(`mutating ${page.name}`, { quiet: flags.quiet ?? false });
    reports.push(
      await mutateRunbook(settledPage(page, twins), page, {
        ...(flags.seed !== undefined && { seed: flags.seed }),
        onMutant: (done, total) => progress.update(done, total),
      }),
    );
    progress.end();
  }
  const context = contextOf(flags);
  if (flags.json) process.stdout.write(`${JSON.stringify({ version: 1, mutations: reports }, null, 2)}\n`);
  else process.stdout.write(`${reports.map((report) => mutationText(report, context)).join("\n\n")}\n`);
  if (reports.some(({ page, score }) => page === "fail" || score < (flags.minScore ?? 0))) return EXIT.broken;
  return reports.some(({ page }) => page === "unknown") ? EXIT.unknown : EXIT.pass;
}

function contextOf(flags: Flags): RunbookReportContext {
  return {
    color: wantsColor(process.stdout, flags.color !== false),
    verbose: flags.verbose ?? false,
    quiet: flags.quiet ?? false,
  };
}

function fraction(value: string): number {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError("A score is a number from 0 to 1.");
  return number;
}

function exitCodeOf(results: readonly RunbookResult[]): number {
  if (results.some(({ verdict }) => verdict === "fail")) return EXIT.broken;
  return results.some(({ verdict }) => verdict === "unknown") ? EXIT.unknown : EXIT.pass;
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
