import { type Command, InvalidArgumentError, Option } from "commander";
import { Twins } from "../../scenarios/run.js";
import { playRunbook } from "../../scenarios/runbook/play.js";
import { readRunbookFile, settledFor, topologyFileOf } from "../../scenarios/runbook/prepare-runbook.js";
import type { RunbookResult } from "../../scenarios/runbook/result.js";
import { loadTopology } from "../../scenarios/topology-files.js";
import { runbookReporters } from "../reporters/runbook/index.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { writeReport } from "./run-record.js";
import { TopologyErrors } from "./topology-errors.js";

interface Flags {
  readonly reporter: readonly string[];
  readonly outputFile: readonly string[];
  readonly json?: boolean;
  readonly seed?: number;
  readonly keepGoing?: boolean;
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
  const results: RunbookResult[] = [];
  for (const page of pages) {
    const loaded = loadTopology(topologyFileOf(page));
    if (!loaded.ok) throw new TopologyErrors(loaded.errors);
    const settled = settledFor(page, loaded.topology, twins);
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
    const text = runbookReporters.get(name)!(results, {
      color: wantsColor(process.stdout, flags.color !== false),
      verbose: flags.verbose ?? false,
      quiet: flags.quiet ?? false,
    });
    const file = flags.outputFile[i];
    if (file !== undefined && file !== "-") writeReport(name, file, text);
    else process.stdout.write(text);
  }
  return exitCode;
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
