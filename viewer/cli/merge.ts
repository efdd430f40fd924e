import { type Command, Option } from "commander";
import { InputError } from "../../model/errors.js";
import { mergeCampaign, readCampaignFiles } from "../../scenarios/explore/merge.js";
import { VERSION } from "../../scenarios/version.js";
import { schedulerFor } from "./engine.js";
import { type ExplorationFlags, printExploration } from "./exploration-output.js";
import { withSettings } from "./settings.js";
import { DEFAULT_TOPOLOGY, defaultTopology, topologyFrom } from "./topology-option.js";

/** `fencepost merge FILE…`: the files of a campaign's shards, reported on as one process would have. */
export function registerMerge(program: Command): void {
  const command = program
    .command("merge")
    .description("report on the --campaign files of an exploration's shards as one; what several hold counts once")
    .argument("<file...>", "files that fencepost explore --campaign wrote")
    .addOption(
      new Option("-t, --topology <file>", `the topology that was explored (${DEFAULT_TOPOLOGY})`).env(
        "FENCEPOST_TOPOLOGY",
      ),
    )
    .option("--json", "the report as data")
    .option("-q, --quiet", "only the verdict and what is broken")
    .option("-v, --verbose", "everything found, and what it leans on")
    .option("--no-color", "no colours")
    .action(async (files: readonly string[], flags: Omit<ExplorationFlags, "set" | "engine">) => {
      const read = readCampaignFiles(files);
      const { engine, set } = read.campaign;
      if (!ENGINES.includes(engine))
        throw new InputError({ file: files[0]!, line: 1, message: "unknown engine", value: engine, known: ENGINES });
      const topology = topologyFrom(flags.topology ?? defaultTopology());
      const report = await mergeCampaign(topology, read, { scheduler: await schedulerFor(engine), version: VERSION });
      process.exitCode = printExploration(report, { ...flags, set, engine });
    });
  withSettings(command);
}

const ENGINES = ["fencepost", "crm_simulate"];
