import { type Outage, outageAfter } from "../../model/promises/index.js";
import type { BrokenPromise } from "./outcome.js";
import { PhasesUsed } from "./phases-used.js";
import type { Repair } from "./schedule.js";

/** What came of healing and repairing, in times since the healing. */
export interface End {
  readonly lastedMs: number;
  readonly repairs: readonly Repair[];
  readonly steady: boolean;
  readonly safety: readonly BrokenPromise[];
  readonly exercised: readonly string[];
}

/** A service or journey began or ceased to be served. */
interface ServedChange {
  readonly name: string;
  readonly served: boolean;
  readonly atMs: number;
}

/** A decision, and how many events the timeline had cost by the end of its instant. */
interface DecisionMade {
  readonly cluster: string;
  readonly text: string;
  readonly events: number;
}

/** Where a course stood at a moment at which it can be joined. */
interface Mark {
  readonly key: string;
  /** When the wait ends, or that it has ended: part of the key. */
  readonly ahead: string;
  readonly decisions: number;
  readonly changes: number;
  readonly reactions: number;
  readonly events: number;
  readonly phases: number;
  readonly atMs: number;
}

/** Where the wait after the last step came to its end. */
interface Waited {
  readonly atMs: number;
  readonly cutShort: boolean;
  readonly steady: { readonly holds: boolean; readonly sinceMs: number };
  readonly safety: readonly BrokenPromise[];
  readonly reactions: number;
  readonly phases: number;
  readonly end: End;
}

/**
 * How one timeline went on after its last step. Another one that comes to the world of one of its marks, at the same
 * instant and with the same faults to heal, goes on in the same way; where the two differ in phases, as far as the
 * first did not look at those.
 */
export class Course {
  readonly decisions: DecisionMade[] = [];
  readonly changes: ServedChange[] = [];
  readonly marks: Mark[] = [];
  readonly phases = new PhasesUsed();
  waited: Waited | undefined;

  /** Adds what another course saw after a mark; `events` is what this one had cost until they met. */
  goOnAlong({ course, mark }: Joined, events: number): void {
    for (const made of course.decisions.slice(mark.decisions))
      this.decisions.push({ ...made, events: events + made.events - mark.events });
    this.changes.push(...course.changes.slice(mark.changes));
    this.phases.append(course.phases, mark.phases, course.waited!.phases);
  }
}

/** Counts what a cluster decides over and over; since the last step of a timeline. */
export class Restlessness {
  readonly #times = new Map<string, number>();
  readonly #sameDecisionMax: number;
  readonly #eventsMax: number;
  /** A cluster that decides the same over and over. */
  cluster: string | undefined;

  constructor(limits: { readonly sameDecisionMax: number; readonly restlessEventsMax: number }, before?: Restlessness) {
    this.#sameDecisionMax = limits.sameDecisionMax;
    this.#eventsMax = limits.restlessEventsMax;
    if (before) {
      this.#times = new Map(before.#times);
      this.cluster = before.cluster;
    }
  }

  decided(cluster: string, text: string): void {
    const decision = `${cluster} ${text}`;
    const times = (this.#times.get(decision) ?? 0) + 1;
    this.#times.set(decision, times);
    if (times >= this.#sameDecisionMax) this.cluster = cluster;
  }

  /** A new step of the timeline: what was decided over and over before it may come to an end now. */
  begin(): void {
    this.#times.clear();
  }

  /** A restless cluster is left to itself only as long as that is cheap. */
  isCutAt(events: number): boolean {
    return this.cluster !== undefined && events > this.#eventsMax;
  }
}

/** Where a timeline joins the course of another one. */
export interface Joined {
  readonly course: Course;
  readonly mark: Mark;
}

/** Of the courses through one world so many are kept, which may differ in phases. */
const ALIKE_MAX = 4;

/** Timelines of one beginning, by the worlds of their marks. */
export class Courses {
  readonly #byKey = new Map<string, Joined[]>();

  /** The last that came there first: it is likely to have struck at the moment before. */
  find(key: string): readonly Joined[] {
    return this.#byKey.get(key) ?? [];
  }

  /** Of a timeline that has come to its end. */
  keep(course: Course): void {
    for (const mark of course.marks) {
      const alike = this.#byKey.get(mark.key);
      if (!alike) this.#byKey.set(mark.key, [{ course, mark }]);
      else {
        alike.unshift({ course, mark });
        alike.length = Math.min(alike.length, ALIKE_MAX);
      }
    }
  }
}

/**
 * Whether a timeline that joins a course would be watched exactly as long; gives how restless it is then. Both are told
 * by what was decided before they met, too: where that makes a difference, the one cannot stand for the other.
 */
export function restlessOn(
  { decisions, waited }: Course,
  mark: Mark,
  own: { readonly restlessness: Restlessness; readonly events: number },
  limits: { readonly sameDecisionMax: number; readonly restlessEventsMax: number },
): Restlessness | undefined {
  const together = new Restlessness(limits, own.restlessness);
  for (let i = mark.decisions; i < decisions.length; i++) {
    const { cluster, text, events } = decisions[i]!;
    together.decided(cluster, text);
    const isLastOfInstant = decisions[i + 1]?.events !== events;
    if (!isLastOfInstant || !together.isCutAt(own.events + events - mark.events)) continue;
    return waited!.cutShort && i === decisions.length - 1 ? together : undefined;
  }
  return waited!.cutShort ? undefined : together;
}

/** An outage as it is when the changes that a course saw after a mark have been added. */
export function outageOn({ changes }: Course, mark: Mark, name: string, before: Outage): Outage {
  let outage = before;
  for (let i = mark.changes; i < changes.length; i++) {
    const change = changes[i]!;
    if (change.name === name) outage = outageAfter(outage, change.served, change.atMs);
  }
  return outage;
}

/** What was broken before two timelines met, and what was after: the first breach counts. */
export function firstBreaches(
  own: readonly BrokenPromise[],
  other: readonly BrokenPromise[],
): readonly BrokenPromise[] {
  return other.map((one) => own.find(({ promise }) => promise === one.promise) ?? one);
}

/** Timelines are compared at full seconds while much goes on, later now and then: most that come to the same world soon do. */
const MARK_EACH_MS = 1_000;
const LATER_EACH_MS = 5_000;
const LATER_AFTER_MS = 20_000;

/** The first moment for a mark at or after `fromMs`, since the first fault; the last step was at `stepMs`. */
export function nextMarkMs(fromMs: number, stepMs: number): number {
  const eachMs = fromMs - stepMs < LATER_AFTER_MS ? MARK_EACH_MS : LATER_EACH_MS;
  return Math.ceil(fromMs / eachMs) * eachMs;
}
