import { type Footprint, Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import { Accounts } from "./accounts.js";
import { brokenPromises } from "./broken.js";
import {
  breachesFrom,
  Course,
  type Courses,
  type End,
  firstBreaches,
  type Joined,
  nextMarkMs,
  Restlessness,
  restlessOn,
  type Stood,
  type Waited,
} from "./course.js";
import type { Exercise } from "./exercise.js";
import type { FaultInstance } from "./instances.js";
import type { Limits } from "./limits.js";
import { type Trail, trailOf } from "./meeting.js";
import { isJudged, type Outcome } from "./outcome.js";
import { lastRoundEndsMs, roundFrom, roundMs } from "./recurrence.js";
import { mend } from "./repairs.js";
import { lastStepMs, patienceEndMs, type Schedule, type Shot } from "./schedule.js";
import { isReaction, StageRecorder } from "./stages.js";

export interface PlayOptions {
  readonly footprint?: Footprint;
  /** What it puts to use is no part of what is told. */
  readonly unmarked?: boolean;
  /**
   * The courses of timelines that began alike: where this one comes to a world that one of them was in, the rest is
   * known.
   */
  readonly courses?: Courses | undefined;
  /** A restless cluster is watched until the wait is over, round after round. */
  readonly throughout?: boolean | undefined;
}

/**
 * One schedule on its way through time: faults strike, things take their course, whatever is still broken is healed,
 * somebody repairs. Times are since the first fault.
 */
export class Play {
  readonly footprint: Footprint | undefined;
  readonly stages = new StageRecorder();
  events = 0;
  /** How often a cluster, a check or a service reacted, before anything was healed. */
  reactions = 0;
  boundReached = false;
  /** The wait ended early: what would have come back by itself is not known. */
  cutShort = false;
  #eventsAtStrike = 0;
  readonly #twin: Twin;
  readonly #limits: Limits;
  readonly #instances: readonly FaultInstance[];
  readonly #startMs: number;
  readonly #run: Run;
  readonly #accounts: Accounts;
  readonly #shots: Shot[];
  #firstHealedAtMs: number | undefined;
  #restlessness: Restlessness;
  /** What was decided in the present instant, by cluster. */
  #decisions: { readonly cluster: string; readonly text: string }[] = [];
  #started = false;
  #healing = false;
  readonly #courses: Courses | undefined;
  /** When this timeline is compared with others next. */
  #marksAtMs = Number.POSITIVE_INFINITY;
  readonly #course = new Course();
  /** Another timeline's course that this one goes on along. */
  #joined: Joined | undefined;
  /** Another timeline's course that goes round, and so does this one from there on. */
  #stood: Stood | undefined;
  /** From this of the course's changes on they are known, and not played. */
  #ahead: number | undefined;
  /** How the healing goes was known from another timeline that stood alike when its wait was over. */
  #endKnown = false;
  /** Until when things take their course, while they do. */
  #waitsUntilMs: number | undefined;
  readonly #throughout: boolean;

  constructor(
    parts: {
      twin: Twin;
      limits: Limits;
      instances: readonly FaultInstance[];
      startMs: number;
      exercise: Pick<Exercise, "onSend" | "onTrace">;
    },
    from: World,
    before: Schedule = { shots: [] },
    options: PlayOptions = {},
  ) {
    this.#twin = parts.twin;
    this.#limits = parts.limits;
    this.#instances = parts.instances;
    this.#startMs = parts.startMs;
    this.#shots = [...before.shots];
    this.#firstHealedAtMs = before.firstHealedAtMs;
    this.#started = before.shots.length > 0;
    this.#restlessness = new Restlessness(parts.limits);
    this.footprint = options.footprint;
    this.#courses = options.courses;
    this.#throughout = options.throughout ?? false;
    this.#run = new Run(from, {
      ...(this.footprint && { footprint: this.footprint }),
      onSend: options.unmarked ? undefined : parts.exercise.onSend,
      phaseLog: options.courses && this.#course.phases,
      onTrace: (entry) => {
        this.#look(entry);
        if (!options.unmarked) parts.exercise.onTrace(entry);
      },
    });
    this.#accounts = new Accounts(parts.twin, this.#run, this.#startMs);
  }

  get nowMs(): number {
    return this.#run.nowMs - this.#startMs;
  }

  get schedule(): Schedule {
    return {
      shots: [...this.#shots],
      ...(this.#firstHealedAtMs !== undefined && { firstHealedAtMs: this.#firstHealedAtMs }),
    };
  }

  /** A cluster that decides the same over and over. */
  get restless(): string | undefined {
    return this.#restlessness.cluster;
  }

  freeze(): World {
    return this.#run.freeze();
  }

  strike(instance: number): void {
    const { fault, params, part } = this.#instances[instance]!;
    this.#shots.push({ instance, atMs: this.nowMs });
    this.#restlessness.begin();
    this.#eventsAtStrike = this.events;
    this.#run.act((instant) => {
      const entry = instant.note({ kind: "fault", subject: part, what: fault.name, text: fault.summary, data: params });
      instant.because(entry, () => fault.inject(instant, this.#twin, params));
    });
    this.#started = true;
  }

  /** What the last step and all that follows in its instant touched; with a footprint. */
  atOnce(): Trail {
    this.advanceTo(this.nowMs);
    return trailOf(this.footprint!);
  }

  /** The first fault is gone by itself; false where that changes nothing. */
  healFirst(): boolean {
    const before = this.#run.instantKey();
    this.#firstHealedAtMs = this.nowMs;
    this.#restlessness.begin();
    this.#heal(this.#shots[0]!.instance);
    return this.#run.instantKey() !== before;
  }

  /** Goes on to a moment; stops early where a bound is reached or a cluster turns out to be restless. */
  advanceTo(atMs: number): void {
    const untilMs = this.#startMs + atMs;
    while (!this.#isOver()) {
      const nextMs = this.#run.nextMs ?? Number.POSITIVE_INFINITY;
      if (this.#decisions.length > 0 && nextMs > this.#run.nowMs) this.#instantOfDecisionEnds();
      else if (this.#marksAtMs < nextMs && this.#marksAtMs < untilMs) this.#meetOthersAtMark();
      else if (nextMs > untilMs) break;
      else if (this.#run.step(untilMs)) {
        this.events++;
        if (this.events >= this.#limits.eventsMax) this.boundReached = true;
      }
    }
    if (!this.#isOver()) this.#run.advanceTo(untilMs);
  }

  #isOver(): boolean {
    return this.boundReached || (!this.#healing && (this.cutShort || this.#ahead !== undefined));
  }

  /** Lets things take their course after the last step; what then is not served does not come back by itself. */
  wait(): void {
    this.#waitsUntilMs = this.#patienceEndMs();
    this.advanceTo(this.#waitsUntilMs);
    this.#waitsUntilMs = undefined;
  }

  #patienceEndMs(): number {
    return patienceEndMs(this.schedule, this.#limits);
  }

  /** A restless cluster is left to itself until it goes round, and only as long as that is cheap. */
  #instantOfDecisionEnds(): void {
    const decisions = this.#decisions;
    this.#decisions = [];
    if (this.#healing) return;
    let again = false;
    for (const { cluster, text } of decisions) {
      if (this.#restlessness.decided(cluster, text) > 1) again = true;
      this.#course.decisions.push({ cluster, text, events: this.#eventsSinceStrike });
    }
    if (this.#waitsUntilMs === undefined || this.#throughout) return;
    this.#lookWhetherRound(again, this.#waitsUntilMs);
    if (this.#ahead === undefined && this.#restlessness.isCutAt(this.#eventsSinceStrike)) this.cutShort = true;
  }

  get #eventsSinceStrike(): number {
    return this.events - this.#eventsAtStrike;
  }

  /** Once it goes round, by itself or as another timeline does that stood alike, the rest of the wait is known. */
  #lookWhetherRound(again: boolean, untilMs: number): void {
    const rounds = this.#courses?.roundsWith(this.#toHealText());
    if (!again && !rounds) return;
    const course = this.#course;
    const key = this.#run.situationKey();
    const here = { ...course.standAt(this.nowMs), checksDue: this.#run.pendingRepeats() };
    const earlier = course.situations.get(key);
    const round = earlier && roundFrom(earlier, here);
    const like = rounds?.get(key);
    const ahead = course.changes.length;
    const known = course.decisions.length;
    if (round) course.recurrence = round;
    else if (like && course.goOnToRound(like, this.nowMs, untilMs, this.#eventsSinceStrike)) this.#stood = like;
    else {
      if (earlier) earlier.push(here);
      else course.situations.set(key, [here]);
      return;
    }
    course.goRoundUntil(untilMs, this.#eventsSinceStrike);
    for (const { cluster, text } of course.decisions.slice(known)) this.#restlessness.decided(cluster, text);
    this.#ahead = ahead;
  }

  #meetOthersAtMark(): void {
    this.#run.advanceTo(this.#marksAtMs);
    this.#meetOthers(this.#patienceEndMs());
    this.#marksAtMs = this.#nextMark();
  }

  /** After the next event; until then nothing changes. */
  #nextMark(): number {
    const { nextMs = Number.POSITIVE_INFINITY } = this.#run;
    return this.#startMs + nextMarkMs(nextMs - this.#startMs, lastStepMs(this.schedule));
  }

  /** Joins the course of a timeline that was in this world with as much before it; else it may be joined here. */
  #meetOthers(untilMs: number): void {
    if (!this.#courses) return;
    const key = `${this.#run.instantKey(this.#startMs + untilMs)} ${this.#toHealText()} ${untilMs}`;
    for (const found of this.#courses.find(key)) {
      const restlessness = this.#restlessAlong(found);
      if (!restlessness) continue;
      this.#restlessness = restlessness;
      this.#joined = found;
      this.#ahead = this.#course.changes.length;
      this.#course.goOnAlong(found, this.#eventsSinceStrike);
      return;
    }
    const { marks, phases } = this.#course;
    const { reactions } = this;
    const stand = this.#course.standAt(this.nowMs);
    marks.push({ ...stand, key, reactions, events: this.#eventsSinceStrike, phases: phases.mark() });
  }

  /** How restless it is in the end if it goes along another one's course; undefined where it would not go all the way. */
  #restlessAlong({ course, mark }: Joined): Restlessness | undefined {
    const { phases } = course.waited!;
    const read = this.#run.outside();
    if (!course.phases.wouldBeFoundBy((cell) => read.get(cell), mark.phases, phases)) return undefined;
    const own = { restlessness: this.#restlessness, events: this.#eventsSinceStrike };
    return restlessOn(course, mark, own, this.#limits);
  }

  /** Plays from after the last step to the end and judges. */
  finish(): Outcome {
    if (this.#courses && this.#ahead === undefined) this.#marksAtMs = this.#nextMark();
    this.wait();
    this.#marksAtMs = Number.POSITIVE_INFINITY;
    const course = this.#course;
    const waited = this.#joined ? this.#waitedAlong(this.#joined) : this.#waited();
    const { cutShort, recurs, safety } = waited;
    // Where a cluster is restless, what comes and goes is out or not as it happens.
    const lastsFromMs = this.restless === undefined ? 0 : this.#limits.patienceMs / 2;
    const ahead = this.#ahead ?? course.changes.length;
    const lasted = this.#accounts.interruptions(waited.atMs, course, ahead, lastsFromMs);
    const along = this.#joined ?? this.#stood;
    const end = along ? along.course.waited!.end : this.#end();
    course.waited = { ...waited, end };
    if (!this.boundReached) this.#courses?.keep(course, this.#toHealText());
    const judged = isJudged({ cutShort, boundReached: this.boundReached });
    const told = { waitedMs: waited.atMs, budgetMs: this.#limits.outageMs };
    return {
      schedule: {
        ...this.schedule,
        healedAtMs: waited.atMs,
        repairs: end.repairs.map((repair) => ({ ...repair, atMs: waited.atMs + repair.atMs })),
        endMs: waited.atMs + end.lastedMs,
      },
      broken: brokenPromises({ lasted, isJudged: judged, safety, end, ...told }),
      exercised: end.exercised,
      interruptions: lasted,
      ...(waited.steady.holds && {
        settledAfterMs: Math.max(0, waited.steady.sinceMs - lastStepMs(this.schedule)),
      }),
      hadEffect: waited.reactions > 0,
      ...(this.restless !== undefined && { restless: this.restless }),
      ...(recurs && { recurs }),
      cutShort,
      boundReached: this.boundReached,
      met: this.#joined !== undefined || this.#stood !== undefined || this.#endKnown,
      events: this.events,
    };
  }

  /** How it waited along the course that it joined: so its own course may be joined in turn. */
  #waitedAlong({ course, mark }: Joined): Omit<Waited, "end"> {
    const waited = course.waited!;
    return {
      ...waited,
      safety: firstBreaches(this.#accounts.brokenSafety(), waited.safety),
      steady: waited.steady.sinceMs > mark.atMs ? waited.steady : this.#accounts.steady(),
      reactions: this.reactions + waited.reactions - mark.reactions,
      phases: this.#course.phases.mark(),
    };
  }

  #waited(): Omit<Waited, "end"> {
    const { cutShort, reactions } = this;
    const { recurrence, phases } = this.#course;
    const waited = { cutShort, reactions, phases: phases.mark() };
    const safety = this.#accounts.brokenSafety();
    if (!recurrence) return { ...waited, atMs: this.nowMs, steady: this.#accounts.steady(), safety, recurs: undefined };
    const { from, to } = recurrence;
    const atMs = lastRoundEndsMs(recurrence, this.#patienceEndMs());
    return {
      ...waited,
      atMs,
      steady: { holds: false, sinceMs: to.atMs },
      safety: this.#stood ? [...safety, ...breachesFrom(this.#stood, this.nowMs)] : safety,
      recurs: { fromMs: from.atMs, everyMs: roundMs(recurrence) },
    };
  }

  /** The healing and what comes of it: of a timeline that stood alike, or played. */
  #end(): End {
    if (this.boundReached || !this.#courses) return this.#judgeEnd();
    const key = `${this.#run.situationKey()} ${this.#toHealText()}`;
    const known = this.#courses.endFrom(key);
    if (known) {
      this.#endKnown = true;
      return known;
    }
    const end = this.#judgeEnd();
    if (!this.boundReached) this.#courses.keepEnd(key, end);
    return end;
  }

  /** Heals, repairs and judges what comes of it, in times since the healing. */
  #judgeEnd(): End {
    const healedAtMs = this.nowMs;
    this.#healing = true;
    this.#course.phases.on = false;
    this.#restlessness.begin();
    for (const instance of this.#toHeal()) this.#heal(instance);
    const goTo = (sinceHealedMs: number) => this.advanceTo(healedAtMs + sinceHealedMs);
    const { repairs, lastedMs } = mend(this.#run, this.#twin, this.#limits, goTo);
    return {
      lastedMs,
      repairs,
      steady: this.boundReached || this.#accounts.isSteady(),
      safety: this.#accounts.brokenSafety().map(({ promise, atMs }) => ({ promise, atMs: atMs - healedAtMs })),
      exercised: this.#accounts.exercisedSafety(),
    };
  }

  /** Faults that are still there. */
  #toHeal(): readonly number[] {
    return this.#shots.slice(this.#firstHealedAtMs === undefined ? 0 : 1).map(({ instance }) => instance);
  }

  #toHealText(): string {
    return this.#toHeal().join(" ");
  }

  #look(entry: TraceEntry): void {
    if (this.#healing) return;
    this.stages.look(entry, this.#startMs);
    if (this.#started && isReaction(entry)) this.reactions++;
    if (entry.kind === "decision") this.#decisions.push({ cluster: entry.subject, text: entry.text ?? "" });
    else if (entry.kind === "service")
      this.#course.changes.push({
        name: entry.subject,
        served: entry.to === "served" || entry.to === "slow",
        atMs: entry.atMs,
      });
  }

  #heal(instance: number): void {
    const { fault, params, part } = this.#instances[instance]!;
    this.#run.act((instant) => {
      const entry = instant.note({ kind: "heal", subject: part, what: `heal ${fault.name}`, data: params });
      instant.because(entry, () => fault.heal(instant, this.#twin, params));
    });
  }
}
