import { formatDuration } from "../file/duration.js";
import type { FaultInstance } from "./instances.js";

/** One fault at a moment, in milliseconds since the first. */
export interface Shot {
  readonly instance: number;
  readonly atMs: number;
}

/** What somebody repairs once everything has had its time: a command of the operators' vocabulary. */
export interface Repair {
  readonly atMs: number;
  readonly operator: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Faults at their moments; where `firstHealedAtMs` is set, the first fault is gone by itself at that moment. */
export interface Schedule {
  readonly shots: readonly Shot[];
  readonly firstHealedAtMs?: number;
}

/** A schedule with everything that follows from it written down. */
export interface PlayedSchedule extends Schedule {
  /** When whatever is still broken is healed. */
  readonly healedAtMs: number;
  readonly repairs: readonly Repair[];
  readonly endMs: number;
}

/** The moment of the schedule's last step. */
export function lastStepMs({ shots, firstHealedAtMs }: Schedule): number {
  return Math.max(firstHealedAtMs ?? 0, shots[shots.length - 1]!.atMs);
}

const JUDGED_EACH_MS = 60_000;

/**
 * When what is still out does not come back by itself: after the patience, at a full minute since the first fault. So
 * timelines that strike at neighbouring moments are judged, and healed, at the same one.
 */
export function patienceEndMs(schedule: Schedule, { patienceMs }: { readonly patienceMs: number }): number {
  return Math.ceil((lastStepMs(schedule) + patienceMs) / JUDGED_EACH_MS) * JUDGED_EACH_MS;
}

/** A step of a scenario's timeline, as its file writes it. */
export type WrittenStep = Readonly<Record<string, unknown>>;

/** The timeline that plays a schedule again, as a scenario's file writes it. */
export function timelineOf(schedule: PlayedSchedule, instances: readonly FaultInstance[]): WrittenStep[] {
  const { shots, firstHealedAtMs, healedAtMs, repairs } = schedule;
  const steps: { atMs: number; step: WrittenStep }[] = [];
  const label = (i: number) => `fault-${i + 1}`;
  for (const [i, { instance, atMs }] of shots.entries()) {
    const { fault, written } = instances[instance]!;
    steps.push({ atMs, step: { at: formatDuration(atMs), fault: fault.name, ...written, as: label(i) } });
    const healMs = i === 0 && firstHealedAtMs !== undefined ? firstHealedAtMs : healedAtMs;
    steps.push({ atMs: healMs, step: { at: formatDuration(healMs), heal: label(i) } });
  }
  for (const { atMs, operator, params } of repairs)
    steps.push({ atMs, step: { at: formatDuration(atMs), operator, ...params } });
  // Stable: steps of one moment stay in the order in which they were done.
  return steps.sort((a, b) => a.atMs - b.atMs).map(({ step }) => step);
}

/** For people: `lose-node db1, 12.3s later hang-nfs nfs1`. */
export function scheduleText({ shots, firstHealedAtMs }: Schedule, instances: readonly FaultInstance[]): string {
  const parts = shots.map(({ instance, atMs }, i) => {
    const { text } = instances[instance]!;
    if (i === 0) return text;
    return atMs === shots[0]!.atMs ? `and with it ${text}` : `at ${formatDuration(atMs)} ${text}`;
  });
  if (firstHealedAtMs !== undefined) parts.push(`healed at ${formatDuration(firstHealedAtMs)}`);
  return parts.join(", ");
}
