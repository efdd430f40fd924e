import type { Course, End, Joined, Stood } from "./course.js";
import type { Recurrence } from "./recurrence.js";

/** Of the courses through one world so many are kept, which may differ in phases. */
const ALIKE_MAX = 4;

/** Timelines of one beginning, by the worlds of their marks, and what else may be known from them. */
export class Courses {
  readonly #byKey = new Map<string, Joined[]>();
  readonly #rounds = new Map<string, Map<string, Stood>>();
  readonly #ends = new Map<string, End>();

  /** The last that came there first: it is likely to have struck at the moment before. */
  find(key: string): readonly Joined[] {
    return this.#byKey.get(key) ?? [];
  }

  /** Courses that go round, with these faults to heal, by the situations in a round. */
  roundsWith(toHeal: string): ReadonlyMap<string, Stood> | undefined {
    return this.#rounds.get(toHeal);
  }

  /** What healing came to from a situation, whenever that was. */
  endFrom(situation: string): End | undefined {
    return this.#ends.get(situation);
  }

  keepEnd(situation: string, end: End): void {
    this.#ends.set(situation, end);
  }

  /** Of a timeline that has come to its end. */
  keep(course: Course, toHeal: string): void {
    for (const mark of course.marks) {
      const alike = this.#byKey.get(mark.key);
      if (!alike) this.#byKey.set(mark.key, [{ course, mark }]);
      else {
        alike.unshift({ course, mark });
        alike.length = Math.min(alike.length, ALIKE_MAX);
      }
    }
    if (course.recurrence) this.#keepRounds(course, course.recurrence, toHeal);
    course.situations.clear();
  }

  #keepRounds(course: Course, { from }: Recurrence, toHeal: string): void {
    let rounds = this.#rounds.get(toHeal);
    if (!rounds) {
      rounds = new Map();
      this.#rounds.set(toHeal, rounds);
    }
    for (const [key, situations] of course.situations) {
      const stand = situations.find(({ atMs }) => atMs >= from.atMs);
      if (stand && !rounds.has(key)) rounds.set(key, { course, stand });
    }
  }
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
