import type { Cell, Run } from "../../model/kernel/index.js";
import { type Outage, outageMs } from "../../model/promises/index.js";
import type { Twin } from "../../model/twin/twin.js";
import { type Course, outageOn } from "./course.js";
import type { BrokenPromise, Interruption } from "./outcome.js";

/** What a timeline tells of services and promises, looked at from outside. Times are since the first fault. */
export class Accounts {
  readonly #promises: Twin["promises"];
  readonly #run: Run;
  readonly #startMs: number;

  constructor({ promises }: Twin, run: Run, startMs: number) {
    this.#promises = promises;
    this.#run = run;
    this.#startMs = startMs;
  }

  /**
   * How long each service and journey is out until a moment, when what the course knows from its change `ahead` on has
   * come, too; it lasts where it is out then, and has been for `lastsFromMs`.
   */
  interruptions(untilMs: number, course: Course, ahead: number, lastsFromMs: number): readonly Interruption[] {
    const found: Interruption[] = [];
    for (const [name, cell] of this.#promises.outages) {
      const outage = this.#outageOf(name, cell, course, ahead);
      const totalMs = outageMs(outage, this.#startMs + untilMs);
      const outMs = outage.outSinceMs === undefined ? 0 : this.#startMs + untilMs - outage.outSinceMs;
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

  #outageOf(name: string, cell: Cell<Outage>, course: Course, ahead: number): Outage {
    const read = this.#run.outside();
    const outage = read.get(cell);
    if (!read.get(this.#promises.expected).includes(name)) return outage;
    return outageOn(course, ahead, name, outage);
  }

  /** Whether everything is served and settled, and since when. */
  steady(): { readonly holds: boolean; readonly sinceMs: number } {
    const { holds, sinceMs } = this.#run.outside().get(this.#promises.steady);
    return { holds, sinceMs: sinceMs - this.#startMs };
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
