import { canonical } from "../../model/kernel/canonical.js";
import type { World } from "../../model/kernel/index.js";
import { hashText, mix } from "../../model/kernel/random.js";
import { changedCells, outTogether } from "./combine.js";
import { Courses } from "./course.js";
import { type Explorer, isImpossible } from "./explorer.js";
import { Findings, type FindingsData } from "./findings.js";
import type { Knowledge } from "./knowledge.js";
import {
  type Bits,
  meet,
  meetAtEnds,
  meetForUsers,
  promiseCells,
  type Touched,
  type Trail,
  trailOf,
  union,
} from "./meeting.js";
import type { Outcome } from "./outcome.js";
import type { Play } from "./player.js";
import { SERVED_AGAIN } from "./promise-names.js";
import { lastStepMs, type Schedule } from "./schedule.js";
import { momentsOf } from "./stages.js";

export interface CombineOptions {
  readonly faultsMax: number;
  readonly promises: readonly string[];
  readonly seed: number;
  /** The most timelines that one first fault may cost. */
  readonly worldsMax: number;
  /** Plays everything: no independence, no equal situations. For tests that hold the reductions against it. */
  readonly everything: boolean;
}

/** What became of the combinations that begin with one fault, by their number of faults. Data: it crosses threads. */
export interface CombinedCounts {
  readonly faults: number;
  total: number;
  run: number;
  /** The faults' runs do not meet: each goes as it went alone. */
  independent: number;
  /** The last fault meets the same situation as at an earlier moment, or changes nothing there. */
  equal: number;
  impossible: number;
  left: number;
}

export interface Combined {
  readonly counts: readonly CombinedCounts[];
  readonly findings: FindingsData;
  readonly worlds: number;
  readonly events: number;
  readonly boundsReached: number;
  /** Timelines whose wait ended early for a restless cluster. */
  readonly cutShort: number;
  /** Worlds met twice in one of these timelines: the rest of the timeline was known. */
  readonly met: number;
  /** Skipped combinations and joined timelines that were played in full after all, and those of them that came out otherwise, as sentences. */
  readonly checked: number;
  readonly disagreements: readonly string[];
}

/** A timeline that another fault may join: its worlds at its moments, and what it touches between them. */
interface Trunk {
  readonly schedule: Schedule;
  readonly momentsMs: readonly number[];
  readonly worlds: readonly World[];
  /** Up to each moment from the one before; the first is empty. */
  readonly segments: readonly Trail[];
  readonly touched: Touched;
  /** Where it stands when the patience ends. */
  readonly waited: World;
  readonly broken: readonly string[];
}

/** Every combination that begins with a given fault. */
export class Combinations {
  readonly #explorer: Explorer;
  readonly #knowledge: Knowledge;
  readonly #options: CombineOptions;
  readonly #apart: Bits;
  readonly #waited = new Map<number, World>();

  constructor(explorer: Explorer, knowledge: Knowledge, options: CombineOptions) {
    this.#explorer = explorer;
    this.#knowledge = knowledge;
    this.#options = options;
    this.#apart = promiseCells(explorer.settled.twin);
  }

