import type { TraceEntry } from "../../model/kernel/index.js";

/** The stages of a recovery, in the order in which they usually come. */
export const STAGES = ["detection", "election", "decision", "fencing", "stop", "start", "check"] as const;

export type Stage = (typeof STAGES)[number];

/** A stage as one run went through it, in milliseconds since the first fault. */
export interface StageSpan {
  readonly stage: Stage;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The stage that a trace entry belongs to; undefined where it is no step of a recovery. */
export function stageOf(entry: TraceEntry): Stage | undefined {
  const { kind, what } = entry;
  switch (kind) {
    case "membership":
      return what === "lost" || what === "member" || what === "quorum lost" ? "detection" : "election";
    case "decision":
      return "decision";
    case "fence":
      return "fencing";
    case "action":
      if (/^(stop|demote)/.test(what)) return "stop";
      return /^(start|promote)/.test(what) ? "start" : "check";
    case "check":
      return what.startsWith("monitor") ? "detection" : "check";
    default:
      return undefined;
  }
}

/**
 * The moments at which another fault meets a different situation: with the first fault, and just before, in and just
 * after each stage of the recovery that it started. Of moments between which nothing happens one is kept where they are
 * within a second of each other; of a longer quiet its beginning and its end are.
 *
 * `entryTimesMs` are the times of everything that happened, ascending.
 */
export function momentsOf(spans: readonly StageSpan[], entryTimesMs: readonly number[]): readonly number[] {
  const wanted = new Set<number>([0]);
  for (const { firstMs, lastMs } of spans) {
    for (const atMs of [firstMs - 1, firstMs, Math.floor((firstMs + lastMs) / 2), lastMs - 1, lastMs])
      if (atMs > 0) wanted.add(atMs);
  }
  const sorted = [...wanted].sort((a, b) => a - b);
  const kept: number[] = [];
  for (const [i, atMs] of sorted.entries()) {
    const before = kept[kept.length - 1];
    if (before === undefined || isBetween(entryTimesMs, before, atMs) || atMs - before > SAME_MS) {
      // The last of a quiet stretch stands for its end.
      const next = sorted[i + 1];
      const isInside =
        before !== undefined &&
        next !== undefined &&
        !isBetween(entryTimesMs, before, atMs) &&
        !isBetween(entryTimesMs, atMs, next);
      if (!isInside) kept.push(atMs);
    }
  }
  return kept;
}

const SAME_MS = 1_000;

/** Something happened after `fromMs`, at or before `untilMs`. */
function isBetween(timesMs: readonly number[], fromMs: number, untilMs: number): boolean {
  return timesMs.some((atMs) => atMs > fromMs && atMs <= untilMs);
}

/** Collects the stages of a run as it goes. */
export class StageRecorder {
  readonly #spans = new Map<Stage, { firstMs: number; lastMs: number }>();
  readonly entryTimesMs: number[] = [];

  look(entry: TraceEntry, startMs: number): void {
    const atMs = entry.atMs - startMs;
    if (this.entryTimesMs[this.entryTimesMs.length - 1] !== atMs) this.entryTimesMs.push(atMs);
    const stage = stageOf(entry);
    if (!stage) return;
    const span = this.#spans.get(stage);
    if (span) span.lastMs = atMs;
    else this.#spans.set(stage, { firstMs: atMs, lastMs: atMs });
  }

  get spans(): readonly StageSpan[] {
    return STAGES.flatMap((stage) => {
      const span = this.#spans.get(stage);
      return span ? [{ stage, ...span }] : [];
    });
  }
}

/** What somebody or something did about a fault, beside the fault's own change of state. */
const REACTIONS: ReadonlySet<TraceEntry["kind"]> = new Set([
  "membership",
  "decision",
  "action",
  "fence",
  "check",
  "service",
  "promise",
]);

export function isReaction({ kind }: TraceEntry): boolean {
  return REACTIONS.has(kind);
}
