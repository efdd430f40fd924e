import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { campaignKey } from "../campaign.js";
import type { Crew } from "../crew.js";
import type { Ground } from "../explore.js";
import type { Knowledge } from "../knowledge.js";
import { type Results, type Unit, type UnitKind, unitId } from "../units.js";
import {
  type Agreement,
  KEPT_SECONDS,
  knowledgeKey,
  PREFIX,
  queueName,
  resultsKey,
  want,
  wantNoMore,
} from "./agreement.js";
import { connectRedis, shownAddress } from "./redis.js";

export interface QueueSettings {
  /** `redis://HOST:PORT` */
  readonly address: string;
  /** A worker that was not heard of for so long is taken for dead, and its work goes to another. */
  readonly leaseMs: number;
  /** Told what somebody should know who waits. */
  readonly onNotice?: (text: string) => void;
}

export const LEASE_MS = 30_000;
const LOOK_MS = 100;
/** After so long without a result somebody is told where no worker is there, and again from minute to minute. */
const QUIET_MS = 10_000;
const NOTICE_MS = 60_000;
/** So often may a unit fail before it is given up: an error of the machine's goes by, one of ours does not. */
const FAILURES_MAX = 3;

interface Waiting {
  readonly unit: Unit;
  readonly resolve: (result: Results[UnitKind]) => void;
  readonly reject: (error: Error) => void;
  failures: number;
}

/**
 * A crew of workers elsewhere: units go on a BullMQ queue, results come from a hash in Redis in which the first of each
 * unit stays. What Redis has lost, job or result, is asked for again; whoever is killed, nothing counts twice.
 */
export async function crewOnQueue(ground: Ground, agreement: Agreement, settings: QueueSettings): Promise<Crew> {
  const redis = await connectRedis(settings.address);
  const queue = new Queue(queueName(agreement), { connection: redis as never, prefix: PREFIX });
  queue.on("error", () => {});
  const crew = new QueueCrew(ground, agreement, settings, redis, queue);
  await want(redis, agreement);
  return crew;
}

class QueueCrew implements Crew {
  /** The whole frontier is on the queue: who has the most machines has to wait for the fewest. */
  readonly width = 2_048;
  readonly #ground: Ground;
  readonly #agreement: Agreement;
  readonly #settings: QueueSettings;
  readonly #redis: Redis;
  readonly #queue: Queue;
  readonly #key: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer: NodeJS.Timeout;
  #knowledge: Promise<string> | undefined;
  #looking = false;
  #lookedAfterMs = performance.now();
  #heardMs = performance.now();
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(ground: Ground, agreement: Agreement, settings: QueueSettings, redis: Redis, queue: Queue) {
    this.#ground = ground;
    this.#agreement = agreement;
    this.#settings = settings;
    this.#redis = redis;
    this.#queue = queue;
    this.#key = campaignKey(ground.campaign);
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  async play<K extends UnitKind>(unit: Unit<K>, knowledge: Knowledge): Promise<Results[K]> {
    if (unit.kind !== "single") {
      this.#knowledge ??= this.#teach(knowledge);
      await this.#knowledge;
    }
    const result = new Promise<Results[UnitKind]>((resolve, reject) => {
      this.#waiting.set(unitId(unit), { unit, resolve, reject, failures: 0 });
    });
    result.catch(() => {});
    await this.#ask(unit);
    return (await result) as Results[K];
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    // What is still waited for may be asked for again by who goes on with this campaign; else nobody needs it any more.
    const isDone = this.#waiting.size === 0;
    if (isDone) await this.#redis.del(resultsKey(this.#key), knowledgeKey(this.#key));
    await wantNoMore(this.#redis, this.#agreement);
    await this.#queue.close();
    this.#redis.disconnect();
  }

  /** Nothing where it is asked for already: the job's id is the unit's. */
  async #ask(unit: Unit): Promise<void> {
    const { campaign } = this.#ground;
    await this.#queue.add(unit.kind, { campaign, unit }, { jobId: this.#jobId(unit), removeOnComplete: true });
  }

  #jobId({ kind, first }: Unit): string {
    return `${this.#key}.${kind}.${first}`;
  }

  async #teach(knowledge: Knowledge): Promise<string> {
    const text = JSON.stringify(this.#ground.codec.encodeKnowledge(knowledge));
    await this.#redis.set(knowledgeKey(this.#key), text, "EX", KEPT_SECONDS);
    return text;
  }

  /** Takes the results that are there; now and then looks after what is missing. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const ids = [...this.#waiting.keys()];
      if (ids.length > 0) {
        const texts = await this.#redis.hmget(resultsKey(this.#key), ...ids);
        for (const [i, text] of texts.entries()) if (text !== null) this.#take(ids[i]!, text);
      }
      const { leaseMs } = this.#settings;
      const nowMs = performance.now();
      if (nowMs - this.#lookedAfterMs >= Math.min(leaseMs, QUIET_MS)) {
        this.#lookedAfterMs = nowMs;
        await this.#lookAfter();
      }
    } catch {
      // Redis is away, or on its way up: the next look will find it.
    } finally {
      this.#looking = false;
    }
  }

  #take(id: string, text: string): void {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    this.#heardMs = performance.now();
    try {
      waiting.resolve(this.#ground.codec.decode(waiting.unit.kind, JSON.parse(text)));
    } catch (error) {
      waiting.reject(new Error(`${shownAddress(this.#settings.address)}: ${id}: ${(error as Error).message}`));
    }
  }

  /** A job that is gone without a result, or failed, is asked for again. */
  async #lookAfter(): Promise<void> {
    await want(this.#redis, this.#agreement);
    const knowledge = await this.#knowledge;
    if (knowledge !== undefined) await this.#redis.set(knowledgeKey(this.#key), knowledge, "EX", KEPT_SECONDS);
    for (const [id, waiting] of this.#waiting) {
      const job = await this.#queue.getJob(this.#jobId(waiting.unit));
      const state = job ? await job.getState() : "unknown";
      if (job && state === "failed") {
        const reason = job.failedReason;
        await job.remove();
        waiting.failures++;
        if (waiting.failures >= FAILURES_MAX) {
          this.#waiting.delete(id);
          waiting.reject(new Error(`${id} failed ${FAILURES_MAX} times on a worker: ${reason}`));
          continue;
        }
      }
      if (state === "failed" || state === "completed" || state === "unknown") await this.#ask(waiting.unit);
    }
    const nowMs = performance.now();
    const isQuiet = this.#waiting.size > 0 && nowMs - this.#heardMs >= QUIET_MS && nowMs - this.#toldMs >= NOTICE_MS;
    if (!isQuiet || (await this.#queue.getWorkersCount()) > 0) return;
    this.#toldMs = nowMs;
    const { address, onNotice } = this.#settings;
    onNotice?.(
      `${this.#waiting.size} units of work wait on ${shownAddress(address)} and no worker is there; start one: fencepost worker --queue … --topology …`,
    );
  }
}
