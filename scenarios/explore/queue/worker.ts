import { UnrecoverableError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { InputError } from "../../../model/errors.js";
import type { Topology } from "../../../model/topology/types.js";
import { buildTwin } from "../../../model/twin/twin.js";
import { withEdits } from "../../edits/edit-topology.js";
import { settle } from "../../runner/prepare.js";
import { type Campaign, campaignDifferences, campaignKey, campaignOf, campaignSchema } from "../campaign.js";
import { type Crew, crewOfOne, crewOfThreads } from "../crew.js";
import { Explorer } from "../explorer.js";
import { instancesOf } from "../instances.js";
import type { Knowledge } from "../knowledge.js";
import { rememberingScheduler } from "../remembering-scheduler.js";
import { type ResultCodec, resultCodec, shapeOf, unitSchema } from "../result-codec.js";
import { type Unit, UnitPlayer, unitId } from "../units.js";
import { agreementOf, KEPT_SECONDS, knowledgeKey, PREFIX, queueName, refusals, resultsKey } from "./agreement.js";
import type { QueueSettings } from "./queue-crew.js";
import { connectRedis, shownAddress } from "./redis.js";

export interface WorkerSettings extends QueueSettings {
  readonly version: string;
  readonly threads: number;
  /** Ends where there was nothing to do for so long; absent: never. */
  readonly idleMs?: number;
}

const LOOK_MS = 500;
/** A unit that takes its worker down with it is given up some time. */
const STALLED_MAX = 1_000;

const jobSchema = z.strictObject({ campaign: campaignSchema, unit: unitSchema });

/**
 * Plays what explorations of this topology, by this version, put on a queue, until there was nothing to do for a while.
 * It may be killed at any instant: its work goes to another once its lease has run out. Throws InputError where work is
 * given, but for another topology or version. What comes with a job are names and numbers: they are checked, and choose
 * among what this process has; no code and no path is taken from there.
 */
export async function work(topology: Topology, settings: WorkerSettings): Promise<void> {
  const { address, leaseMs, threads, idleMs = Number.POSITIVE_INFINITY } = settings;
  const agreement = agreementOf(topology, settings.version);
  const redis = await connectRedis(address);
  const places = new Places(topology, settings, redis);
  let busy = 0;
  let busyMs = performance.now();
  const worker = new Worker(
    queueName(agreement),
    async ({ data }) => {
      busy++;
      try {
        await places.play(data);
      } finally {
        busy--;
        busyMs = performance.now();
      }
    },
    {
      connection: redis as never,
      prefix: PREFIX,
      concurrency: threads,
      lockDuration: leaseMs,
      stalledInterval: leaseMs,
      maxStalledCount: STALLED_MAX,
      drainDelay: 1,
      runRetryDelay: 1_000,
    },
  );
  // Redis that is away comes back, and a job whose lock was lost is another's: both go by.
  worker.on("error", () => {});
  const { name, hash } = topology;
  settings.onNotice?.(`working on ${name} (${hash}) from ${shownAddress(address)}, ${threads} at a time`);
  try {
    while (busy > 0 || performance.now() - busyMs < idleMs) {
      const refused = await refusals(redis, agreement);
      if (busy === 0 && refused.length > 0)
        throw new InputError({
          file: shownAddress(address),
          line: 0,
          message: `the work there is not for this worker. ${refused.join("; ")}`,
        });
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
  } finally {
    await worker.close();
    await places.close();
    redis.disconnect();
  }
}

/** A campaign's twin, and who plays on it here. */
interface Place {
  readonly crew: Crew;
  readonly codec: ResultCodec;
  knowledge: Promise<Knowledge> | undefined;
  busy: number;
}

class Places {
  readonly #topology: Topology;
  readonly #settings: WorkerSettings;
  readonly #redis: Redis;
  readonly #places = new Map<string, Place>();

  constructor(topology: Topology, settings: WorkerSettings, redis: Redis) {
    this.#topology = topology;
    this.#settings = settings;
    this.#redis = redis;
  }

  /** Plays a unit and leaves its result, unless one is there already. */
  async play(data: unknown): Promise<void> {
    const read = jobSchema.safeParse(data);
    if (!read.success) throw new UnrecoverableError(`this is no unit of work: ${read.error.issues[0]?.message}`);
    const { campaign, unit } = read.data;
    const key = campaignKey(campaign);
    if (await this.#redis.hexists(resultsKey(key), unitId(unit))) return;
    const place = await this.#enter(key, campaign);
    try {
      const result = await place.crew.play(unit, await this.#knowledge(key, unit, place));
      if (result === undefined) return;
      await this.#redis.hsetnx(resultsKey(key), unitId(unit), JSON.stringify(place.codec.encode(unit.kind, result)));
      await this.#redis.expire(resultsKey(key), KEPT_SECONDS);
    } finally {
      place.busy--;
    }
  }

  async close(): Promise<void> {
    for (const { crew } of this.#places.values()) await crew.close();
  }

  /** The campaign's place, with one more that is busy there; those of other campaigns where nobody is are left. */
  async #enter(key: string, campaign: Campaign): Promise<Place> {
    for (const [other, { busy, crew }] of this.#places)
      if (other !== key && busy === 0) {
        this.#places.delete(other);
        await crew.close();
      }
    const place = this.#places.get(key) ?? this.#settle(campaign);
    this.#places.set(key, place);
    place.busy++;
    return place;
  }

  #settle(campaign: Campaign): Place {
    const { version, threads } = this.#settings;
    const { seed, limits, faultNames, set } = campaign;
    const edited = withEdits(this.#topology, set, { file: "--set", lineOf: () => 0 });
    const here = campaignOf(edited, { ...campaign, scheduler, version });
    const differences = campaignDifferences(campaign, here, "the job");
    if (differences.length > 0) throw new UnrecoverableError(`it cannot be played here. ${differences.join(". ")}`);
    const twin = buildTwin(edited, { scheduler: rememberingScheduler(scheduler) });
    const { instances } = instancesOf(edited, faultNames);
    const alone = () =>
      crewOfOne(new UnitPlayer(new Explorer(settle(twin, { seed }), limits, seed, faultNames), campaign));
    return {
      crew: crewOfThreads({ topology: edited, campaign }, threads) ?? alone(),
      codec: resultCodec(shapeOf(twin, instances.length)),
      knowledge: undefined,
      busy: 0,
    };
  }

  async #knowledge(key: string, { kind }: Unit, place: Place): Promise<Knowledge> {
    if (kind === "single") return [];
    place.knowledge ??= this.#redis.get(knowledgeKey(key)).then((text) => {
      if (text === null) throw new Error("what the single faults taught is not in Redis");
      return place.codec.decodeKnowledge(JSON.parse(text));
    });
    try {
      return await place.knowledge;
    } catch (error) {
      place.knowledge = undefined;
      throw error;
    }
  }
}
