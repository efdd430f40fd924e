import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Topology } from "../../model/topology/types.js";
import { Combinations, type Combined, type CombineOptions } from "./combinations.js";
import type { Explorer } from "./explorer.js";
import type { Knowledge, KnownSingle } from "./knowledge.js";
import type { Limits } from "./limits.js";
import type { Outcome } from "./outcome.js";

/** One fault alone: its run, and the same with the fault gone by itself at each moment. Data: it crosses threads. */
export interface SingleDone {
  readonly outcome: Outcome;
  readonly healed: readonly Outcome[];
  readonly known: KnownSingle;
}

/** Who plays: this thread, or several. What comes of it is the same. */
export interface Crew {
  /** How many tasks it takes at a time. */
  readonly width: number;
  /** Undefined where the fault cannot strike. Without `heals` only the fault that lasts is played. */
  single(instance: number, heals: boolean): Promise<SingleDone | undefined>;
  combine(first: number, knowledge: Knowledge, options: CombineOptions): Promise<Combined>;
  close(): Promise<void>;
}

/** Plays on this thread. */
export function crewOfOne(explorer: Explorer): Crew {
  let combinations: Combinations | undefined;
  return {
    width: 1,
    single: async (instance, heals) => playSingle(explorer, instance, heals),
    async combine(first, knowledge, options) {
      combinations ??= new Combinations(explorer, knowledge, options);
      return combinations.from(first);
    },
    close: async () => {},
  };
}

export function playSingle(explorer: Explorer, instance: number, heals: boolean): SingleDone | undefined {
  const played = explorer.single(instance);
  if (!played) return undefined;
  const { outcome, momentsMs, touched } = played;
  return {
    outcome,
    healed: heals ? explorer.healedAt(instance, momentsMs) : [],
    known: { momentsMs, touched, broken: outcome.broken.map(({ promise }) => promise) },
  };
}

/** What a thread needs to build the same twin. */
export interface CrewMember {
  readonly topology: Topology;
  readonly limits: Limits;
  readonly seed: number;
  readonly faultNames: readonly string[];
}

export type Task =
  | { readonly kind: "single"; readonly instance: number; readonly heals: boolean }
  | {
      readonly kind: "combine";
      readonly first: number;
      readonly knowledge: Knowledge;
      readonly options: CombineOptions;
    };

/** Several threads of this process; undefined where the built program is not there (the sources alone are). */
export function crewOfThreads(member: CrewMember, threads: number): Crew | undefined {
  const file = new URL("./crew-member.js", import.meta.url);
  if (!existsSync(fileURLToPath(file))) return undefined;
  const pool = new Piscina<Task>({
    filename: file.href,
    workerData: member,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
  });
  let shared: Knowledge | undefined;
  return {
    width: threads,
    single: (instance, heals) => pool.run({ kind: "single", instance, heals }),
    combine(first, knowledge, options) {
      shared ??= sharedBetweenThreads(knowledge);
      return pool.run({ kind: "combine", first, knowledge: shared, options });
    },
    close: () => pool.destroy(),
  };
}

/** The same knowledge on memory that all threads see, so that it need not be copied with each task. */
function sharedBetweenThreads(knowledge: Knowledge): Knowledge {
  const share = (bits: Uint32Array): Uint32Array => {
    const copy = new Uint32Array(new SharedArrayBuffer(bits.byteLength));
    copy.set(bits);
    return copy;
  };
  return knowledge.map(
    (known) =>
      known && {
        ...known,
        touched: {
          reads: share(known.touched.reads),
          writes: share(known.touched.writes),
          counts: share(known.touched.counts),
          endReads: share(known.touched.endReads),
          left: share(known.touched.left),
        },
      },
  );
}
