import { Combinations } from "./combinations.js";
import type { Explorer, Healed } from "./explorer.js";
import type { Knowledge, KnownSingle } from "./knowledge.js";
import type { Bits } from "./meeting.js";
import { brokenNames, type Outcome } from "./outcome.js";
import type { Combined } from "./work.js";

/** One fault alone, until it is healed by hand: its run, and what it teaches. */
export interface SingleDone {
  readonly outcome: Outcome;
  readonly known: KnownSingle;
}

/** With what of the model and the configuration it put to use, by the marks of the explorer's exercise. */
export type Marked<T> = T & { readonly exercised: Bits };

/** What comes of each kind of work. Data: it crosses threads and machines. */
export interface Results {
  /** A fault alone; null where it cannot strike. */
  readonly single: Marked<SingleDone> | null;
  /** The same fault, gone by itself at each of its moments. */
  readonly healed: Marked<Healed>;
  /** Every combination that begins with the fault. */
  readonly combine: Marked<Combined>;
}

export type UnitKind = keyof Results;

/**
 * A piece of work by its first fault. Its result follows from the campaign and the unit alone, whoever plays it, how
 * often and beside what else: so results are merged in any order, and a second one of the same unit is dropped.
 */
export interface Unit<K extends UnitKind = UnitKind> {
  readonly kind: K;
  /** Index of the fault instance. */
  readonly first: number;
}

/** `combine/12`: unique within a campaign. */
export function unitId({ kind, first }: Unit): string {
  return `${kind}/${first}`;
}

/** What of a campaign says how combinations are played. */
export interface CombineRules {
  readonly faults: number;
  readonly promises: readonly string[];
  readonly seed: number;
  readonly everything: boolean;
  readonly maxWorlds?: number;
}

/** Plays units, one after the other, in one world of faults. */
export class UnitPlayer {
  readonly #explorer: Explorer;
  readonly #rules: CombineRules;
  #combinations: Combinations | undefined;

  constructor(explorer: Explorer, rules: CombineRules) {
    this.#explorer = explorer;
    this.#rules = rules;
  }

  /** `knowledge` is what all single faults taught; those need none of it themselves. */
  play<K extends UnitKind>({ kind, first }: Unit<K>, knowledge: Knowledge): Results[K] {
    if (!this.#explorer.instances[first]) throw new Error(`${kind}/${first}: there is no such fault instance`);
    const played: { readonly [K in UnitKind]: () => Results[K] } = {
      single: () => this.#marked(() => this.#single(first)),
      healed: () => this.#marked(() => this.#explorer.healedAt(first, known(first, knowledge).momentsMs)),
      combine: () => this.#marked(() => this.#combine(first, knowledge)),
    };
    return played[kind]();
  }

  #marked<T extends object | null>(play: () => T): Marked<T> {
    const { exercise } = this.#explorer;
    exercise.take();
    const played = play();
    const exercised = exercise.take();
    return (played && { ...played, exercised }) as Marked<T>;
  }

  #single(first: number): SingleDone | null {
    const played = this.#explorer.single(first);
    if (!played) return null;
    const { outcome, momentsMs, touched } = played;
    return { outcome, known: { momentsMs, touched, broken: brokenNames(outcome) } };
  }

  #combine(first: number, knowledge: Knowledge): Combined {
    const { faults, promises, seed, everything, maxWorlds = Number.POSITIVE_INFINITY } = this.#rules;
    this.#combinations ??= new Combinations(this.#explorer, knowledge, {
      faultsMax: faults,
      promises,
      seed,
      everything,
      worldsMax: sharesOf(maxWorlds, knowledge).worldsPerFirst,
    });
    return this.#combinations.from(first);
  }
}

function known(first: number, knowledge: Knowledge): KnownSingle {
  const found = knowledge[first];
  if (!found) throw new Error(`fault instance ${first}: what it does alone is not known`);
  return found;
}

/**
 * How a bound on worlds is shared out. It follows from what the single faults taught, so that it cuts the same whoever
 * plays: first each fault alone, then its heals where there is room for all of them, then an equal share for what
 * begins with each.
 */
export function sharesOf(maxWorlds: number, knowledge: Knowledge) {
  const known = knowledge.filter((one) => one !== undefined);
  const withHeals = known.reduce((sum, { momentsMs }) => sum + momentsMs.length, 0);
  const heals = withHeals <= maxWorlds;
  const left = Math.max(0, maxWorlds - (heals ? withHeals : known.length));
  return { heals, worldsPerFirst: known.length === 0 ? 0 : left / known.length };
}
