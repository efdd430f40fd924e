import type { XmlElement } from "../../model/cluster/cib/types.js";
import type { Decision, Scheduler } from "../../model/cluster/scheduler/interface.js";
import { decisionKey } from "../../model/cluster/status/decision-key.js";
import { canonical } from "../../model/kernel/canonical.js";

interface Remembered {
  readonly atEpochSeconds: number;
  readonly decision: Decision;
}

/** Decisions kept for one configuration; of twice as many, those not asked for lately are forgotten and made anew. */
const KEPT_MAX = 4_000;

/**
 * A scheduler that decides once what rests on the same. Where decisions rest on times they read the whole status and
 * the time: of that a decision says itself until when it holds (`recheckByEpochSeconds`), and before the moment at which
 * it was made it is never used.
 */
export function rememberingScheduler(inner: Scheduler): Scheduler {
  const known = new WeakMap<XmlElement, LatelyAsked<Remembered>>();
  return {
    name: inner.name,
    decide(cib, options) {
      if (options.withScores) return inner.decide(cib, options);
      let ofConfiguration = known.get(cib.configuration);
      if (!ofConfiguration) {
        ofConfiguration = new LatelyAsked(KEPT_MAX);
        known.set(cib.configuration, ofConfiguration);
      }
      const timeless = decisionKey(cib);
      const always = timeless === undefined ? undefined : ofConfiguration.get(timeless);
      if (always) return always.decision;
      const atItsTime = canonical([cib.attrs, cib.status, cib.notes]);
      const before = ofConfiguration.get(atItsTime);
      if (before && holds(before, options.nowEpochSeconds)) return before.decision;
      const decision = inner.decide(cib, options);
      const isTimeless = timeless !== undefined && decision.recheckByEpochSeconds === undefined;
      ofConfiguration.set(isTimeless ? timeless : atItsTime, { atEpochSeconds: options.nowEpochSeconds, decision });
      return decision;
    },
  };
}

function holds({ atEpochSeconds, decision }: Remembered, nowEpochSeconds: number): boolean {
  const { recheckByEpochSeconds } = decision;
  if (nowEpochSeconds < atEpochSeconds) return false;
  return recheckByEpochSeconds === undefined || nowEpochSeconds < recheckByEpochSeconds;
}

/** A map that forgets: in two generations, of which the older one is dropped when the younger is full. */
class LatelyAsked<T> {
  readonly #max: number;
  #young = new Map<string, T>();
  #old: ReadonlyMap<string, T> = new Map();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: T): void {
    if (this.#young.size >= this.#max) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
