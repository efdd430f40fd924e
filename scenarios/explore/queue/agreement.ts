import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { canonical } from "../../../model/kernel/canonical.js";
import { RANDOM_STREAM_VERSION } from "../../../model/kernel/index.js";
import type { Topology } from "../../../model/topology/types.js";

/** What an exploring process and its workers must have in common. Each has its own copy; only hashes travel. */
export interface Agreement {
  readonly fencepost: string;
  readonly streams: number;
  /** Before any edit: edits come with the work. */
  readonly topology: { readonly name: string; readonly hash: string };
}

const agreementSchema = z.object({
  fencepost: z.string(),
  streams: z.number(),
  topology: z.object({ name: z.string(), hash: z.string() }),
  untilMs: z.number(),
});

export function agreementOf({ name, hash }: Topology, version: string): Agreement {
  return { fencepost: version, streams: RANDOM_STREAM_VERSION, topology: { name, hash } };
}

/** One queue for each agreement: nobody takes work that was meant for another topology or version. */
export function queueName(agreement: Agreement): string {
  return `explore-${keyOf(agreement)}`;
}

function keyOf(agreement: Agreement): string {
  return createHash("sha256").update(canonical(agreement)).digest("hex").slice(0, 16);
}

/** Everything of ours in Redis begins so. */
export const PREFIX = "fencepost";
const WANTED = `${PREFIX}:wanted`;

/** By unit; kept for a while after the last, so that an exploration that was stopped goes on where it was. */
export const resultsKey = (campaign: string) => `${PREFIX}:results:${campaign}`;
/** What all single faults taught. */
export const knowledgeKey = (campaign: string) => `${PREFIX}:knowledge:${campaign}`;
export const KEPT_SECONDS = 7 * 86_400;

const WANTED_MS = 60_000;

/** Says which agreement has work to give, for a minute. */
export async function want(redis: Redis, agreement: Agreement): Promise<void> {
  const untilMs = (await redisNowMs(redis)) + WANTED_MS;
  await redis.hset(WANTED, keyOf(agreement), JSON.stringify({ ...agreement, untilMs }));
}

export async function wantNoMore(redis: Redis, agreement: Agreement): Promise<void> {
  await redis.hdel(WANTED, keyOf(agreement));
}

/**
 * Why work is given and none of it is for this agreement, as sentences, one for each exploration; empty where it is, or
 * where there is no work at all.
 */
export async function refusals(redis: Redis, mine: Agreement): Promise<readonly string[]> {
  const nowMs = await redisNowMs(redis);
  const wanted = Object.values(await redis.hgetall(WANTED)).flatMap((text) => {
    const read = agreementSchema.safeParse(jsonOf(text));
    return read.success && read.data.untilMs > nowMs ? [read.data] : [];
  });
  if (wanted.some(({ untilMs: _, ...one }) => keyOf(one) === keyOf(mine))) return [];
  const shown = ({ name, hash }: Agreement["topology"]) => `${name} (${hash})`;
  return wanted.map(({ fencepost, streams, topology }) => {
    const differ = (what: string, there: unknown, here: unknown) =>
      there === here ? [] : [`${what}: there ${there}, here ${here}`];
    return [
      ...differ("version of fencepost", fencepost, mine.fencepost),
      ...differ("version of the random streams", streams, mine.streams),
      ...differ("topology", shown(topology), shown(mine.topology)),
    ].join(", ");
  });
}

/** The server's clock: those of the machines may differ. */
async function redisNowMs(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
