import type { PlayedSchedule } from "./schedule.js";

/** A promise that one schedule broke, in milliseconds since the first fault. */
export interface BrokenPromise {
  readonly promise: string;
  readonly atMs: number;
}

/** How long a service or journey was out before anything was healed by hand. */
export interface Interruption {
  readonly service: string;
  readonly totalMs: number;
  /** The longest single one. */
  readonly longestMs: number;
  /** It was still out when the patience ended. */
  readonly lasts: boolean;
}

/** What came of one schedule. Data: it crosses threads. */
export interface Outcome {
  readonly schedule: PlayedSchedule;
  readonly broken: readonly BrokenPromise[];
  /** Promises about decisions that were put to the test. */
  readonly exercised: readonly string[];
  readonly interruptions: readonly Interruption[];
  /** From the last step until everything was served and settled for good; undefined where it never was. */
  readonly settledAfterMs?: number;
  /** Something happened beyond the fault itself. */
  readonly hadEffect: boolean;
  /** A cluster that decided the same thing over and over. */
  readonly restless?: string;
  /** From `fromMs` on the timeline went round: what it did in a round stands for the rest of the wait. */
  readonly recurs?: { readonly fromMs: number; readonly everyMs: number } | undefined;
  /** The wait ended early for it: whether things come back by themselves was not judged. */
  readonly cutShort: boolean;
  readonly boundReached: boolean;
  /** Its end was known from another timeline that came to the same world. */
  readonly met: boolean;
  readonly events: number;
}

export function brokenNames({ broken }: Pick<Outcome, "broken">): readonly string[] {
  return broken.map(({ promise }) => promise);
}

/** It was watched to its end: it says whether things come back by themselves. */
export function isJudged({ cutShort, boundReached }: Pick<Outcome, "cutShort" | "boundReached">): boolean {
  return !cutShort && !boundReached;
}
