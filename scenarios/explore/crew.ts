import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
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

export type SharedBytes = Uint8Array<SharedArrayBuffer>;

export interface Task {
  readonly unit: Unit;
  /** What all single faults taught, as `v8.serialize` writes it; undefined while they are played. */
  readonly knowledge: SharedBytes | undefined;
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
  let taught: SharedBytes | undefined;
  return {
    // One more than there are threads, so that none waits for its next task.
    width: threads + 1,
    play(unit, knowledge) {
      if (knowledge.length > 0) taught ??= shared(knowledge);
      return pool.run({ unit, knowledge: taught });
    },
    close: () => pool.destroy(),
  };
}

/** Values for all threads at once: written down one time, on memory that all see, and not copied with each task. */
function shared(knowledge: Knowledge): SharedBytes {
  const bytes = serialize(knowledge);
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}
