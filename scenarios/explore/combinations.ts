import type { World } from "../../model/kernel/index.js";
import { changedCells, outTogether } from "./combine.js";
import { type Explorer, isImpossible } from "./explorer.js";
import type { Knowledge } from "./knowledge.js";
import { meet, meetAtEnds, meetForUsers, type Touched, trailOf, union } from "./meeting.js";
import { brokenNames, isJudged, type Outcome } from "./outcome.js";
import type { Play, PlayOptions } from "./player.js";
import { SERVED_AGAIN } from "./promise-names.js";
import { lastStepMs, type Schedule } from "./schedule.js";
import { momentsOf } from "./stages.js";
import { type Stamps, situationsApart } from "./stamps.js";
import { type Combined, type CombinedCounts, type CombineOptions, Work } from "./work.js";

/** A timeline that another fault may join: its worlds at its moments, and when it touches what. */
interface Trunk {
  readonly schedule: Schedule;
  readonly momentsMs: readonly number[];
  readonly worlds: readonly World[];
  readonly stamps: Stamps;
  readonly touched: Touched;
  /** Where it stands when the patience ends. */
  readonly waited: World;
  readonly broken: readonly string[];
}

/** A fault that strikes on the way of a trunk. */
interface Strike {
  readonly trunk: Trunk;
  readonly index: number;
  /** Which of the trunk's moments. */
  readonly at: number;
  readonly counts: CombinedCounts;
  readonly isLast: boolean;
}

/** Every combination that begins with a given fault. */
export class Combinations {
  readonly #explorer: Explorer;
  readonly #knowledge: Knowledge;
  readonly #options: CombineOptions;
  readonly #alone = new Map<number, { readonly stamps: Stamps; readonly waited: World }>();

  constructor(explorer: Explorer, knowledge: Knowledge, options: CombineOptions) {
    this.#explorer = explorer;
    this.#knowledge = knowledge;
    this.#options = options;
  }

  from(first: number): Combined {
    const work = new Work(this.#explorer.instances, this.#knowledge, this.#options);
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
      const apart = everything
        ? undefined
        : situationsApart(trunk.stamps, this.#aloneOf(index).stamps, trunk.momentsMs);
      // What it came to at the moment before.
      let before: Outcome | undefined;
      for (let at = from; at < trunk.momentsMs.length; at++) {
        if (at > from && apart && !apart[at]) {
          counts.equal++;
          if (before) this.#alike(trunk, index, at, before, work);
        } else if (work.mayPlay()) before = this.#strike({ trunk, index, at, counts, isLast }, work);
        else {
          counts.left++;
          before = undefined;
        }
      }
    }
  }

  /** With a budget of outages, how long users are out while neither run lasts counts as well. */
  #meet(a: Touched, b: Touched): boolean {
    if (meet(a, b, this.#explorer.apart)) return true;
    return this.#explorer.limits.outageMs !== undefined && meetForUsers(a, b);
  }

  /** Plays one combination; undefined where it came to nothing new. */
  #strike({ trunk, index, at, counts, isLast }: Strike, work: Work): Outcome | undefined {
    const footprint = this.#explorer.footprint();
    const { courses } = work;
    const play = this.#explorer.play(trunk.worlds[at]!, trunk.schedule, { footprint, courses });
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
      this.#lookAgain(trunk, index, at, outcome, work);
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
    const broken = brokenNames(outcome);
    const { worlds } = this.#explorer.walk(struck, schedule, momentsMs);
    const { stamps } = this.#explorer.stamped(struck, schedule);
    this.#extend({ schedule, momentsMs, worlds, stamps, touched: { ...touched, left }, waited, broken }, work);
    return outcome;
  }

  #trunk(first: number, momentsMs: readonly number[], touched: Touched, broken: readonly string[]): Trunk {
    const play = this.#explorer.play(this.#explorer.base);
    play.strike(first);
    const { schedule } = play;
    const { worlds } = this.#explorer.walk(play.freeze(), schedule, momentsMs);
    return { schedule, momentsMs, worlds, touched, broken, ...this.#aloneOf(first) };
  }

  /** Nothing to play; but what users get may rest on both. And now and then it is played after all, to be sure. */
  #independent(trunk: Trunk, index: number, from: number, work: Work): void {
    const { settled } = this.#explorer;
    const known = this.#knowledge[index]!;
    let expected = [...new Set([...trunk.broken, ...known.broken])];
    if (meetAtEnds(trunk.touched, known.touched)) {
      const out = outTogether(settled.twin, trunk.waited, this.#aloneOf(index).waited, known.touched.left);
      const more = [...out].map((name) => `${SERVED_AGAIN}/${name}`).filter((promise) => !expected.includes(promise));
      if (more.length > 0) {
        const play = this.#explorer.play(trunk.worlds[from]!, trunk.schedule);
        play.strike(index);
        work.finish(play);
        expected = [...expected, ...more];
      }
    }
    if (!work.look.isDue("independent", trunk.schedule, String(index))) return;
    const at = from + (work.look.number("moment", trunk.schedule, String(index)) % (trunk.momentsMs.length - from));
    this.#playInFull(trunk, index, at, (play) => work.look.breaksNoMore(work.finish(play), expected));
  }

  /** It comes to what it came to at the moment before. */
  #alike(trunk: Trunk, index: number, at: number, before: Outcome, work: Work): void {
    if (!isJudged(before) || !work.look.isDue("alike", trunk.schedule, `${index}@${trunk.momentsMs[at]}`)) return;
    this.#playInFull(trunk, index, at, (play) => work.look.breaksNoMore(work.finish(play), brokenNames(before)));
  }

  /** Now and then what was known from another timeline, or from a few rounds, is played to its end. */
  #lookAgain(trunk: Trunk, index: number, at: number, outcome: Outcome, work: Work): void {
    const { look } = work;
    if (outcome.met && look.isDue("joined", outcome.schedule))
      this.#playInFull(trunk, index, at, (play) => look.isSame(work.repeat(play), outcome));
    if (outcome.recurs && look.isDue("rounds", outcome.schedule))
      this.#playInFull(trunk, index, at, (play) => look.goesRound(work.repeat(play), outcome), {
        throughoutMs: outcome.schedule.healedAtMs,
      });
  }

  #playInFull(trunk: Trunk, index: number, at: number, look: (play: Play) => void, options: PlayOptions = {}): void {
    const play = this.#explorer.play(trunk.worlds[at]!, trunk.schedule, options);
    try {
      play.strike(index);
    } catch (error) {
      if (!isImpossible(error)) throw error;
      return;
    }
    look(play);
  }

  /** When a single fault's run touches what, and where it stands when the patience ends. */
  #aloneOf(index: number): { readonly stamps: Stamps; readonly waited: World } {
    let alone = this.#alone.get(index);
    if (!alone) {
      alone = this.#explorer.stamped(this.#explorer.base, undefined, index);
      this.#alone.set(index, alone);
    }
    return alone;
  }
}
