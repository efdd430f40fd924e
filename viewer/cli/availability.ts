import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { availabilityOf } from "../../scenarios/availability/availability.js";
import { ratedFaults, type SaidRates } from "../../scenarios/availability/rates.js";
import { readRates } from "../../scenarios/availability/read-rates.js";
import { withEdits } from "../../scenarios/edits/edit-topology.js";
import { explore } from "../../scenarios/explore/explore.js";
import { readExploration } from "../../scenarios/explore/read-report.js";
import type { ExplorationReport } from "../../scenarios/explore/report.js";
import { readInputText } from "../../scenarios/input-file.js";
import { VERSION } from "../../scenarios/version.js";
import { availabilityText } from "../reporters/availability.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { collect, count, seed, threads } from "./option-values.js";
import { Progress } from "./progress.js";
import { withSettings } from "./settings.js";
import { DEFAULT_TOPOLOGY, defaultTopology, topologyFrom } from "./topology-option.js";

interface AvailabilityFlags {
  readonly topology?: string;
  readonly rates?: string;
  readonly exploration?: string;
  readonly faults: number;
  readonly years: number;
  readonly seed: number;
  readonly threads?: number;
  readonly set: readonly string[];
  readonly engine: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
}

/** `fencepost availability`: what a year will cost, by rates of failure and what exploration finds. */
export function registerAvailability(program: Command): void {
  const command = program
    .command("availability")
    .description("the expected outage a year of each service, and the parts that cost it")
    .addOption(
      new Option("-t, --topology <file>", `topology.yaml, its folder, or a bare CIB (${DEFAULT_TOPOLOGY})`).env(
        "FENCEPOST_TOPOLOGY",
      ),
    )
    .option(
      "--rates <file>",
      "a YAML file of how often faults strike and how long repairs take, in place of the defaults",
    )
    .option("--exploration <file>", "take what fencepost explore --json found, instead of exploring")
    .addOption(new Option("--faults <k>", "how many faults may come together").argParser(count).default(2))
    .addOption(new Option("--years <n>", "how many years are simulated").argParser(count).default(10_000))
    .addOption(new Option("--seed <n>", "of the random streams").argParser(seed).default(1).env("FENCEPOST_SEED"))
    .addOption(
      new Option("--threads <n>", "how many threads explore (default: as many as there are cores)").argParser(threads),
    )
    .option("--set <edit>", "an edit before the start: RESOURCE:META=VALUE, :PROPERTY=VALUE (repeatable)", collect, [])
    .addOption(engineOption())
    .option("--json", "the report as data")
    .option("-q, --quiet", "only the table of services")
    .option("-v, --verbose", "every service, every part, every rate with its source")
    .option("--no-color", "no colours")
    .action(async (flags: AvailabilityFlags) => {
      process.exitCode = await run(flags);
    });
  withSettings(command);
}

async function run(flags: AvailabilityFlags): Promise<number> {
  const topology = topologyFrom(flags.topology ?? defaultTopology());
  const rates = readRates(
    topology,
    flags.rates === undefined ? undefined : { file: flags.rates, text: readInputText(flags.rates) },
  );
  const exploration =
    flags.exploration === undefined
      ? await explored(topology, rates, flags)
      : explorationOf(flags.exploration, withEdits(topology, flags.set, { file: "--set", lineOf: () => 0 }));
  const report = availabilityOf(exploration, { rates, seed: flags.seed, years: flags.years });
  const { verbose = false, quiet = false } = flags;
  process.exitCode = report.services.some(({ agreement }) => agreement === "differs") ? EXIT.broken : EXIT.pass;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(report, null, 2)}\n`
      : availabilityText(report, { verbose, quiet, color: wantsColor(process.stdout, flags.color !== false) }),
  );
  return process.exitCode;
}

async function explored(topology: Topology, rates: SaidRates, flags: AvailabilityFlags): Promise<ExplorationReport> {
  const progress = new Progress("exploring", { quiet: flags.quiet ?? false });
  const report = await explore(topology, {
    scheduler: await schedulerFor(flags.engine),
    version: VERSION,
    faults: flags.faults,
    faultNames: ratedFaults(rates),
    promises: ["served-again"],
    set: flags.set,
    seed: flags.seed,
    threads: flags.threads ?? availableParallelism(),
    onProgress: (part, done, total) => progress.update(done, total, part),
  });
  progress.end();
  return report;
}

/** A report of another topology, or of another state of it, says nothing here. */
function explorationOf(file: string, { hash }: Topology): ExplorationReport {
  const report = readExploration(file);
  if (report.topology.hash !== hash)
    throw new InputError({
      file,
      line: 0,
      message: `it was found on another topology (${report.topology.file}, hash ${report.topology.hash}); this one's hash is`,
      value: hash,
    });
  return report;
}
