import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { diffOf } from "../../scenarios/diff/diff.js";
import { withEdits } from "../../scenarios/edits/edit-topology.js";
import { searchDifferences } from "../../scenarios/explore/campaign.js";
import { explore } from "../../scenarios/explore/explore.js";
import { readExploration } from "../../scenarios/explore/read-report.js";
import type { ExplorationReport } from "../../scenarios/explore/report.js";
import { VERSION } from "../../scenarios/version.js";
import { diffText } from "../reporters/diff.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { collect, count, seed, threads } from "./option-values.js";
import { Progress } from "./progress.js";
import { withSettings } from "./settings.js";
import { topologyFrom } from "./topology-option.js";

interface DiffFlags {
  readonly faults: number;
  readonly fault: readonly string[];
  readonly promise: readonly string[];
  readonly maxWorlds?: number;
  readonly threads?: number;
  readonly seed: number;
  readonly set: readonly string[];
  readonly engine: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** `fencepost diff A B`: two topologies compared by what exploration finds. Exit codes as diff(1): 0, 1, and more. */
export function registerDiff(program: Command): void {
  const command = program
    .command("diff")
    .description("compare two topologies, or one before and after --set, by what exploration finds")
    .argument("<before>", "a topology, its folder, a bare CIB, or what fencepost explore --json wrote")
    .argument("[after]", "the other; without it, the same with the edits of --set")
    .option(
      "--set <edit>",
      "an edit to what comes after: RESOURCE:META=VALUE, :PROPERTY=VALUE (repeatable)",
      collect,
      [],
    )
    .addOption(new Option("--faults <k>", "how many faults at most in one timeline").argParser(count).default(1))
    .option("--fault <name>", "only this fault of the vocabulary (repeatable)", collect, [])
    .option("--promise <name>", "only this promise or family (repeatable), as for explore", collect, [])
    .addOption(new Option("--max-worlds <n>", "play so many timelines at most on each side").argParser(count))
    .addOption(
      new Option("--threads <n>", "how many threads play (default: as many as there are cores)").argParser(threads),
    )
    .addOption(new Option("--seed <n>", "of the random streams").argParser(seed).default(1).env("FENCEPOST_SEED"))
    .addOption(engineOption())
    .option("--json", "the comparison as data")
    .option("-q, --quiet", "only the last line")
    .option("-v, --verbose", "everything found, nothing summed up")
    .option("--no-color", "no colours")
    .addHelpText(
      "after",
      "\nExit codes: 0 the same, 1 different, 2 wrong usage or input, 3 not known (something was not played).",
    )
    .action(async (before: string, after: string | undefined, flags: DiffFlags) => {
      process.exitCode = await run(before, after, flags);
    });
  withSettings(command);
}

async function run(before: string, after: string | undefined, flags: DiffFlags): Promise<number> {
  if (after === undefined && flags.set.length === 0)
    throw new InputError({
      file: "diff",
      line: 0,
      message: "compared with what? name a second topology, or an edit: --set",
    });
  // Both are read before either is explored: a slip in the second one's name is told at once.
  const sides = [sideOf(before, []), sideOf(after ?? before, flags.set)] as const;
  const first = await foundOn(sides[0], flags);
  const second = await foundOn(sides[1], flags);
  refuseOtherSearch(first, second, before, after ?? before);
  if (first.fencepost !== second.fencepost)
    throw new InputError({
      file: after ?? before,
      line: 0,
      message: `found by another version of fencepost (${first.fencepost} before), and so not to be compared:`,
      value: second.fencepost,
    });
  const report = diffOf(first, second);
  const { verbose = false, quiet = false } = flags;
  process.exitCode = { same: EXIT.pass, different: EXIT.broken, unknown: EXIT.unknown }[report.verdict];
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(report, null, 2)}\n`
      : diffText(report, { verbose, quiet, color: wantsColor(process.stdout, flags.color !== false) }),
  );
  return process.exitCode;
}

type SideGiven =
  | { readonly found: ExplorationReport }
  | { readonly topology: Topology; readonly set: readonly string[] };

function sideOf(given: string, set: readonly string[]): SideGiven {
  if (given.toLowerCase().endsWith(".json")) {
    if (set.length > 0)
      throw new InputError({
        file: given,
        line: 0,
        message: "edits are for topologies; this is what was found on one",
      });
    return { found: readExploration(given) };
  }
  const topology = topologyFrom(given);
  withEdits(topology, set, { file: "--set", lineOf: () => 0 });
  return { topology, set };
}

async function foundOn(side: SideGiven, flags: DiffFlags): Promise<ExplorationReport> {
  if ("found" in side) return side.found;
  const { topology, set } = side;
  const progress = new Progress(`exploring ${topology.name}`, { quiet: flags.quiet ?? false });
  const report = await explore(topology, {
    scheduler: await schedulerFor(flags.engine),
    version: VERSION,
    faults: flags.faults,
    faultNames: flags.fault,
    promises: flags.promise,
    ...(flags.maxWorlds !== undefined && { maxWorlds: flags.maxWorlds }),
    set,
    seed: flags.seed,
    threads: flags.threads ?? availableParallelism(),
    onProgress: (part, done, total) => progress.update(done, total, part),
  });
  progress.end();
  return report;
}

/** What was not looked for on one side is no difference. Throws InputError. */
function refuseOtherSearch(first: ExplorationReport, second: ExplorationReport, before: string, after: string): void {
  const searchOf = (report: ExplorationReport) => ({ ...report, faults: report.faultsMax });
  const differences = searchDifferences(searchOf(second), searchOf(first), {
    there: `${after} has`,
    here: `${before} has`,
  });
  if (differences.length > 0)
    throw new InputError({
      file: after,
      line: 0,
      message: `looked for something else than ${before}, and so not to be compared. ${differences.join(". ")}`,
    });
}
