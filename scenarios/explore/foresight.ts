import type { Run } from "../../model/kernel/index.js";
import {
  breachesFrom,
  type Course,
  type End,
  firstBreaches,
  type Joined,
  type Stood,
  type Waited,
  type WaitPlayed,
} from "./course.js";
import type { Courses } from "./courses.js";
import type { Limits } from "./limits.js";
import { roundFrom, roundMs } from "./recurrence.js";
import { Restlessness, restlessOn } from "./restlessness.js";

/** Where a timeline is on its wait after the last step. Times are since the first fault. */
export interface Whereabouts {
  readonly nowMs: number;
  /** When the wait is over. */
  readonly untilMs: number;
  /** The faults that are healed then. */
  readonly toHeal: string;
  /** What it has cost since the last step. */
  readonly events: number;
  readonly reactions: number;
}

/**
 * What a timeline knows of its wait before that is played: from others of its beginning, which came to the same world, or
 * from the rounds that a restless cluster makes.
 */
export class Foresight {
  readonly course: Course;
  readonly #run: Run;
  readonly #startMs: number;
  readonly #limits: Limits;
  readonly #courses: Courses | undefined;
  #restlessness: Restlessness;
  /** Another timeline's course that this one goes on along. */
  #joined: Joined | undefined;
  /** Another timeline's course that goes round, and so does this one from there on. */
  #stood: Stood | undefined;
  #ahead: number | undefined;
  #isMet = false;
  /** The situation in which the wait ends, with what is healed then. */
  #endsIn: string | undefined;

  constructor(parts: {
    run: Run;
    startMs: number;
    limits: Limits;
    course: Course;
    courses: Courses | undefined;
  }) {
    this.course = parts.course;
    this.#run = parts.run;
    this.#startMs = parts.startMs;
    this.#limits = parts.limits;
    this.#courses = parts.courses;
    this.#restlessness = new Restlessness(parts.limits);
  }

  /** A cluster that decides the same over and over. */
  get restless(): string | undefined {
    return this.#restlessness.cluster;
  }

  /** From this of the course's changes on they are known, and not played; undefined while the wait is played. */
  get ahead(): number | undefined {
    return this.#ahead;
  }

  /** The wait is played, and compared with others now and then. */
  get mayMeetOthers(): boolean {
    return this.#courses !== undefined && this.#ahead === undefined;
  }

  /** Something of what comes is known from another timeline. */
  get isMet(): boolean {
    return this.#isMet;
  }

  /** A new step of the timeline. */
  begin(): void {
    this.#restlessness.begin();
  }

  /** What was decided in one instant; tells whether something of it was decided before, since the last step. */
  decided(decisions: readonly { readonly cluster: string; readonly text: string }[], events: number): boolean {
    let again = false;
    for (const { cluster, text } of decisions) {
      if (this.#restlessness.decided(cluster, text) > 1) again = true;
      this.course.decisions.push({ cluster, text, events });
    }
    return again;
  }

  /** A cluster is restless, and costs too much. */
  isCutAt(events: number): boolean {
    return this.#ahead === undefined && this.#restlessness.isCutAt(events);
  }

  /** When something was decided: once it goes round, by itself or as another one does that stood alike, the rest is known. */
  lookWhetherRound(again: boolean, { nowMs, untilMs, toHeal, events }: Whereabouts): void {
    const rounds = this.#courses?.roundsWith(toHeal);
    if (!again && !rounds) return;
    const { course } = this;
    const key = this.#run.situationKey();
    const here = { ...course.standAt(nowMs), checksDue: this.#run.pendingRepeats() };
    const earlier = course.situations.get(key);
    const round = earlier && roundFrom(earlier, here);
    const like = rounds?.get(key);
    const { changes } = here;
    if (round) course.recurrence = round;
    else if (like && course.goOnToRound(like, { nowMs, untilMs, events })) {
      this.#stood = like;
      this.#isMet = true;
    } else {
      if (earlier) earlier.push(here);
      else course.situations.set(key, [here]);
      return;
    }
    for (const { cluster, text } of course.decisions.slice(here.decisions)) this.#restlessness.decided(cluster, text);
    course.goRoundUntil(untilMs);
    this.#restlessness.decidedInRounds(course);
    this.#ahead = changes;
  }

  /** Joins the course of a timeline that was in this world with as much before it; else it may be joined here. */
  meetOthers({ nowMs, untilMs, toHeal, events, reactions }: Whereabouts): void {
    if (!this.#courses) return;
    const { course } = this;
    const key = `${this.#run.instantKey(this.#startMs + untilMs)} ${toHeal} ${untilMs}`;
    for (const found of this.#courses.find(key)) {
      const restlessness = this.#restlessAlong(found, events);
      if (!restlessness) continue;
      this.#restlessness = restlessness;
      this.#joined = found;
      this.#isMet = true;
      this.#ahead = course.changes.length;
      course.goOnAlong(found, events);
      return;
    }
    course.marks.push({ ...course.standAt(nowMs), key, reactions, events, phases: course.phases.mark() });
  }

  /** How restless it is in the end if it goes along another one's course; undefined where it would not go all the way. */
  #restlessAlong({ course, mark }: Joined, events: number): Restlessness | undefined {
    const { phases } = course.waited!;
    const read = this.#run.outside();
    if (!course.phases.wouldBeFoundBy((cell) => read.get(cell), mark.phases, phases)) return undefined;
    return restlessOn(course, mark, { restlessness: this.#restlessness, events }, this.#limits);
  }

  /** How the whole wait went, from how it went as far as it was played. */
  waited(played: WaitPlayed): Omit<Waited, "end"> {
    const phases = this.course.phases.mark();
    if (this.#joined) return { ...alongWith(this.#joined, played), phases };
    const { recurrence } = this.course;
    if (!recurrence) return { ...played, recurs: undefined, phases };
    const { from, to } = recurrence;
    return {
      ...played,
      atMs: this.course.roundsEndMs,
      steady: { holds: false, sinceMs: to.atMs },
      safety: this.#stood ? [...played.safety, ...breachesFrom(this.#stood, played.atMs)] : played.safety,
      recurs: { fromMs: from.atMs, everyMs: roundMs(recurrence) },
      phases,
    };
  }

  /** What healing comes to at the end of the wait, where another timeline tells it. */
  endOf(toHeal: string): End | undefined {
    const along = this.#joined ?? this.#stood;
    if (along) return along.course.waited!.end;
    if (!this.#courses) return undefined;
    this.#endsIn = `${this.#run.situationKey()} ${toHeal}`;
    const end = this.#courses.endFrom(this.#endsIn);
    if (end) this.#isMet = true;
    return end;
  }

  /** Others may go on along this one from now on. */
  keep(waited: Waited, toHeal: string): void {
    this.course.waited = waited;
    this.#courses?.keep(this.course, toHeal);
    if (this.#endsIn !== undefined) this.#courses?.keepEnd(this.#endsIn, waited.end);
  }
}

function alongWith({ course, mark }: Joined, played: WaitPlayed): Waited {
  const waited = course.waited!;
  return {
    ...waited,
    safety: firstBreaches(played.safety, waited.safety),
    steady: waited.steady.sinceMs > mark.atMs ? waited.steady : played.steady,
    reactions: played.reactions + waited.reactions - mark.reactions,
  };
}
