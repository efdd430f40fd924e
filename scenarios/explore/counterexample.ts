import { InputError } from "../../model/errors.js";
import { formatDuration, parseDuration } from "../file/duration.js";
import { scenarioFromData } from "../file/read-scenario.js";
import type { SettledTwin } from "../runner/prepare.js";
import { runScenario, type ScenarioRun } from "../runner/run-scenario.js";
import type { FaultInstance } from "./instances.js";
import type { Limits } from "./limits.js";
import { SERVED_AGAIN, WITHIN_BUDGET, WORKS_ONCE_REPAIRED } from "./promise-names.js";
import { type PlayedSchedule, patienceEndMs, timelineOf, type WrittenStep } from "./schedule.js";

/** A schedule that breaks a promise, as a scenario that anybody can play. */
export interface Counterexample {
  readonly promise: string;
  readonly timeline: readonly WrittenStep[];
  /** Without any one of its steps the promise holds: each was left out and the rest played. */
  readonly minimal: boolean;
  /** The run that shows it; its verdict holds the replay token. */
  readonly run: ScenarioRun;
}

export interface ConfirmOptions {
  readonly seed: number;
  readonly version: string;
  readonly limits: Limits;
}

/**
 * Plays a schedule as a scenario, sees whether the promise breaks, and leaves out whatever it breaks without.
 * Undefined where the scenario does not show what the exploration saw.
 */
export function confirm(
  settled: SettledTwin,
  instances: readonly FaultInstance[],
  promise: string,
  schedule: PlayedSchedule,
  options: ConfirmOptions,
): Counterexample | undefined {
  const whole = timelineOf(schedule, instances);
  const endMs = endOf(promise, schedule, options.limits);
  const play = (timeline: readonly WrittenStep[]) => playTimeline(settled, promise, timeline, endMs, options);
  if (!isBrokenIn(play(whole), promise)) return undefined;
  const breaks = (timeline: readonly WrittenStep[]) => timeline.length > 0 && isBrokenIn(play(timeline), promise);
  // Healing and repairing belong to what the last promise says: without them it would mean nothing.
  const isStep = ({ fault }: WrittenStep) => fault !== undefined || familyOf(promise)[0] !== WORKS_ONCE_REPAIRED;
  let timeline = whole;
  const faultsAlone = whole.filter(({ fault }) => fault !== undefined);
  if (whole.every(isStep) && faultsAlone.length < whole.length && breaks(faultsAlone)) timeline = faultsAlone;
  for (let i = timeline.length - 1; i >= 0; i--) {
    if (!isStep(timeline[i]!)) continue;
    const shorter = without(timeline, i);
    if (breaks(shorter)) {
      timeline = shorter;
      i = Math.min(i, timeline.length);
    }
  }
  const minimal = timeline.every((step, i) => !isStep(step) || !breaks(without(timeline, i)));
  return { promise, timeline, minimal, run: play(timeline)! };
}

/** A timeline without one step; without a fault its heal makes no sense either. */
function without(timeline: readonly WrittenStep[], index: number): WrittenStep[] {
  const left = timeline[index]!;
  return timeline.filter((step, i) => i !== index && !(left["as"] !== undefined && step["heal"] === left["as"]));
}

/** Undefined where the steps that are left cannot be taken: nothing there to act on. */
function playTimeline(
  settled: SettledTwin,
  promise: string,
  timeline: readonly WrittenStep[],
  endMs: number,
  { seed, version, limits }: ConfirmOptions,
): ScenarioRun | undefined {
  const document = scenarioDocument(settled, promise, timeline, endMs, limits);
  try {
    return runScenario(settled, scenarioFromData(document, "counterexample"), { seed, version });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function scenarioDocument(
  { twin }: SettledTwin,
  promise: string,
  timeline: readonly WrittenStep[],
  endMs: number,
  limits: Limits,
) {
  const steps = timeline.map((step) => ({ ...step }));
  const lastMs = spanOf(steps[steps.length - 1]);
  const [family, service] = familyOf(promise);
  const within = family === SERVED_AGAIN ? [{ within: formatDuration(endMs), served: service }] : [];
  const served =
    family === WITHIN_BUDGET ? [{ ...servedName(service), outage: formatDuration(limits.outageMs ?? 0) }] : [];
  return {
    name: `explored-${promise.replaceAll(/[^a-z0-9]+/g, "-")}`.slice(0, 80),
    title: `Found by exploration: ${promise} is broken`.slice(0, 200),
    topology: twin.topology.file,
    timeline: steps,
    expect: {
      always: family === "" ? [promise] : [],
      within,
      served,
      steady: { before: true, after: family === WORKS_ONCE_REPAIRED },
    },
    settle: formatDuration(Math.max(0, endMs - lastMs)),
  };
}

/** The moment of the judgement, since the first fault. It stays where it is when steps are left out. */
function endOf(promise: string, schedule: PlayedSchedule, limits: Limits): number {
  const [family] = familyOf(promise);
  if (family === SERVED_AGAIN || family === WITHIN_BUDGET) return patienceEndMs(schedule, limits);
  return schedule.endMs;
}

/** `served-again/journey/login` → its family and what it is about; a promise about decisions has no family. */
function familyOf(promise: string): readonly [string, string] {
  for (const family of [SERVED_AGAIN, WITHIN_BUDGET, WORKS_ONCE_REPAIRED])
    if (promise === family || promise.startsWith(`${family}/`)) return [family, promise.slice(family.length + 1)];
  return ["", ""];
}

function servedName(service: string): Readonly<Record<string, string>> {
  const slash = service.indexOf("/");
  return { [service.slice(0, slash)]: service.slice(slash + 1) };
}

function isBrokenIn(run: ScenarioRun | undefined, promise: string): boolean {
  if (!run) return false;
  const [family, service] = familyOf(promise);
  const name =
    family === SERVED_AGAIN
      ? "within/1 "
      : family === WITHIN_BUDGET
        ? `served/${service}`
        : family === WORKS_ONCE_REPAIRED
          ? "steady/after"
          : promise;
  return run.verdict.promises.some(
    (result) =>
      result.status === "broken" && (name.endsWith(" ") ? result.name.startsWith(name) : result.name === name),
  );
}

function spanOf(step: WrittenStep | undefined): number {
  const at = step?.["at"];
  return typeof at === "string" ? (parseDuration(at) ?? 0) : 0;
}
