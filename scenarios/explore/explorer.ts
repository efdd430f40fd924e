import { InputError } from "../../model/errors.js";
import { Footprint, type TraceEntry, type World } from "../../model/kernel/index.js";
import type { SettledTwin } from "../runner/prepare.js";
import { armedWorld } from "./armed-world.js";
import { changedCells } from "./combine.js";
import { Courses } from "./course.js";
import { Exercise } from "./exercise.js";
import { type FaultInstance, instancesOf } from "./instances.js";
import type { Limits } from "./limits.js";
import { type Bits, type Touched, trailOf } from "./meeting.js";
import type { Outcome } from "./outcome.js";
import { Play, type PlayOptions } from "./player.js";
import type { Schedule } from "./schedule.js";
import { momentsOf } from "./stages.js";

/** Plays schedules from one settled world. Each thread has one of its own; all of them play alike. */
export class Explorer {
  readonly settled: SettledTwin;
  readonly instances: readonly FaultInstance[];
  readonly withoutPlace: readonly string[];
  readonly limits: Limits;
  readonly base: World;
  readonly exercise: Exercise;
  readonly #ends: ReadonlySet<number>;

  constructor(settled: SettledTwin, limits: Limits, seed: number, faultNames: readonly string[] = []) {
    this.settled = settled;
    this.limits = limits;
    const { instances, withoutPlace } = instancesOf(settled.twin.topology, faultNames);
    this.instances = instances;
    this.withoutPlace = withoutPlace;
    this.base = armedWorld(settled).withSeed(seed);
    this.exercise = new Exercise(settled.twin, this.base);
    this.#ends = endObservers(settled);
  }

  footprint(): Footprint {
    return new Footprint(this.settled.twin.blueprint.cells.length, this.#ends);
  }

  play(from: World, before?: Schedule, options?: PlayOptions): Play {
    const { settled, limits, instances, base } = this;
    return new Play({ twin: settled.twin, limits, instances, startMs: base.nowMs }, from, before, options);
  }

  /** One fault alone, from beginning to end; undefined where it cannot strike in the settled world. */
  single(instance: number): SinglePlayed | undefined {
    const footprint = this.footprint();
    const { exercise } = this;
    exercise.take();
    const onTrace = (entry: TraceEntry) => exercise.look(entry);
    const play = this.play(this.base, undefined, { footprint, onTrace, onSend: exercise.onSend });
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
      exercised: exercise.take(),
    };
  }

  /** The worlds of a fault's own run at its moments; the first is the settled world itself, before it strikes. */
  worldsAt(instance: number, momentsMs: readonly number[]): readonly World[] {
    const play = this.play(this.base);
    const worlds: World[] = [];
    play.strike(instance);
    for (const atMs of momentsMs) {
      if (atMs > 0) play.advanceTo(atMs);
      worlds.push(play.freeze());
    }
    return worlds;
  }

  /**
   * A fault that is gone by itself at each of its moments. Where that changes nothing, all goes on as it does while the
   * fault lasts, and is known.
   */
  healedAt(instance: number, momentsMs: readonly number[]): Healed {
    const courses = new Courses();
    const outcomes: Outcome[] = [];
    let equal = 0;
    for (const [i, world] of this.worldsAt(instance, momentsMs).entries()) {
      if (momentsMs[i] === 0) continue;
      const play = this.play(world, { shots: [{ instance, atMs: 0 }] });
      if (play.healFirst()) outcomes.push(play.finish(courses));
      else equal++;
    }
    return { outcomes, equal };
  }
}

/** What came of one fault's own end at its moments. */
export interface Healed {
  readonly outcomes: readonly Outcome[];
  /** At so many moments the end of the fault changes nothing. */
  readonly equal: number;
}

export interface SinglePlayed {
  readonly outcome: Outcome;
  readonly momentsMs: readonly number[];
  readonly touched: Touched;
  /** Marks of the model and the configuration that it put to use. */
  readonly exercised: Bits;
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
