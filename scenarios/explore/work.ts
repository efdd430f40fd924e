import { Courses } from "./courses.js";
import { Findings, type FindingsData } from "./findings.js";
import type { FaultInstance } from "./instances.js";
import type { Knowledge } from "./knowledge.js";
import type { Outcome } from "./outcome.js";
import type { Play } from "./player.js";
import { SecondLook } from "./second-look.js";

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
  /** Timelines that went round. */
  readonly recurring: number;
  /** Worlds met twice in one of these timelines: the rest of the timeline was known. */
  readonly met: number;
  /** Skipped combinations and joined timelines that were played in full after all, and those of them that came out otherwise, as sentences. */
  readonly checked: number;
  readonly disagreements: readonly string[];
}

/** One first fault's timelines: counted, bounded, and what they found. */
export class Work {
  readonly #knowledge: Knowledge;
  readonly #options: CombineOptions;
  readonly #findings: Findings;
  readonly #counts = new Map<number, CombinedCounts>();
  readonly courses: Courses | undefined;
  #worlds = 0;
  #events = 0;
  #boundsReached = 0;
  #cutShort = 0;
  #recurring = 0;
  #met = 0;
  readonly look: SecondLook;

  constructor(instances: readonly FaultInstance[], knowledge: Knowledge, options: CombineOptions) {
    this.#knowledge = knowledge;
    this.#options = options;
    this.#findings = new Findings(instances, options.promises);
    this.courses = options.everything ? undefined : new Courses();
    this.look = new SecondLook(options.seed, instances);
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
    const outcome = play.finish();
    this.#worlds++;
    this.#events += outcome.events;
    if (outcome.boundReached) this.#boundsReached++;
    if (outcome.cutShort) this.#cutShort++;
    if (outcome.recurs) this.#recurring++;
    if (outcome.met) this.#met++;
    // What a fault breaks alone is known; a combination tells of what only it breaks.
    const broken = outcome.broken.filter(
      ({ promise }) =>
        !outcome.schedule.shots.some(({ instance }) => this.#knowledge[instance]?.broken.includes(promise)),
    );
    this.#findings.add({ ...outcome, broken });
    return outcome;
  }

  /** Plays once more what is counted already. */
  repeat(play: Play): Outcome {
    const outcome = play.finish();
    this.#events += outcome.events;
    return outcome;
  }

  result(): Combined {
    return {
      counts: [...this.#counts.values()],
      findings: this.#findings.data(),
      worlds: this.#worlds,
      events: this.#events,
      boundsReached: this.#boundsReached,
      cutShort: this.#cutShort,
      recurring: this.#recurring,
      met: this.#met,
      checked: this.look.checked,
      disagreements: this.look.disagreements,
    };
  }
}
