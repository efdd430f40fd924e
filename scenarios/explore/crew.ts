import { existsSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
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

/** Units that wait at each thread, so that it goes on while the thread that hands them out is at work. */
const AHEAD = 2;
/** Three times what V8 gives a thread: most of what a timeline makes is forgotten before it has to be looked through. */
const YOUNG_GENERATION_MB = 144;

/** Several threads of this process beside this one; undefined where the built program is not there (the sources alone are). */
export function crewOfThreads(member: CrewMember, threads: number): Crew | undefined {
  const file = new URL("./crew-member.js", import.meta.url);
  if (!existsSync(fileURLToPath(file))) return undefined;
  const pool = new Piscina<Task>({
    filename: file.href,
    workerData: member,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1 + AHEAD,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  let taught: SharedBytes | undefined;
  return {
    width: threads * (1 + AHEAD),
    play(unit, knowledge) {
      if (knowledge.length > 0) taught ??= shared(knowledge);
      return pool.run({ unit, knowledge: taught });
    },
    close: () => pool.destroy(),
  };
}

/** This thread begins at once, and plays what the others have no room for. Nothing else is done on it meanwhile. */
export function crewWithThisThread(player: UnitPlayer, others: Crew): Crew {
  let given = 0;
  return {
    width: others.width + 1,
    async play(unit, knowledge) {
      if (given === others.width) {
        // The others' results come in, and they get their next units, between two of this thread's own.
        await setImmediate();
        return player.play(unit, knowledge);
      }
      given++;
      try {
        return await others.play(unit, knowledge);
      } finally {
        given--;
      }
    },
    close: () => others.close(),
  };
}

/** Values for all threads at once: written down one time, on memory that all see, and not copied with each task. */
function shared(knowledge: Knowledge): SharedBytes {
  const bytes = serialize(knowledge);
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}
