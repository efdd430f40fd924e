/** How long a service or a journey was out. */
export interface Outage {
  readonly outSinceMs: number | undefined;
  /** Of the outages that are over. */
  readonly endedMs: number;
  readonly longestMs: number;
  /** Set where a scenario promises a budget: what is left of it is then part of the situation. */
  readonly budgetMs: number | undefined;
}

export const noOutage: Outage = Object.freeze({
  outSinceMs: undefined,
  endedMs: 0,
  longestMs: 0,
  budgetMs: undefined,
});

export function outageMs(outage: Outage, nowMs: number): number {
  return outage.endedMs + (outage.outSinceMs === undefined ? 0 : nowMs - outage.outSinceMs);
}

/** What of an outage matters from now on: whether it lasts, and what is left of the budget if there is one. */
export function outageNow(outage: Outage, nowMs: number): unknown {
  const out = outage.outSinceMs !== undefined;
  if (outage.budgetMs === undefined) return out;
  return [out, Math.max(-1, outage.budgetMs - outageMs(outage, nowMs))];
}

/** The outage after its service went out, or came back. */
export function outageAfter(outage: Outage, served: boolean, nowMs: number): Outage {
  if (served === (outage.outSinceMs === undefined)) return outage;
  if (!served) return Object.freeze({ ...outage, outSinceMs: nowMs });
  const lastedMs = nowMs - outage.outSinceMs!;
  return Object.freeze({
    ...outage,
    outSinceMs: undefined,
    endedMs: outage.endedMs + lastedMs,
    longestMs: Math.max(outage.longestMs, lastedMs),
  });
}
