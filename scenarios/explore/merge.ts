import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import { type Campaign, campaignDifferences } from "./campaign.js";
import { type CampaignText, readCampaignFile, resultsIn } from "./campaign-file.js";
import type { Crew } from "./crew.js";
import { type ExploreSettings, exploreWith } from "./explore.js";
import type { ExplorationReport } from "./report.js";
import { type Results, type UnitKind, unitId } from "./units.js";

/** The files of one campaign: shards, or what was stopped before its end. Throws InputError for files of several. */
export function readCampaignFiles(files: readonly string[]): { campaign: Campaign; texts: readonly CampaignText[] } {
  const texts = files.flatMap((file) => readCampaignFile(file) ?? []);
  const [first] = texts;
  if (!first) throw new InputError({ file: files.join(", "), line: 0, message: "nothing of a campaign is there yet" });
  for (const { file, campaign } of texts) {
    const differences = campaignDifferences(campaign, first.campaign, file);
    if (differences.length > 0)
      throw new InputError({
        file,
        line: 1,
        message: `it is not of the same campaign as ${first.file}. ${differences.join(". ")}`,
      });
  }
  return { campaign: first.campaign, texts };
}

export interface MergeSettings {
  readonly scheduler: Scheduler;
  readonly version: string;
}

/**
 * Reports on what files of one campaign hold, as one process would have; what several of them hold counts once, what
 * none of them holds is said and leaves the verdict unknown. Throws InputError where the topology or the version is
 * another than the files'.
 */
export function mergeCampaign(
  topology: Topology,
  { campaign, texts }: ReturnType<typeof readCampaignFiles>,
  { scheduler, version }: MergeSettings,
): Promise<ExplorationReport> {
  const { seed, set, faults, promises, faultNames, limits, maxWorlds, everything } = campaign;
  const settings: ExploreSettings = {
    scheduler,
    version,
    seed,
    set,
    faults,
    promises,
    faultNames,
    limits,
    everything,
    ...(maxWorlds !== undefined && { maxWorlds }),
  };
  return exploreWith(topology, settings, (ground) => {
    const [{ file } = { file: "" }] = texts;
    const differences = campaignDifferences(campaign, ground.campaign, "the file");
    if (differences.length > 0)
      throw new InputError({ file, line: 1, message: `it cannot be merged here. ${differences.join(". ")}` });
    return crewThatRemembers(resultsIn(texts, ground.codec));
  });
}

/** Plays nothing. */
function crewThatRemembers(results: ReadonlyMap<string, Results[UnitKind]>): Crew {
  return {
    width: 1,
    play: async <K extends UnitKind>(unit: Parameters<Crew["play"]>[0]) => results.get(unitId(unit)) as Results[K],
    close: async () => {},
  };
}
