import type { End } from "./course.js";
import type { BrokenPromise, Interruption } from "./outcome.js";
import { SERVED_AGAIN, WITHIN_BUDGET, WORKS_ONCE_REPAIRED } from "./promise-names.js";

/** What a timeline is judged by. Times are since the first fault, those of the end since the healing. */
export interface Judged {
  /** What was out before anything was healed. */
  readonly lasted: readonly Interruption[];
  /** The patience ran to its end: what is out then does not come back by itself. */
  readonly isJudged: boolean;
  readonly budgetMs: number | undefined;
  readonly waitedMs: number;
  /** Promises about decisions and harm that were broken before anything was healed. */
  readonly safety: readonly BrokenPromise[];
  readonly end: End;
}

export function brokenPromises({ lasted, isJudged, budgetMs, waitedMs, safety, end }: Judged): BrokenPromise[] {
  const broken: BrokenPromise[] = [];
  if (isJudged)
    for (const { service, lasts } of lasted)
      if (lasts) broken.push({ promise: `${SERVED_AGAIN}/${service}`, atMs: waitedMs });
  if (budgetMs !== undefined)
    for (const { service, totalMs } of lasted)
      if (totalMs > budgetMs) broken.push({ promise: `${WITHIN_BUDGET}/${service}`, atMs: waitedMs });
  if (!end.steady) broken.push({ promise: WORKS_ONCE_REPAIRED, atMs: waitedMs + end.lastedMs });
  broken.push(...safety);
  for (const { promise, atMs } of end.safety)
    if (!safety.some((one) => one.promise === promise)) broken.push({ promise, atMs: waitedMs + atMs });
  return broken;
}
