import type { Cell, Run } from "../../model/kernel/index.js";
import { type Outage, outageMs } from "../../model/promises/index.js";
import type { Twin } from "../../model/twin/twin.js";
import { type Joined, outageOn } from "./course.js";
import type { BrokenPromise, Interruption } from "./outcome.js";

/**
 * What a timeline tells of services and promises, looked at from outside; where it joined another one's course, along
 * that one's wait. Times are since the first fault.
 */
export class Accounts {
  readonly #promises: Twin["promises"];
  readonly #run: Run;
  readonly #startMs: number;

  constructor({ promises }: Twin, run: Run, startMs: number) {
    this.#promises = promises;
    this.#run = run;
    this.#startMs = startMs;
  }

  /** How long each service and journey was out so far; it lasts where it is still out, and has been for `lastsFromMs`. */
  interruptions(joined: Joined | undefined, lastsFromMs: number): readonly Interruption[] {
    const found: Interruption[] = [];
    const nowMs = joined ? joined.course.waited!.atMs : this.#run.nowMs;
    for (const [name, cell] of this.#promises.outages) {
      const outage = this.#outageOf(name, cell, joined);
      const totalMs = outageMs(outage, nowMs);
      const outMs = outage.outSinceMs === undefined ? 0 : nowMs - outage.outSinceMs;
      if (totalMs > 0)
        found.push({
          service: name,
          totalMs,
          longestMs: Math.max(outage.longestMs, outMs),
          lasts: outMs > 0 && outMs >= lastsFromMs,
        });
    }
    return found;
  }

  #outageOf(name: string, cell: Cell<Outage>, joined: Joined | undefined): Outage {
    const read = this.#run.outside();
    const outage = read.get(cell);
    if (!joined || !read.get(this.#promises.expected).includes(name)) return outage;
    return outageOn(joined.course, joined.mark, name, outage);
  }

  /** Whether everything is served and settled, and since when on the world's clock. */
  steady(joined: Joined | undefined): { readonly holds: boolean; readonly sinceMs: number } {
    const own = this.#run.outside().get(this.#promises.steady);
    if (!joined) return own;
    const { steady } = joined.course.waited!;
    return steady.sinceMs > joined.mark.atMs ? steady : own;
  }

  /** Since when everything is served and settled; undefined where it is not. */
  settledAtMs(joined: Joined | undefined): number | undefined {
    const { holds, sinceMs } = this.steady(joined);
    return holds ? sinceMs - this.#startMs : undefined;
  }

  /** Everything is served and settled at this very moment. */
  isSteady(): boolean {
    return this.#promises.unsteady(this.#run.outside()).length === 0;
  }

  /** Promises about decisions and harm that are broken by now. */
  brokenSafety(): readonly BrokenPromise[] {
    const read = this.#run.outside();
    return this.#promises.promises.flatMap(({ name, cell }) => {
      const { broken, atMs } = read.get(cell);
      return broken ? [{ promise: name, atMs: (atMs ?? this.#startMs) - this.#startMs }] : [];
    });
  }

  /** Promises about decisions that were put to the test by now. */
  exercisedSafety(): readonly string[] {
    const read = this.#run.outside();
    return this.#promises.promises.flatMap(({ name, cell }) => (read.get(cell).exercised ? [name] : []));
  }
}
