import { InputError } from "../../model/errors.js";
import { Footprint, type World } from "../../model/kernel/index.js";
import type { SettledTwin } from "../runner/prepare.js";
import { armedWorld } from "./armed-world.js";
import { changedCells } from "./combine.js";
import { Courses } from "./courses.js";
import { Exercise } from "./exercise.js";
import { type FaultInstance, instancesOf } from "./instances.js";
import type { Limits } from "./limits.js";
import { type Bits, meet, promiseCells, type Touched, type Trail, trailOf } from "./meeting.js";
import { brokenNames, isJudged, type Outcome } from "./outcome.js";
import { Play, type PlayOptions } from "./player.js";
import type { Schedule } from "./schedule.js";
import { SecondLook } from "./second-look.js";
import { momentsOf } from "./stages.js";
import { StampedFootprint, type Stamps } from "./stamps.js";

/** Plays schedules from one settled world. Each thread has one of its own; all of them play alike. */
export class Explorer {
  readonly settled: SettledTwin;
  readonly instances: readonly FaultInstance[];
  readonly withoutPlace: readonly string[];
  readonly limits: Limits;
  readonly base: World;
  readonly exercise: Exercise;
  /** Cells in which two runs may meet all the same; see `meet`. */
  readonly apart: Bits;
  readonly #seed: number;
  readonly #ends: ReadonlySet<number>;

  constructor(settled: SettledTwin, limits: Limits, seed: number, faultNames: readonly string[] = []) {
    this.settled = settled;
    this.limits = limits;
    const { instances, withoutPlace } = instancesOf(settled.twin.topology, faultNames);
    this.instances = instances;
    this.withoutPlace = withoutPlace;
    this.base = armedWorld(settled).withSeed(seed);
    this.exercise = new Exercise(settled.twin, this.base);
    this.#seed = seed;
    this.#ends = endObservers(settled);
    this.apart = promiseCells(settled.twin);
  }

