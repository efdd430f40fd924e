import { type Footprint, Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import { Accounts } from "./accounts.js";
import { brokenPromises } from "./broken.js";
import { Course, type End, type WaitPlayed } from "./course.js";
import { type Courses, nextMarkMs } from "./courses.js";
import type { Exercise } from "./exercise.js";
import { Foresight, type Whereabouts } from "./foresight.js";
import type { FaultInstance } from "./instances.js";
import type { Limits } from "./limits.js";
import { type Trail, trailOf } from "./meeting.js";
import { isJudged, type Outcome } from "./outcome.js";
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
  /** The wait is played to this moment, round after round, however restless a cluster is. */
  readonly throughoutMs?: number | undefined;
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
  /** What was decided in the present instant, by cluster. */
  #decisions: { readonly cluster: string; readonly text: string }[] = [];
  #started = false;
  #healing = false;
  readonly #foresight: Foresight;
  /** When this timeline is compared with others next. */
  #marksAtMs = Number.POSITIVE_INFINITY;
  /** Things take their course. */
  #waiting = false;
  readonly #throughoutMs: number | undefined;

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
    this.footprint = options.footprint;
    this.#throughoutMs = options.throughoutMs;
    const course = new Course();
    this.#run = new Run(from, {
      ...(this.footprint && { footprint: this.footprint }),
      onSend: options.unmarked ? undefined : parts.exercise.onSend,
      phaseLog: options.courses && course.phases,
      onTrace: (entry) => {
        this.#look(entry);
        if (!options.unmarked) parts.exercise.onTrace(entry);
      },
    });
    const { startMs, limits } = parts;
    this.#foresight = new Foresight({ run: this.#run, startMs, limits, course, courses: options.courses });
    this.#accounts = new Accounts(parts.twin, this.#run, startMs);
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
    return this.#foresight.restless;
  }

  freeze(): World {
    return this.#run.freeze();
  }

  strike(instance: number): void {
    const { fault, params, part } = this.#instances[instance]!;
    this.#shots.push({ instance, atMs: this.nowMs });
    this.#foresight.begin();
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
    this.#foresight.begin();
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
    return this.boundReached || (!this.#healing && (this.cutShort || this.#foresight.ahead !== undefined));
  }

  /** Lets things take their course after the last step; what then is not served does not come back by itself. */
  wait(): void {
    this.#waiting = true;
    this.advanceTo(this.#patienceEndMs());
    this.#waiting = false;
  }

  #patienceEndMs(): number {
    return this.#throughoutMs ?? patienceEndMs(this.schedule, this.#limits);
  }

  #whereabouts(): Whereabouts {
    const { nowMs, reactions } = this;
    const toHeal = this.#toHeal().join(" ");
    return { nowMs, untilMs: this.#patienceEndMs(), toHeal, events: this.#eventsSinceStrike, reactions };
  }

  get #eventsSinceStrike(): number {
    return this.events - this.#eventsAtStrike;
  }

  /** A restless cluster is left to itself until it goes round, and only as long as that is cheap. */
  #instantOfDecisionEnds(): void {
    const decisions = this.#decisions;
    this.#decisions = [];
    if (this.#healing) return;
    const again = this.#foresight.decided(decisions, this.#eventsSinceStrike);
    if (!this.#waiting || this.#throughoutMs !== undefined) return;
    this.#foresight.lookWhetherRound(again, this.#whereabouts());
    if (this.#foresight.isCutAt(this.#eventsSinceStrike)) this.cutShort = true;
  }

  #meetOthersAtMark(): void {
    this.#run.advanceTo(this.#marksAtMs);
    this.#foresight.meetOthers(this.#whereabouts());
    this.#marksAtMs = this.#nextMark();
  }

  /** After the next event; until then nothing changes. */
  #nextMark(): number {
    const { nextMs = Number.POSITIVE_INFINITY } = this.#run;
    return this.#startMs + nextMarkMs(nextMs - this.#startMs, lastStepMs(this.schedule));
  }

  /** Plays from after the last step to the end and judges. */
  finish(): Outcome {
    const foresight = this.#foresight;
    if (foresight.mayMeetOthers) this.#marksAtMs = this.#nextMark();
    this.wait();
    this.#marksAtMs = Number.POSITIVE_INFINITY;
    const { toHeal } = this.#whereabouts();
    const waited = foresight.waited(this.#waited());
    const { cutShort, recurs, safety } = waited;
    // Where a cluster is restless, what comes and goes is out or not as it happens.
    const lastsFromMs = this.restless === undefined ? 0 : this.#limits.patienceMs / 2;
    const { course, ahead = course.changes.length } = foresight;
    const lasted = this.#accounts.interruptions(waited.atMs, course, ahead, lastsFromMs);
    const known = this.boundReached ? undefined : foresight.endOf(toHeal);
    const end = known ?? this.#judgeEnd();
    if (!this.boundReached) foresight.keep({ ...waited, end }, toHeal);
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
      met: foresight.isMet,
      events: this.events,
    };
  }

  #waited(): WaitPlayed {
    const { nowMs: atMs, cutShort, reactions } = this;
    return { atMs, cutShort, reactions, steady: this.#accounts.steady(), safety: this.#accounts.brokenSafety() };
  }

  /** Heals, repairs and judges what comes of it, in times since the healing. */
  #judgeEnd(): End {
    const healedAtMs = this.nowMs;
    this.#healing = true;
    this.#foresight.course.phases.on = false;
    this.#foresight.begin();
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
    else if (entry.kind === "service")
      this.#foresight.course.changes.push({
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
