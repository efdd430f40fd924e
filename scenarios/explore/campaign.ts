import { createHash } from "node:crypto";
import { canonical } from "../../model/kernel/canonical.js";
import { RANDOM_STREAM_VERSION } from "../../model/kernel/index.js";
import type { Topology } from "../../model/topology/types.js";
import type { ExploreSettings } from "./explore.js";
import { DEFAULT_LIMITS, type Limits } from "./limits.js";

/**
 * Everything that the results of an exploration follow from. Two explorations with the same campaign find the same,
 * unit by unit, on any machine: files, shards and workers are held together by it.
 */
export interface Campaign {
  readonly fencepost: string;
  /** The version of the random streams. */
  readonly streams: number;
  readonly engine: string;
  /** The topology's, with the edits made. */
  readonly topology: { readonly name: string; readonly hash: string };
  readonly set: readonly string[];
  readonly seed: number;
  readonly faults: number;
  readonly promises: readonly string[];
  readonly faultNames: readonly string[];
  readonly limits: Limits;
  readonly maxWorlds?: number;
  readonly everything: boolean;
}

export function campaignOf(edited: Topology, settings: ExploreSettings): Campaign {
  const { seed = 1, set = [], promises = [], faultNames = [], maxWorlds, everything = false } = settings;
  return {
    fencepost: settings.version,
    streams: RANDOM_STREAM_VERSION,
    engine: settings.scheduler.name,
    topology: { name: edited.name, hash: edited.hash },
    set,
    seed,
    faults: settings.faults,
    promises,
    faultNames,
    limits: { ...DEFAULT_LIMITS, ...settings.limits },
    ...(maxWorlds !== undefined && { maxWorlds }),
    everything,
  };
}

/** 16 hexadecimal digits; the same for the same campaign. */
export function campaignKey(campaign: Campaign): string {
  return createHash("sha256").update(canonical(campaign)).digest("hex").slice(0, 16);
}