  footprint(): Footprint {
    return new Footprint(this.settled.twin.blueprint.cells.length, this.#ends);
  }

  /** When a timeline touches what, from a world or a strike in it until the patience ends, and where it stands then. */
  stamped(from: World, schedule?: Schedule, strike?: number): { readonly stamps: Stamps; readonly waited: World } {
    const { cells } = this.settled.twin.blueprint;
    const footprint = new StampedFootprint(cells.length, this.#ends, this.apart, this.base.nowMs);
    const play = this.play(from, schedule, { footprint, unmarked: true });
    if (strike !== undefined) play.strike(strike);
    play.wait();
    return { stamps: footprint.stamps, waited: play.freeze() };
  }

  /** A timeline that goes on from a world; what it puts to use is marked. */
  play(from: World, before?: Schedule, options?: PlayOptions): Play {
    const { settled, limits, instances, base, exercise } = this;
    exercise.begin();
    return new Play({ twin: settled.twin, limits, instances, startMs: base.nowMs, exercise }, from, before, options);
  }

  /** One fault alone, from beginning to end; undefined where it cannot strike in the settled world. */
  single(instance: number): SinglePlayed | undefined {
    const footprint = this.footprint();
    const play = this.play(this.base, undefined, { footprint });
    try {
      play.strike(instance);
    } catch (error) {
      if (isImpossible(error)) return undefined;
      throw error;
    }
    play.wait();
    const waited = play.freeze();
    const outcome = play.finish();
    const { spans, entryTimesMs } = play.stages;
    const trail = trailOf(footprint);
    const left = changedCells(this.settled.twin, this.base, waited, trail.writes);
    return {
      outcome,
      momentsMs: momentsOf(spans, entryTimesMs),
      touched: { ...trail, left },
    };
  }

  /**
   * Walks a timeline again from its last strike: its worlds at its moments, and what it touches in the last millisecond
   * before those that come a millisecond after another one.
   */
  walk(from: World, schedule: Schedule, momentsMs: readonly number[]) {
    const worlds: World[] = [];
    const between: (Trail | undefined)[] = [];
    let world = from;
    for (const [i, atMs] of momentsMs.entries()) {
      const footprint = isNext(momentsMs, i) ? this.footprint() : undefined;
      const play = this.play(world, schedule, { unmarked: true, ...(footprint && { footprint }) });
      play.advanceTo(atMs);
      world = play.freeze();
      worlds.push(world);
      between.push(footprint && trailOf(footprint));
    }
    return { worlds, between };
  }

  /**
   * A fault that is gone by itself at each of its moments. Where that changes nothing, all goes on as it does while the
   * fault lasts, and is known; where it would have done the same a millisecond earlier, that stands for both.
   */
  healedAt(instance: number, momentsMs: readonly number[]): Healed {
    const courses = new Courses();
    const look = new SecondLook(this.#seed, this.instances);
    const outcomes: Outcome[] = [];
    let equal = 0;
    const trunk = this.play(this.base);
    trunk.strike(instance);
    const { schedule } = trunk;
    const { worlds, between } = this.walk(trunk.freeze(), schedule, momentsMs);
    const heal = (at: number, options: PlayOptions) => {
      const play = this.play(worlds[at]!, schedule, options);
      return { play, changes: play.healFirst() };
    };
    // What its end came to at the moment before.
    let before: Outcome | undefined;
    for (let at = 1; at < momentsMs.length; at++) {
      const touched = before && between[at];
      const { play, changes } = heal(at, { courses, ...(touched && { footprint: this.footprint() }) });
      if (!changes) {
        equal++;
        before = undefined;
        continue;
      }
      if (touched && !meet(touched, play.atOnce(), this.apart)) {
        if (isJudged(before!) && look.isDue("alike", play.schedule)) {
          const outcome = heal(at, {}).play.finish();
          look.breaksNoMore(outcome, brokenNames(before!));
          outcomes.push(outcome);
        } else equal++;
        continue;
      }
      if (play.footprint) play.footprint.on = false;
      before = play.finish();
      if (before.met && look.isDue("joined", play.schedule)) look.isSame(heal(at, {}).play.finish(), before);
      if (before.recurs && look.isDue("rounds", play.schedule))
        look.goesRound(heal(at, { throughoutMs: before.schedule.healedAtMs }).play.finish(), before);
      outcomes.push(before);
    }
    return { outcomes, equal, checked: look.checked, disagreements: look.disagreements };
  }
}

/** A moment that comes a millisecond after the one before. */
function isNext(momentsMs: readonly number[], at: number): boolean {
  return at > 0 && momentsMs[at]! - momentsMs[at - 1]! === 1;
}

/** What came of one fault's own end at its moments. */
export interface Healed {
  readonly outcomes: readonly Outcome[];
  /** At so many moments the end of the fault changes nothing, or does what it would have done just before. */
  readonly equal: number;
  /** Of what was not played, or not to its end: played in full all the same, and what came out otherwise. */
  readonly checked: number;
  readonly disagreements: readonly string[];
}

export interface SinglePlayed {
  readonly outcome: Outcome;
  readonly momentsMs: readonly number[];
  readonly touched: Touched;
}

/** A fault can be impossible where another one was first: a unit to kill on a node that is off. */
export function isImpossible(error: unknown): boolean {
  return error instanceof RangeError || error instanceof InputError;
}

/** Observers whose results only the accounts of promises rest on: what users get, and how long they did not. */
function endObservers({ twin }: SettledTwin): ReadonlySet<number> {
  const names = new Set(["promise/steady"]);
  for (const name of twin.promises.outages.keys()) {
    names.add(name);
    names.add(`outage/${name}`);
  }
  return new Set(twin.blueprint.watchers.filter(({ name }) => names.has(name)).map(({ index }) => index));
}
