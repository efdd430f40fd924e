import { draw, hashText } from "../../model/kernel/random.js";
import type { Mode, Risk } from "./risk.js";

export interface Simulated {
  /** Share of the time out, and half the width of its 95 % confidence interval. */
  readonly share: number;
  readonly halfWidth: number;
  /** How many outages were drawn: few of them say little. */
  readonly outages: number;
}

const BATCHES = 100;
/** Student's t for 95 % and 99 degrees of freedom. */
const T_95 = 1.984;

/**
 * Draws failures and repairs (both exponential, parts independent) over so many hours, and adds up when each service is
 * out: while every part of a cut set is broken, and after each fault that is failed over, for as long as exploration saw.
 * Overlapping outages count once. The confidence interval is that of 100 batch means. The same seed gives the same result.
 */
export function simulate(
  modes: readonly Mode[],
  risks: readonly Risk[],
  { seed, hours }: { seed: number; hours: number },
): readonly Simulated[] {
  const batchHours = hours / BATCHES;
  const accounts = risks.map((risk) => new Account(risk, modes.length));
  const concerned = modes.map((_, mode) => accounts.filter((account) => account.concerns(mode)));
  for (let batch = 0; batch < BATCHES; batch++) {
    for (const { atHours, mode, breaks } of drawEvents(modes, seed, batch, batchHours))
      for (const account of concerned[mode]!)
        if (breaks) account.broke(mode, atHours);
        else account.repaired(mode, atHours);
    for (const account of accounts) account.endBatch(batchHours);
  }
  return accounts.map((account) => account.result());
}

interface Event {
  readonly atHours: number;
  readonly mode: number;
  readonly breaks: boolean;
}

/** Each batch begins with everything whole; a repair is short beside a batch. */
function drawEvents(modes: readonly Mode[], seed: number, batch: number, untilHours: number): readonly Event[] {
  const events: Event[] = [];
  for (const [mode, { text, rate }] of modes.entries()) {
    const stream = hashText(`availability ${text} ${batch}`);
    let count = 0;
    const exponential = (mean: number) => -mean * Math.log1p(-draw(seed, stream, count++));
    for (let atHours = exponential(rate.everyHours); atHours < untilHours; ) {
      events.push({ atHours, mode, breaks: true });
      atHours += exponential(rate.repairHours);
      if (atHours < untilHours) events.push({ atHours, mode, breaks: false });
      atHours += exponential(rate.everyHours);
    }
  }
  return events.sort((a, b) => a.atHours - b.atHours || a.mode - b.mode);
}

/** When one service is out. */
class Account {
  readonly #failovers: ReadonlyMap<number, number>;
  readonly #cuts: readonly (readonly number[])[];
  readonly #cutsOf: readonly (readonly number[])[];
  /** How many parts of each cut set are whole. */
  readonly #whole: number[];
  readonly #shares: number[] = [];
  #cutsDown = 0;
  /** Out, by a failover or a cut set, from `#since` until at least `#until`. */
  #since = 0;
  #until = 0;
  #outHours = 0;
  #outages = 0;

  constructor({ cuts, failovers }: Risk, modes: number) {
    this.#cuts = cuts;
    this.#failovers = failovers;
    const of: number[][] = Array.from({ length: modes }, () => []);
    for (const [index, cut] of cuts.entries()) for (const mode of cut) of[mode]!.push(index);
    this.#cutsOf = of;
    this.#whole = cuts.map((cut) => cut.length);
  }

  concerns(mode: number): boolean {
    return this.#cutsOf[mode]!.length > 0 || this.#failovers.has(mode);
  }

  broke(mode: number, atHours: number): void {
    for (const cut of this.#cutsOf[mode]!)
      if (--this.#whole[cut]! === 0 && this.#cutsDown++ === 0) this.#begin(atHours, atHours);
    const failoverHours = this.#failovers.get(mode);
    if (failoverHours !== undefined) this.#begin(atHours, atHours + failoverHours);
  }

  repaired(mode: number, atHours: number): void {
    for (const cut of this.#cutsOf[mode]!)
      if (this.#whole[cut]!++ === 0 && --this.#cutsDown === 0) this.#until = Math.max(this.#until, atHours);
  }

  /** It is out from a moment until at least another. An outage that is over by then is closed. */
  #begin(atHours: number, untilHours: number): void {
    const isOut = this.#cutsDown > (untilHours === atHours ? 1 : 0) || atHours <= this.#until;
    if (!isOut) {
      this.#close();
      this.#since = atHours;
      this.#outages++;
    }
    this.#until = Math.max(this.#until, untilHours);
  }

  #close(): void {
    this.#outHours += this.#until - this.#since;
    this.#since = this.#until;
  }

  endBatch(hours: number): void {
    if (this.#cutsDown > 0) this.#until = hours;
    this.#until = Math.min(this.#until, hours);
    this.#close();
    this.#shares.push(this.#outHours / hours);
    for (const [cut, parts] of this.#cuts.entries()) this.#whole[cut] = parts.length;
    this.#cutsDown = 0;
    this.#outHours = 0;
    this.#since = 0;
    this.#until = 0;
  }

  result(): Simulated {
    const share = this.#shares.reduce((sum, one) => sum + one, 0) / BATCHES;
    const squares = this.#shares.reduce((sum, one) => sum + (one - share) ** 2, 0);
    return {
      share,
      halfWidth: T_95 * Math.sqrt(squares / (BATCHES - 1) / BATCHES),
      outages: this.#outages,
    };
  }
}
