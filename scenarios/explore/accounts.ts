import type { Run } from "../../model/kernel/index.js";
import { type Outage, outageMs } from "../../model/promises/index.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Course } from "./course.js";
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
    const nowMs = this.#startMs + untilMs;
    for (const [service, outage] of this.#outages(course, ahead)) {
      const totalMs = outageMs(outage, nowMs);
      const outMs = outage.outSinceMs === undefined ? 0 : nowMs - outage.outSinceMs;
      if (totalMs > 0)
        found.push({
          service,
          totalMs,
          longestMs: Math.max(outage.longestMs, outMs),
          lasts: outMs > 0 && outMs >= lastsFromMs,
        });
    }
    return found;
  }

  /** Of those that are expected to be served. */
  #outages(course: Course, ahead: number): ReadonlyMap<string, Outage> {
    const read = this.#run.outside();
    const expected = new Set(read.get(this.#promises.expected));
    const now = [...this.#promises.outages].filter(([name]) => expected.has(name));
    return course.outagesAfter(ahead, new Map(now.map(([name, cell]) => [name, read.get(cell)])));
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
