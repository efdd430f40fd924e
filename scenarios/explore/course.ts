import { type Outage, outageAfter } from "../../model/promises/index.js";
import type { BrokenPromise, Outcome } from "./outcome.js";
import { PhasesUsed } from "./phases-used.js";
import { type Recurrence, roundMs, roundsUntil, type Situation, type Stand } from "./recurrence.js";
import type { Repair } from "./schedule.js";

/** What came of healing and repairing, in times since the healing. */
export interface End {
  readonly lastedMs: number;
  readonly repairs: readonly Repair[];
  readonly steady: boolean;
  readonly safety: readonly BrokenPromise[];
  readonly exercised: readonly string[];
}

/** A service or journey began or ceased to be served, on the world's clock. */
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
export interface Mark extends Stand {
  readonly key: string;
  readonly reactions: number;
  readonly events: number;
  readonly phases: number;
}

/** Where the wait after the last step came to its end, in times since the first fault. */
export interface Waited {
  readonly atMs: number;
  readonly cutShort: boolean;
  readonly recurs: Outcome["recurs"];
  readonly steady: { readonly holds: boolean; readonly sinceMs: number };
  readonly safety: readonly BrokenPromise[];
  readonly reactions: number;
  readonly phases: number;
  readonly end: End;
}

/** How the wait went as far as it was played. */
export type WaitPlayed = Omit<Waited, "end" | "recurs" | "phases">;

/**
 * How one timeline went on after its last step. Another one that comes to the world of one of its marks, at the same
 * instant and with the same faults to heal, goes on in the same way; where the two differ in phases, as far as the
 * first did not look at those. Where it goes round, one that comes to a situation in which it stood will go round, too.
 */
export class Course {
  readonly decisions: DecisionMade[] = [];
  readonly changes: ServedChange[] = [];
  readonly marks: Mark[] = [];
  readonly phases = new PhasesUsed();
  /** Where it stood when something was decided, by `situationKey`; not everywhere, and not once the wait is over. */
  readonly situations = new Map<string, Situation[]>();
  recurrence: Recurrence | undefined;
  /** So many whole rounds follow the one that is told. */
  rounds = 0;
  waited: Waited | undefined;
  /** What follows so many decisions is known, and never cut short. */
  #knownFrom = Number.POSITIVE_INFINITY;

  standAt(atMs: number): Stand {
    return { atMs, decisions: this.decisions.length, changes: this.changes.length };
  }

  mayBeCutAt(decision: number): boolean {
    return decision < this.#knownFrom;
  }

  /** Adds what another course saw after a mark; `events` is what this one had cost until they met. */
  goOnAlong({ course, mark }: Joined, events: number): void {
    const { length } = this.decisions;
    for (const made of course.decisions.slice(mark.decisions))
      this.decisions.push({ ...made, events: events + made.events - mark.events });
    this.changes.push(...course.changes.slice(mark.changes));
    this.phases.append(course.phases, mark.phases, course.waited!.phases);
    this.#knownFrom = length + course.#knownFrom - mark.decisions;
    if (!course.recurrence || course.rounds === 0) return;
    this.#goRoundLike(course, course.recurrence.to.atMs, events);
    this.rounds = course.rounds - 1;
  }

  /**
   * Adds what another course saw until it had gone round, from where that one stood as this one does now; false where
   * it is not round before `untilMs`.
   */
  goOnToRound(
    { course, stand }: Stood,
    { nowMs, untilMs, events }: { nowMs: number; untilMs: number; events: number },
  ): boolean {
    const { to } = course.recurrence!;
    const beginsMs = nowMs + to.atMs - stand.atMs;
    if (beginsMs + roundMs(course.recurrence!) > untilMs) return false;
    this.#knownFrom = this.decisions.length;
    this.#add(course, stand, to, { laterMs: nowMs - stand.atMs, events });
    this.#goRoundLike(course, beginsMs, events);
    return true;
  }

  /** Adds a round of another course, from a moment on. */
  #goRoundLike(course: Course, beginsMs: number, events: number): void {
    const { from, to } = course.recurrence!;
    const begins = this.standAt(beginsMs);
    this.#add(course, from, to, { laterMs: beginsMs - from.atMs, events });
    this.recurrence = { from: begins, to: this.standAt(beginsMs + to.atMs - from.atMs) };
  }

  /** Whole rounds follow until a moment. */
  goRoundUntil(untilMs: number): void {
    this.#knownFrom = Math.min(this.#knownFrom, this.decisions.length);
    this.rounds = roundsUntil(this.recurrence!, untilMs);
  }

  /** When the last round is over. */
  get roundsEndMs(): number {
    return this.recurrence!.to.atMs + this.rounds * roundMs(this.recurrence!);
  }

  /** Outages as they are when what this course saw from one of its changes on has been added. */
  outagesAfter(from: number, before: ReadonlyMap<string, Outage>): ReadonlyMap<string, Outage> {
    const outages = new Map(before);
    const add = (changes: readonly ServedChange[], laterMs: number) => {
      for (const { name, served, atMs } of changes) {
        const outage = outages.get(name);
        if (outage) outages.set(name, outageAfter(outage, served, atMs + laterMs));
      }
    };
    add(this.changes.slice(from), 0);
    if (!this.recurrence || this.rounds === 0) return outages;
    const everyMs = roundMs(this.recurrence);
    const round = this.changes.slice(this.recurrence.from.changes, this.recurrence.to.changes);
    // What began before the round ends in the first; from the second on each brings the same.
    add(round, everyMs);
    if (this.rounds === 1) return outages;
    const afterOne = new Map(outages);
    add(round, 2 * everyMs);
    for (const [name, outage] of outages)
      outages.set(name, outageAfterRounds(afterOne.get(name)!, outage, this.rounds - 2, everyMs));
    return outages;
  }

  #add(course: Course, from: Stand, to: Stand, { laterMs, events }: { laterMs: number; events: number }): void {
    for (const made of course.decisions.slice(from.decisions, to.decisions)) this.decisions.push({ ...made, events });
    for (const change of course.changes.slice(from.changes, to.changes))
      this.changes.push({ ...change, atMs: change.atMs + laterMs });
  }
}

/** An outage after some rounds more, each of which brings what the last one did. */
function outageAfterRounds(before: Outage, after: Outage, rounds: number, everyMs: number): Outage {
  const { outSinceMs } = after;
  return {
    ...after,
    endedMs: after.endedMs + rounds * (after.endedMs - before.endedMs),
    outSinceMs:
      outSinceMs === undefined || outSinceMs === before.outSinceMs ? outSinceMs : outSinceMs + rounds * everyMs,
  };
}

/** Where a timeline joins the course of another one. */
export interface Joined {
  readonly course: Course;
  readonly mark: Mark;
}

/** A course that goes round, and where it stood in a round. */
export interface Stood {
  readonly course: Course;
  readonly stand: Stand;
}

/** What was broken before two timelines met, and what was after: the first breach counts. */
export function firstBreaches(
  own: readonly BrokenPromise[],
  other: readonly BrokenPromise[],
): readonly BrokenPromise[] {
  return other.map((one) => own.find(({ promise }) => promise === one.promise) ?? one);
}

/** What a course that goes round broke after one of its stands, where another timeline stood alike at `atMs`. */
export function breachesFrom({ course, stand }: Stood, atMs: number): readonly BrokenPromise[] {
  return course
    .waited!.safety.filter((breach) => breach.atMs > stand.atMs)
    .map((breach) => ({ ...breach, atMs: breach.atMs + atMs - stand.atMs }));
}
