import type { XmlElement } from "../../model/cluster/cib/types.js";
import type { Decision, Scheduler } from "../../model/cluster/scheduler/interface.js";
import { canonical } from "../../model/kernel/canonical.js";

interface Remembered {
  readonly atEpochSeconds: number;
  readonly decision: Decision;
}

/** Decisions kept for one configuration; beyond it they are forgotten and made anew. */
const KEPT_MAX = 2_000;

/**
 * A scheduler that decides the same CIB once. A decision reads the configuration, the status, the CIB's own attributes
 * and the time; of the time it says itself until when it holds (`recheckByEpochSeconds`), and before the moment at
 * which it was made it is never used.
 */
export function rememberingScheduler(inner: Scheduler): Scheduler {
  const known = new WeakMap<XmlElement, Map<string, Remembered>>();
  return {
    name: inner.name,
    decide(cib, options) {
      if (options.withScores) return inner.decide(cib, options);
      let ofConfiguration = known.get(cib.configuration);
      if (!ofConfiguration || ofConfiguration.size >= KEPT_MAX) {
        ofConfiguration = new Map();
        known.set(cib.configuration, ofConfiguration);
      }
      const key = canonical([cib.attrs, cib.status, cib.notes]);
      const before = ofConfiguration.get(key);
      if (before && holds(before, options.nowEpochSeconds)) return before.decision;
      const decision = inner.decide(cib, options);
      ofConfiguration.set(key, { atEpochSeconds: options.nowEpochSeconds, decision });
      return decision;
    },
  };
}

function holds({ atEpochSeconds, decision }: Remembered, nowEpochSeconds: number): boolean {
  const { recheckByEpochSeconds } = decision;
  if (nowEpochSeconds < atEpochSeconds) return false;
  return recheckByEpochSeconds === undefined || nowEpochSeconds < recheckByEpochSeconds;
}
