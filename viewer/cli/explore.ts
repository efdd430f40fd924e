import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { explore } from "../../scenarios/explore/explore.js";
import { DEFAULT_LIMITS } from "../../scenarios/explore/limits.js";
import { EXPLORED_PROMISES } from "../../scenarios/explore/promise-names.js";
import type { Shard } from "../../scenarios/explore/shard.js";
import { VERSION } from "../../scenarios/version.js";
import { escapeTerminal } from "../text/markup.js";
import { engineOption, schedulerFor } from "./engine.js";
import { type ExplorationFlags, printExploration } from "./exploration-output.js";
import { collect, count, seed, span, threads } from "./option-values.js";
import { Progress } from "./progress.js";
import { leaseMsOf, leaseOption, queueOption } from "./queue-options.js";
import { withSettings } from "./settings.js";
import { DEFAULT_TOPOLOGY, defaultTopology, topologyFrom } from "./topology-option.js";

interface ExploreFlags extends ExplorationFlags {
  readonly faults: number;
  readonly promise: readonly string[];
  readonly fault: readonly string[];
  readonly maxWorlds?: number;
  readonly outage?: number;
  readonly patience?: number;
  readonly restlessEvents?: number;
  readonly threads?: number;
  readonly seed?: number;
  readonly campaign?: string;
  readonly shard?: Shard;
  readonly queue?: string;
  readonly lease?: number;
}

/** `fencepost explore`: every combination of faults, at every moment that makes a difference. */
export function registerExplore(program: Command): void {
  const command = program
    .command("explore")
    .description("search every combination of faults for the ways in which it breaks")
    .addOption(
      new Option("-t, --topology <file>", `topology.yaml, its folder, or a bare CIB (${DEFAULT_TOPOLOGY})`).env(
        "FENCEPOST_TOPOLOGY",
      ),
    )
    .addOption(new Option("--faults <k>", "how many faults at most in one timeline").argParser(count).default(1))
    .option(
      "--promise <name>",
      `only this promise or family (repeatable): ${EXPLORED_PROMISES.join(", ")}; with /journey/NAME or /service/NAME`,
      collect,
      [],
    )
    .option("--fault <name>", "only this fault of the vocabulary (repeatable)", collect, [])
    .addOption(new Option("--max-worlds <n>", "play so many timelines at most; what is cut is said").argParser(count))
    .addOption(
      new Option("--outage <duration>", "a budget: no service or journey is out for longer (30s, 5m)").argParser(span),
    )
    .addOption(
      new Option(
        "--patience <duration>",
        "what is still out so long after the last fault stays out (default: 10m)",
      ).argParser(span),
    )
    .addOption(
      new Option(
        "--restless-events <n>",
        `a cluster that decides the same over and over is watched until it goes round, or for so many events; what that leaves open is said (default: ${DEFAULT_LIMITS.restlessEventsMax})`,
      ).argParser(count),
    )
    .addOption(
      new Option("--threads <n>", "how many threads play (default: as many as there are cores)").argParser(threads),
    )
    .addOption(new Option("--campaign <file>", "add results to this file; what it holds already is not played again"))
    .addOption(
      new Option(
        "--shard <i/n>",
        "play only what begins with a share of the faults; fencepost merge puts the --campaign files together",
      ).argParser(shardOf),
    )
    .addOption(queueOption())
    .addOption(leaseOption())
    .addOption(new Option("--seed <n>", "of the random streams").argParser(seed).env("FENCEPOST_SEED"))
    .option("--set <edit>", "an edit before the start: RESOURCE:META=VALUE, :PROPERTY=VALUE (repeatable)", collect, [])
    .addOption(engineOption())
    .option("--json", "the report as data")
    .option("-q, --quiet", "only the verdict and what is broken")
    .option("-v, --verbose", "everything found, and what it leans on")
    .option("--no-color", "no colours")
    .action(async (flags: ExploreFlags) => {
      process.exitCode = await run(flags);
    });
  withSettings(command);
}

async function run(flags: ExploreFlags): Promise<number> {
  const { faults, promise, maxWorlds, seed: seedGiven, set, quiet = false, campaign, shard, queue } = flags;
  const topology = topologyFrom(flags.topology ?? defaultTopology());
  const progress = new Progress("exploring", { quiet });
  const report = await explore(topology, {
    scheduler: await schedulerFor(flags.engine),
    version: VERSION,
    faults,
    promises: promise,
    faultNames: flags.fault,
    set,
    threads: flags.threads ?? availableParallelism(),
    ...(seedGiven !== undefined && { seed: seedGiven }),
    ...(maxWorlds !== undefined && { maxWorlds }),
    ...(campaign !== undefined && { campaignFile: campaign }),
    ...(shard && { shard }),
    ...(queue !== undefined && {
      queue: {
        address: queue,
        leaseMs: leaseMsOf(flags.lease),
        onNotice: (text: string) => console.error(escapeTerminal(text)),
      },
    }),
    limits: {
      ...(flags.outage !== undefined && { outageMs: flags.outage }),
      ...(flags.patience !== undefined && { patienceMs: flags.patience }),
      ...(flags.restlessEvents !== undefined && { restlessEventsMax: flags.restlessEvents }),
    },
    onProgress: (part, done, total) => progress.update(done, total, part),
  });
  progress.end();
  return printExploration(report, flags);
}

function shardOf(value: string): Shard {
  const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(value) ?? [];
  if (!index || !of || Number(index) < 1 || Number(index) > Number(of))
    throw new InvalidArgumentError("Expected a share: 1/4 to 4/4.");
  return { index: Number(index), of: Number(of) };
}
