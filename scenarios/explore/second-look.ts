import { canonical } from "../../model/kernel/canonical.js";
import { hashText, mix } from "../../model/kernel/random.js";
import type { FaultInstance } from "./instances.js";
import { brokenNames, isJudged, type Outcome } from "./outcome.js";
import type { Schedule } from "./schedule.js";

/** What of a skipped timeline is looked at. */
export type Skipped = "independent" | "alike" | "joined" | "rounds";

/** A seeded hundredth of the timelines that need not be played is played in full all the same, and must come to the same. */
export class SecondLook {
  readonly #seed: number;
  readonly #instances: readonly FaultInstance[];
  checked = 0;
  readonly disagreements: string[] = [];

  constructor(seed: number, instances: readonly FaultInstance[]) {
    this.#seed = seed;
    this.#instances = instances;
  }

  isDue(skipped: Skipped, schedule: Schedule, next = ""): boolean {
    return this.number(skipped, schedule, next) % 100 === 0;
  }

  /** A number drawn for a timeline and a further step of it. */
  number(salt: string, { shots, firstHealedAtMs = -1 }: Schedule, next: string): number {
    const text = shots.map(({ instance, atMs }) => `${instance}@${atMs}`).join(" ");
    return mix(mix(this.#seed, hashText(`${text} ${firstHealedAtMs} ${next}`)), hashText(salt)) >>> 0;
  }

  /** No promise may break beyond the expected ones. */
  breaksNoMore(outcome: Outcome, expected: readonly string[]): void {
    this.checked++;
    if (!isJudged(outcome)) return;
    const more = outcome.broken.find(({ promise }) => !expected.includes(promise));
    if (more) this.#disagree(outcome, more.promise);
  }

  /** The rest of the timeline was known from another one. */
  isSame(played: Outcome, joined: Outcome): void {
    // Watched for longer, or until it went round: the other one tells what this one leaves open.
    if (!isJudged(played) && isJudged(joined)) return;
    this.checked++;
    // Whoever goes round, in other phases from round to round, is out for so long, more or less.
    const whatOf = played.recurs || joined.recurs ? whatBroke : whatCame;
    if (whatOf(played) !== whatOf(joined)) this.#disagree(played, "it was taken for a timeline that goes otherwise");
  }

  /** It was taken to go on as in the rounds that were played. */
  goesRound(played: Outcome, told: Outcome): void {
    if (!isJudged(played)) return;
    this.checked++;
    if (whatBroke(played) !== whatBroke(told)) this.#disagree(played, "it does not go on as in the rounds before");
  }

  #disagree({ schedule: { shots, firstHealedAtMs } }: Outcome, what: string): void {
    const steps = shots.map(({ instance, atMs }) => `${this.#instances[instance]!.text} at ${atMs} ms`);
    if (firstHealedAtMs !== undefined) steps.push(`the first one healed at ${firstHealedAtMs} ms`);
    this.disagreements.push(`${steps.join(", ")}: ${what}`);
  }
}

function whatBroke(outcome: Outcome): string {
  return brokenNames(outcome).toSorted().join("\n");
}

/** What joined timelines must share; when something broke once healing had begun is a matter of phases. */
function whatCame({ broken, interruptions, cutShort, schedule: { healedAtMs, repairs } }: Outcome): string {
  const when = broken.map(({ promise, atMs }) => [promise, Math.min(atMs, healedAtMs)]);
  return canonical([when, interruptions, cutShort, repairs]);
}
