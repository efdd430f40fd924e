import type { Outcome } from "./outcome.js";
import type { CombinationCounts } from "./report.js";
import type { Combined } from "./work.js";

export type MutableCounts = { -readonly [K in keyof CombinationCounts]: CombinationCounts[K] };

/** Counts what was played and what was not, so that nothing is left out in silence. */
export class Tally {
  worlds = 0;
  events = 0;
  boundsReached = 0;
  /** Timelines whose wait ended early for a restless cluster. */
  cutShort = 0;
  /** Timelines that went round: a round stands for what comes after it. */
  recurring = 0;
  /** Timelines whose end was known from another that came to the same world. */
  met = 0;
  checked = 0;
  /** Units that nobody played. */
  missing = 0;
  readonly disagreements: string[] = [];
  readonly combinations: MutableCounts[] = [];

  of(faults: number, what: string): MutableCounts {
    let counts = this.combinations.find((one) => one.faults === faults && one.what === what);
    if (!counts) {
      counts = { faults, what, total: 0, run: 0, independent: 0, equal: 0, impossible: 0, left: 0 };
      this.combinations.push(counts);
    }
    return counts;
  }

  played({ events, boundReached, cutShort, recurs, met }: Outcome): void {
    this.worlds++;
    if (met) this.met++;
    this.events += events;
    if (boundReached) this.boundsReached++;
    if (cutShort) this.cutShort++;
    if (recurs) this.recurring++;
  }

  looked({ checked, disagreements }: Pick<Combined, "checked" | "disagreements">): void {
    this.checked += checked;
    this.disagreements.push(...disagreements);
  }

  combined({ counts, worlds, events, boundsReached, cutShort, recurring, met, ...looked }: Combined): void {
    for (const one of counts) {
      const all = this.of(one.faults, `${one.faults} faults, in every order`);
      for (const key of ["total", "run", "independent", "equal", "impossible", "left"] as const) all[key] += one[key];
    }
    this.worlds += worlds;
    this.events += events;
    this.boundsReached += boundsReached;
    this.cutShort += cutShort;
    this.recurring += recurring;
    this.met += met;
    this.looked(looked);
  }

  get left(): number {
    return this.combinations.reduce((sum, { left }) => sum + left, 0);
  }
}