  from(first: number): Combined {
    const work = new Work(this.#explorer, this.#knowledge, this.#options);
    const known = this.#knowledge[first];
    if (known) this.#extend(this.#trunk(first, known.momentsMs, known.touched, known.broken), work);
    return work.result();
  }

  #extend(trunk: Trunk, work: Work): void {
    const faults = trunk.schedule.shots.length + 1;
    const counts = work.countsOf(faults);
    const isLast = faults === this.#options.faultsMax;
    const last = trunk.schedule.shots[trunk.schedule.shots.length - 1]!.instance;
    for (const { index } of this.#explorer.instances) {
      if (trunk.schedule.shots.some(({ instance }) => instance === index)) continue;
      const known = this.#knowledge[index];
      // Two faults at one instant count once, in the vocabulary's order.
      const from = index > last ? 0 : 1;
      const moments = trunk.momentsMs.length - from;
      if (moments <= 0) continue;
      counts.total += moments;
      if (!known) {
        counts.impossible += moments;
        continue;
      }
      const everything = this.#options.everything || !isLast;
      if (!everything && !this.#meet(trunk.touched, known.touched)) {
        counts.independent += moments;
        this.#independent(trunk, index, from, work);
        continue;
      }
      let alike: Outcome | undefined;
      for (let at = from; at < trunk.momentsMs.length; at++) {
        const relevant = everything || at === from || meet(trunk.segments[at]!, known.touched, this.#apart);
        if (!relevant) {
          counts.equal++;
          if (alike && this.#isChecked(trunk, index, at)) this.#checkAlike(trunk, index, at, alike, work);
          continue;
        }
        if (!work.mayPlay()) {
          counts.left++;
          continue;
        }
        alike = this.#strike(trunk, index, at, work, counts, isLast) ?? alike;
      }
    }
  }

  /** With a budget of outages, how long users are out while neither run lasts counts as well. */
  #meet(a: Touched, b: Touched): boolean {
    if (meet(a, b, this.#apart)) return true;
    return this.#explorer.limits.outageMs !== undefined && meetForUsers(a, b);
  }

  /** Plays one combination; undefined where it came to nothing new. */
  #strike(
    trunk: Trunk,
    index: number,
    at: number,
    work: Work,
    counts: CombinedCounts,
    isLast: boolean,
  ): Outcome | undefined {
    const footprint = this.#explorer.footprint();
    const play = this.#explorer.play(trunk.worlds[at]!, trunk.schedule, { footprint });
    try {
      play.strike(index);
    } catch (error) {
      if (!isImpossible(error)) throw error;
      counts.impossible++;
      return undefined;
    }
    if (!this.#options.everything && footprint.writes.every((bits) => bits === 0)) {
      counts.equal++;
      return undefined;
    }
    counts.run++;
    if (isLast) {
      footprint.on = false;
      const outcome = work.finish(play);
      if (outcome.met && this.#isChecked(trunk, index, at + JOINED)) this.#checkJoined(trunk, index, at, outcome, work);
      return outcome;
    }
    const schedule = play.schedule;
    const struck = play.freeze();
    play.wait();
    const waited = play.freeze();
    const touched: Touched = {
      ...union([trunk.touched, trailOf(footprint)]),
      left: new Uint32Array(footprint.writes.length),
    };
    const left = changedCells(this.#explorer.settled.twin, this.#explorer.base, waited, touched.writes);
    const lastMs = lastStepMs(schedule);
    const spans = play.stages.spans.map(({ stage, firstMs, lastMs: endMs }) => ({
      stage,
      firstMs: firstMs - lastMs,
      lastMs: endMs - lastMs,
    }));
    const times = play.stages.entryTimesMs.map((ms) => ms - lastMs);
    const momentsMs = momentsOf(spans, times).map((ms) => ms + lastMs);
    const outcome = work.finish(play);
    const broken = outcome.broken.map(({ promise }) => promise);
    const { worlds, segments } = this.#walk(struck, schedule, momentsMs);
    this.#extend({ schedule, momentsMs, worlds, segments, touched: { ...touched, left }, waited, broken }, work);
    return outcome;
  }

  #trunk(first: number, momentsMs: readonly number[], touched: Touched, broken: readonly string[]): Trunk {
    const play = this.#explorer.play(this.#explorer.base);
    play.strike(first);
    const { schedule } = play;
    const { worlds, segments, waited } = this.#walk(play.freeze(), schedule, momentsMs);
    return { schedule, momentsMs, worlds, segments, touched, waited, broken };
  }

  /** Walks a timeline again from its last strike, with the worlds at its moments and what it touches in between. */
  #walk(from: World, schedule: Schedule, momentsMs: readonly number[]) {
    const worlds: World[] = [];
    const segments: Trail[] = [];
    let play = this.#explorer.play(from, schedule, { footprint: this.#explorer.footprint() });
    for (const atMs of momentsMs) {
      play.advanceTo(atMs);
      const world = play.freeze();
      worlds.push(world);
      segments.push(trailOf(play.footprint!));
      play = this.#explorer.play(world, schedule, { footprint: this.#explorer.footprint() });
    }
    play.wait();
    return { worlds, segments, waited: play.freeze() };
  }

  /** Nothing to play; but what users get may rest on both. And now and then it is played after all, to be sure. */
  #independent(trunk: Trunk, index: number, from: number, work: Work): void {
    const { settled } = this.#explorer;
    const known = this.#knowledge[index]!;
    let expected = [...new Set([...trunk.broken, ...known.broken])];
    if (meetAtEnds(trunk.touched, known.touched)) {
      const out = outTogether(settled.twin, trunk.waited, this.#waitedOf(index), known.touched.left);
      const more = [...out].map((name) => `${SERVED_AGAIN}/${name}`).filter((promise) => !expected.includes(promise));
      if (more.length > 0) {
        const play = this.#explorer.play(trunk.worlds[from]!, trunk.schedule);
        play.strike(index);
        work.finish(play);
        expected = [...expected, ...more];
      }
    }
    const at = from + (this.#hash(trunk, index, 0) % (trunk.momentsMs.length - from));
    if (!this.#isChecked(trunk, index, 0)) return;
    const play = this.#explorer.play(trunk.worlds[at]!, trunk.schedule);
    try {
      play.strike(index);
    } catch (error) {
      if (!isImpossible(error)) throw error;
      return;
    }
    work.check(play, expected);
  }

  #checkAlike(trunk: Trunk, index: number, at: number, alike: Outcome, work: Work): void {
    const play = this.#explorer.play(trunk.worlds[at]!, trunk.schedule);
    try {
      play.strike(index);
    } catch (error) {
      if (!isImpossible(error)) throw error;
      return;
    }
    work.check(
      play,
      alike.broken.map(({ promise }) => promise),
    );
  }

  /** The rest of the timeline was known from another one: played in full it must come to the same. */
  #checkJoined(trunk: Trunk, index: number, at: number, joined: Outcome, work: Work): void {
    const play = this.#explorer.play(trunk.worlds[at]!, trunk.schedule);
    play.strike(index);
    work.checkJoined(play, joined);
  }

  /** A seeded hundredth of what is skipped. */
  #isChecked(trunk: Trunk, index: number, at: number): boolean {
    return this.#hash(trunk, index, at + 1) % 100 === 0;
  }

  #hash({ schedule }: Trunk, index: number, salt: number): number {
    const shots = schedule.shots.map(({ instance, atMs }) => `${instance}@${atMs}`).join(" ");
    return mix(mix(this.#options.seed, hashText(`${shots} ${index}`)), salt) >>> 0;
  }

  /** Where a single fault's run stands when the patience ends. */
  #waitedOf(index: number): World {
    let world = this.#waited.get(index);
    if (!world) {
      const play = this.#explorer.play(this.#explorer.base);
      play.strike(index);
      play.wait();
      world = play.freeze();
      this.#waited.set(index, world);
    }
    return world;
  }
}

/** Keeps the choice of joined timelines to check apart from that of skipped ones. */
const JOINED = 1_000_000;

/** One first fault's timelines: counted, bounded, and what they found. */
class Work {
  readonly #explorer: Explorer;
  readonly #knowledge: Knowledge;
  readonly #options: CombineOptions;
  readonly #findings: Findings;
  readonly #counts = new Map<number, CombinedCounts>();
  readonly #courses = new Courses();
  #worlds = 0;
  #events = 0;
  #boundsReached = 0;
  #cutShort = 0;
  #met = 0;
  #checked = 0;
  readonly #disagreements: string[] = [];

