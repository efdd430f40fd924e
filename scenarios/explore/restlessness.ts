import type { Course, Mark } from "./course.js";

/** Counts what a cluster decides over and over; since the last step of a timeline. */
export class Restlessness {
  readonly #times = new Map<string, number>();
  readonly #sameDecisionMax: number;
  readonly #eventsMax: number;
  /** A cluster that decides the same over and over. */
  cluster: string | undefined;

  constructor(limits: { readonly sameDecisionMax: number; readonly restlessEventsMax: number }, before?: Restlessness) {
    this.#sameDecisionMax = limits.sameDecisionMax;
    this.#eventsMax = limits.restlessEventsMax;
    if (before) {
      this.#times = new Map(before.#times);
      this.cluster = before.cluster;
    }
  }

  /** How often it has decided so by now. */
  decided(cluster: string, text: string): number {
    const decision = `${cluster} ${text}`;
    const times = (this.#times.get(decision) ?? 0) + 1;
    this.#times.set(decision, times);
    if (times >= this.#sameDecisionMax) this.cluster = cluster;
    return times;
  }

  /** What is decided in the rounds that follow. */
  decidedInRounds({ decisions, recurrence, rounds }: Course): void {
    if (!recurrence) return;
    const round = decisions.slice(recurrence.from.decisions, recurrence.to.decisions);
    for (let i = 0; i < Math.min(rounds, this.#sameDecisionMax); i++)
      for (const { cluster, text } of round) this.decided(cluster, text);
  }

  /** A new step of the timeline: what was decided over and over before it may come to an end now. */
  begin(): void {
    this.#times.clear();
  }

  /** A restless cluster is left to itself only as long as that is cheap. */
  isCutAt(events: number): boolean {
    return this.cluster !== undefined && events > this.#eventsMax;
  }
}

/**
 * Whether a timeline that joins a course would be watched exactly as long; gives how restless it is then. Both are told
 * by what was decided before they met, too: where that makes a difference, the one cannot stand for the other.
 */
export function restlessOn(
  course: Course,
  mark: Mark,
  own: { readonly restlessness: Restlessness; readonly events: number },
  limits: { readonly sameDecisionMax: number; readonly restlessEventsMax: number },
): Restlessness | undefined {
  const { decisions, waited } = course;
  const together = new Restlessness(limits, own.restlessness);
  for (let i = mark.decisions; i < decisions.length; i++) {
    const { cluster, text, events } = decisions[i]!;
    together.decided(cluster, text);
    const isLastOfInstant = decisions[i + 1]?.events !== events;
    if (!isLastOfInstant || !course.mayBeCutAt(i) || !together.isCutAt(own.events + events - mark.events)) continue;
    return waited!.cutShort && i === decisions.length - 1 ? together : undefined;
  }
  together.decidedInRounds(course);
  return waited!.cutShort ? undefined : together;
}
