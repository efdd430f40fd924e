import { type Footprint, Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import { Accounts } from "./accounts.js";
import { brokenPromises } from "./broken.js";
import {
  Course,
  type Courses,
  type End,
  firstBreaches,
  type Joined,
  nextMarkMs,
  Restlessness,
  restlessOn,
} from "./course.js";
import type { Exercise } from "./exercise.js";
import type { FaultInstance } from "./instances.js";
import type { Limits } from "./limits.js";
import { type Trail, trailOf } from "./meeting.js";
import { type BrokenPromise, isJudged, type Outcome } from "./outcome.js";
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
    return this.boundReached || this.#joined !== undefined || (this.cutShort && !this.#healing);
  }

  /** Lets things take their course after the last step; what then is not served does not come back by itself. */
  wait(): void {
    this.advanceTo(patienceEndMs(this.schedule, this.#limits));
  }

  /** A restless cluster is left to itself only as long as that is cheap. */
  #instantOfDecisionEnds(): void {
    const decisions = this.#decisions;
    this.#decisions = [];
    if (this.#healing) return;
    const events = this.events - this.#eventsAtStrike;
    for (const { cluster, text } of decisions) {
      this.#restlessness.decided(cluster, text);
      this.#course.decisions.push({ cluster, text, events });
    }
    if (this.#restlessness.isCutAt(events)) this.cutShort = true;
  }

  #meetOthersAtMark(): void {
    this.#run.advanceTo(this.#marksAtMs);
    const untilMs = patienceEndMs(this.schedule, this.#limits);
    this.#meetOthers(String(untilMs), this.#startMs + untilMs);
    this.#marksAtMs = this.#nextMark();
  }

  /** After the next event; until then nothing changes. */
  #nextMark(): number {
    const { nextMs = Number.POSITIVE_INFINITY } = this.#run;
    return this.#startMs + nextMarkMs(nextMs - this.#startMs, lastStepMs(this.schedule));
  }

  /** Joins the course of a timeline that was in this world with as much before it; else it may be joined here. */
  #meetOthers(ahead: string, exactUntilMs: number): void {
    if (!this.#courses) return;
    const key = `${this.#run.instantKey(exactUntilMs)} ${this.#toHeal().join(" ")} ${ahead}`;
    for (const found of this.#courses.find(key)) {
      const restlessness = ahead === AT_END ? this.#restlessness : this.#restlessAlong(found);
      if (!restlessness) continue;
      this.#restlessness = restlessness;
      this.#joined = found;
      return;
    }
    const { decisions, changes, marks, phases } = this.#course;
    const stands = { reactions: this.reactions, events: this.events - this.#eventsAtStrike, atMs: this.#run.nowMs };
    marks.push({ key, ahead, decisions: decisions.length, changes: changes.length, phases: phases.mark(), ...stands });
  }

  /** How restless it is in the end if it goes along another one's course; undefined where it would not go all the way. */
  #restlessAlong({ course, mark }: Joined): Restlessness | undefined {
    const { phases } = course.waited!;
    const read = this.#run.outside();
    if (!course.phases.wouldBeFoundBy((cell) => read.get(cell), mark.phases, phases)) return undefined;
    const own = { restlessness: this.#restlessness, events: this.events - this.#eventsAtStrike };
    return restlessOn(course, mark, own, this.#limits);
  }

  /** Plays from after the last step to the end and judges. */
  finish(): Outcome {
    if (this.#courses) this.#marksAtMs = this.#nextMark();
    this.wait();
    this.#marksAtMs = Number.POSITIVE_INFINITY;
    if (!this.#joined && !this.boundReached) this.#meetOthers(AT_END, this.#run.nowMs);
    const joined = this.#joined;
    // Where a cluster is restless, what comes and goes is out or not as it happens.
    const lastsFromMs = this.restless === undefined ? 0 : this.#limits.patienceMs / 2;
    const lasted = this.#accounts.interruptions(joined, lastsFromMs);
    const settledAtMs = this.#accounts.settledAtMs(joined);
    const waited = joined ? joined.course.waited! : this.#endOfWait();
    const joinedAtEnd = joined?.mark.ahead === AT_END;
    const cutShort = joinedAtEnd ? this.cutShort : waited.cutShort;
    const waitedMs = waited.atMs - this.#startMs;
    const { end } = waited;
    const safety = joined ? firstBreaches(this.#accounts.brokenSafety(), waited.safety) : waited.safety;
    if (joined) this.#keepJoined(joined, { cutShort, safety });
    const judged = isJudged({ cutShort, boundReached: this.boundReached });
    const broken = brokenPromises({ lasted, isJudged: judged, safety, end, waitedMs, budgetMs: this.#limits.outageMs });
    return {
      schedule: {
        ...this.schedule,
        healedAtMs: waitedMs,
        repairs: end.repairs.map((repair) => ({ ...repair, atMs: waitedMs + repair.atMs })),
        endMs: waitedMs + end.lastedMs,
      },
      broken,
      exercised: end.exercised,
      interruptions: lasted,
      ...(settledAtMs !== undefined && { settledAfterMs: Math.max(0, settledAtMs - lastStepMs(this.schedule)) }),
      hadEffect: this.reactions > 0 || waited.reactions > (joined?.mark.reactions ?? 0),
      ...(this.restless !== undefined && { restless: this.restless }),
      cutShort,
      boundReached: this.boundReached,
      met: joined !== undefined,
      events: this.events,
    };
  }

  /** This timeline's own beginning and the rest of the one that it joined may be joined in turn. */
  #keepJoined(joined: Joined, judged: { cutShort: boolean; safety: readonly BrokenPromise[] }): void {
    const course = this.#course;
    course.goOnAlong(joined, this.events - this.#eventsAtStrike);
    const waited = joined.course.waited!;
    course.waited = {
      ...waited,
      ...judged,
      steady: this.#accounts.steady(joined),
      reactions: this.reactions + waited.reactions - joined.mark.reactions,
      phases: course.phases.mark(),
    };
    this.#courses?.keep(course);
  }

  #endOfWait(): NonNullable<Course["waited"]> {
    const { cutShort, reactions } = this;
    const steady = this.#accounts.steady(undefined);
    const safety = this.#accounts.brokenSafety();
    const phases = this.#course.phases.mark();
    const waited = { atMs: this.#run.nowMs, cutShort, steady, safety, reactions, phases };
    this.#course.waited = { ...waited, end: this.#judgeEnd() };
    if (!this.boundReached) this.#courses?.keep(this.#course);
    return this.#course.waited;
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

  #look(entry: TraceEntry): void {
    if (this.#healing) return;
    this.stages.look(entry, this.#startMs);
    if (this.#started && isReaction(entry)) this.reactions++;
    if (entry.kind === "decision") this.#decisions.push({ cluster: entry.subject, text: entry.text ?? "" });
    else if (entry.kind === "service" && this.#courses)
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

/** The mark at the end of the wait: whatever is ahead begins with the healing. */
const AT_END = "end";
