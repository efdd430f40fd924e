import type { VerdictKind } from "../../model/verdict/types.js";
import type { Coverage } from "./coverage.js";
import type { Limits } from "./limits.js";
import type { WrittenStep } from "./schedule.js";
import type { Shard } from "./shard.js";

/** What exploration came to. Versioned: reporters and other programs read it. */
export interface ExplorationReport {
  readonly version: 1;
  readonly fencepost: string;
  readonly topology: { readonly name: string; readonly file: string; readonly hash: string };
  readonly set: readonly string[];
  readonly seed: number;
  readonly faultsMax: number;
  readonly limits: Limits;
  /** Promises that were asked for; empty for all. */
  readonly promises: readonly string[];
  /** The only faults that were tried; empty for the whole vocabulary. */
  readonly faultNames: readonly string[];
  /** Only what begins with this share of the faults was played. */
  readonly shard?: Shard;
  readonly verdict: VerdictKind;
  readonly because: string;
  readonly counts: ExplorationCounts;
  /** Each broken promise once, told by as few schedules as show them all, shortest first. */
  readonly counterexamples: readonly ShownCounterexample[];
  /** For each service and journey what alone, and what only together, takes it away until somebody repairs. */
  readonly services: readonly ServiceFindings[];
  /** Every fault instance by its index, alone: who was out, and for how long. */
  readonly alone: readonly FaultAlone[];
  /** What of the model and of the configuration the single faults put to use, and what not. */
  readonly coverage: Coverage;
  /** Faults that nobody noticed: no cluster, check, service or journey. */
  readonly withoutEffect: readonly string[];
  /** Faults under which a cluster decides the same over and over while they last. */
  readonly restless: readonly {
    readonly fault: string;
    readonly cluster: string;
    /** Whether things came back by themselves was waited for all the same. */
    readonly judged: boolean;
    /** How long a round takes, in milliseconds, where it goes round. */
    readonly everyMs?: number;
  }[];
  readonly withoutPlace: readonly string[];
  readonly assumptions: readonly string[];
}

export interface ExplorationCounts {
  readonly instances: number;
  /** Moments of all single-fault runs at which another fault (or the first one's end) was looked at. */
  readonly moments: number;
  readonly combinations: readonly CombinationCounts[];
  readonly worlds: number;
  readonly events: number;
  /** Timelines that came to a world that another one had come to: the rest was known. */
  readonly met: number;
  /** Skipped combinations that were played after all: a seeded hundredth. */
  readonly checked: number;
  /** Those of them that came out otherwise than was proven. */
  readonly disagreements: readonly string[];
  /**
   * Timelines in which a restless cluster went round, doing the same over and over in the same situation: what a round
   * brings was taken to go on until the wait was over, and not played.
   */
  readonly recurring: number;
  /**
   * Timelines in which a restless cluster reached its bound on events: whether things come back by themselves was not
   * judged there.
   */
  readonly notJudged: number;
  /** Combinations that `--max-worlds` left out. */
  readonly cut: number;
  /** Units of work that nobody played: files to merge that do not hold everything. */
  readonly missing: number;
}

/** Combinations of one number of faults, in their orders and at their moments. */
export interface CombinationCounts {
  readonly faults: number;
  readonly what: string;
  readonly total: number;
  readonly run: number;
  readonly independent: number;
  readonly equal: number;
  readonly impossible: number;
  readonly left: number;
}

export interface ShownCounterexample {
  readonly promises: readonly string[];
  readonly faults: number;
  readonly text: string;
  /** When the first of these promises broke, since the first fault. */
  readonly atMs: number;
  readonly evidence: string;
  readonly timeline: readonly WrittenStep[];
  /** Leaving out any one step makes the first of these promises hold. */
  readonly minimal: boolean;
  readonly replay: string;
}

/** What one fault alone took away before anybody repaired anything. */
export interface FaultAlone {
  /** `lose-node db1`. */
  readonly text: string;
  readonly fault: string;
  readonly part: string;
  /** False where it could not strike, or was not played. */
  readonly struck: boolean;
  /** Services and journeys that came back by themselves, with how long they were out in all, in milliseconds. */
  readonly out: Readonly<Record<string, number>>;
  /** Those that did not. */
  readonly lasting: readonly string[];
}

export interface ServiceFindings {
  readonly service: string;
  /** It was served before any fault; of one that was not, nothing is found. */
  readonly servedAtStart: boolean;
  /** Smallest sets of faults that take it away until somebody repairs, by their indices in `alone`. */
  readonly minimalSets: readonly (readonly number[])[];
  readonly singlePoints: readonly PartFaults[];
  readonly cutSets: readonly (readonly PartFaults[])[];
  readonly worstOutage?: WorstShown;
  readonly worstRecovery?: WorstShown;
}

/** A part and the faults of it that do it. */
export interface PartFaults {
  readonly part: string;
  readonly faults: readonly string[];
}

export interface WorstShown {
  readonly ms: number;
  readonly text: string;
}
