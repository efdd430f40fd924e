import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Topology } from "../../model/topology/types.js";
import type { Campaign } from "./campaign.js";
import type { Knowledge } from "./knowledge.js";
import type { Results, Unit, UnitKind, UnitPlayer } from "./units.js";

/** Who plays: this thread, several, other machines, or nobody any more. What comes of it is the same. */
export interface Crew {
  /** How many units it takes at a time. */
  readonly width: number;
  /** Undefined where nobody played the unit and nobody will: a crew that only remembers. */
  play<K extends UnitKind>(unit: Unit<K>, knowledge: Knowledge): Promise<Results[K] | undefined>;
  close(): Promise<void>;
}

/** Plays on this thread. */
export function crewOfOne(player: UnitPlayer): Crew {
  return { width: 1, play: async (unit, knowledge) => player.play(unit, knowledge), close: async () => {} };
}

/** What a thread needs to build the same twin. */
export interface CrewMember {
  /** With the campaign's edits made. */
  readonly topology: Topology;
  readonly campaign: Campaign;
}

export interface Task {
  readonly unit: Unit;
  readonly knowledge: Knowledge;
}

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
    // One more than there are threads, so that none waits for its next task.
    width: threads + 1,
    play(unit, knowledge) {
      if (knowledge.length > 0) shared ??= sharedBetweenThreads(knowledge);
      return pool.run({ unit, knowledge: shared ?? knowledge });
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