  constructor(explorer: Explorer, knowledge: Knowledge, options: CombineOptions) {
    this.#explorer = explorer;
    this.#knowledge = knowledge;
    this.#options = options;
    this.#findings = new Findings(explorer.instances, options.promises);
  }

  countsOf(faults: number): CombinedCounts {
    let counts = this.#counts.get(faults);
    if (!counts) {
      counts = { faults, total: 0, run: 0, independent: 0, equal: 0, impossible: 0, left: 0 };
      this.#counts.set(faults, counts);
    }
    return counts;
  }

  mayPlay(): boolean {
    return this.#worlds < this.#options.worldsMax;
  }

  finish(play: Play): Outcome {
    const outcome = play.finish(this.#options.everything ? undefined : this.#courses);
    this.#worlds++;
    this.#events += outcome.events;
    if (outcome.boundReached) this.#boundsReached++;
    if (outcome.cutShort) this.#cutShort++;
    if (outcome.met) this.#met++;
    // What a fault breaks alone is known; a combination tells of what only it breaks.
    const broken = outcome.broken.filter(
      ({ promise }) =>
        !outcome.schedule.shots.some(({ instance }) => this.#knowledge[instance]?.broken.includes(promise)),
    );
    this.#findings.add({ ...outcome, broken });
    return outcome;
  }

  /** Plays what was skipped; a promise that breaks against expectation is a finding and a disagreement. */
  check(play: Play, expected: readonly string[]): void {
    this.#checked++;
    const outcome = this.finish(play);
    if (outcome.cutShort || outcome.boundReached) return;
    const more = outcome.broken.find(({ promise }) => !expected.includes(promise));
    if (!more) return;
    this.#disagree(outcome, more.promise);
  }

  checkJoined(play: Play, joined: Outcome): void {
    this.#checked++;
    const played = play.finish();
    this.#events += played.events;
    const told = (one: Outcome) => canonical([one.broken, one.interruptions, one.cutShort, one.schedule.repairs]);
    if (told(played) !== told(joined)) this.#disagree(played, "it was taken for a timeline that goes otherwise");
  }

  #disagree({ schedule: { shots } }: Outcome, what: string): void {
    const text = shots.map(({ instance, atMs }) => `${this.#explorer.instances[instance]!.text} at ${atMs} ms`);
    this.#disagreements.push(`${text.join(", ")}: ${what}`);
  }

  result(): Combined {
    return {
      counts: [...this.#counts.values()],
      findings: this.#findings.data(),
      worlds: this.#worlds,
      events: this.#events,
      boundsReached: this.#boundsReached,
      cutShort: this.#cutShort,
      met: this.#met,
      checked: this.#checked,
      disagreements: this.#disagreements,
    };
  }
}
