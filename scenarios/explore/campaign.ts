import { createHash } from "node:crypto";
import { z } from "zod";
import { canonical } from "../../model/kernel/canonical.js";
import { RANDOM_STREAM_VERSION } from "../../model/kernel/index.js";
import type { Topology } from "../../model/topology/types.js";
import type { ExploreSettings } from "./explore.js";
import { DEFAULT_LIMITS, type Limits } from "./limits.js";
import type { Shard } from "./shard.js";

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
  readonly maxWorlds?: number | undefined;
  readonly everything: boolean;
}

const text = z.string().max(1_000);
const whole = z.int().min(0);

/** A campaign as a file or another machine brings it. */
export const campaignSchema: z.ZodType<Campaign> = z.strictObject({
  fencepost: text,
  streams: z.int(),
  engine: text,
  topology: z.strictObject({ name: text, hash: text }),
  set: z.array(text).max(10_000),
  seed: whole,
  faults: whole,
  promises: z.array(text).max(10_000),
  faultNames: z.array(text).max(10_000),
  limits: z
    .strictObject({
      patienceMs: whole,
      bootMs: whole,
      repairMs: whole,
      outageMs: whole.optional(),
      sameDecisionMax: whole,
      restlessEventsMax: whole,
      eventsMax: whole,
    })
    .transform((limits): Limits => ({ ...limits, outageMs: limits.outageMs })),
  maxWorlds: z.number().min(1).optional(),
  everything: z.boolean(),
});

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
    ...(maxWorlds !== undefined && Number.isFinite(maxWorlds) && { maxWorlds }),
    everything,
  };
}

/** 16 hexadecimal digits; the same for the same campaign. */
export function campaignKey(campaign: Campaign): string {
  return createHash("sha256").update(written(campaign)).digest("hex").slice(0, 16);
}

/** What keeps results of one campaign from counting for another, as sentences; empty where nothing does. */
export function campaignDifferences(there: Campaign, here: Campaign, where: string): readonly string[] {
  return differences(CAMPAIGN_PARTS, there, here, { there: `${where} has`, here: "here it is" });
}

/** As `campaignDifferences`, of what was looked for alone: on whichever topology, by whichever seed. */
export function searchDifferences(there: Search, here: Search, sides: Sides): readonly string[] {
  return differences(SEARCH_PARTS, there, here, sides);
}

export type Search = Pick<Campaign, "faults" | "promises" | "faultNames" | "limits"> & { readonly shard?: Shard };

/** How the two sides are called. */
interface Sides {
  readonly there: string;
  readonly here: string;
}

type Part<T> = readonly [word: string, of: (whole: T) => unknown];

const SEARCH_PARTS: readonly Part<Search>[] = [
  ["--faults", ({ faults }) => faults],
  ["--promise", ({ promises }) => promises],
  ["--fault", ({ faultNames }) => faultNames],
  ["--shard", ({ shard }) => shard],
  ["--patience (ms)", ({ limits }) => limits.patienceMs],
  ["--outage (ms)", ({ limits }) => limits.outageMs],
  ["--restless-events", ({ limits }) => limits.restlessEventsMax],
  ["limits", ({ limits: { patienceMs, outageMs, restlessEventsMax, ...rest } }) => rest],
];

const CAMPAIGN_PARTS: readonly Part<Campaign>[] = [
  ["version of fencepost", ({ fencepost }) => fencepost],
  ["version of the random streams", ({ streams }) => streams],
  ["--engine", ({ engine }) => engine],
  ["topology", ({ topology }) => topology],
  ["--set", ({ set }) => set],
  ["--seed", ({ seed }) => seed],
  ...SEARCH_PARTS,
  ["--max-worlds", ({ maxWorlds }) => maxWorlds],
  ["reductions", ({ everything }) => everything],
];

function differences<T>(parts: readonly Part<T>[], there: T, here: T, sides: Sides): readonly string[] {
  return parts.flatMap(([word, of]) => {
    const [a, b] = [written(of(there)), written(of(here))];
    return a === b ? [] : [`${word}: ${sides.there} ${a}, ${sides.here} ${b}`];
  });
}

/** One text for one value, by way of JSON: a key that is undefined and one that is not there are the same. */
function written(value: unknown): string {
  return value === undefined ? "none" : canonical(JSON.parse(JSON.stringify(value)));
}
