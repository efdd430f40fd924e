import type { SettledTwin } from "../../runner/prepare.js";
import type { Runbook } from "../page/runbook.js";
import { planOf, playRunbook } from "../play/play.js";
import type { RunbookResult } from "../play/result.js";
import type { PlayOptions } from "../play/session.js";
import { STOPS } from "../play/step-player.js";

/** Whether a page's roll-back brings everything back to where it was before the first step. */
export interface RollBack {
  /** The step behind which it was begun. */
  readonly step: number;
  readonly line: number;
  readonly reaches: "baseline" | "not" | "none written";
  /** What is not as it was, or which of its steps could not be done. */
  readonly because: readonly string[];
}

/** Plays the page up to each of its steps and its roll-back section from there. */
export async function rollBacks(
  settled: SettledTwin,
  runbook: Runbook,
  options: PlayOptions = {},
): Promise<readonly RollBack[]> {
  const plan = planOf(runbook);
  const back = runbook.steps.filter(({ isRollBack }) => isRollBack).map((step) => ({ step }));
  const found: RollBack[] = [];
  for (const [i, { step }] of plan.entries()) {
    const at = { step: i, line: step.line };
    if (back.length === 0) {
      found.push({ ...at, reaches: "none written", because: [] });
      continue;
    }
    const result = await playRunbook(settled, runbook, {
      ...options,
      plan: [...plan.slice(0, i + 1), ...back],
      isRollBack: true,
      keepGoing: true,
    });
    // Where everything is as it was, a command that found nothing to undo is no trouble.
    const failed = result.steps.slice(i + 1).flatMap(({ problems }) => problems.filter(({ kind }) => STOPS.has(kind)));
    const isBack = result.differences.length === 0;
    const because = isBack ? [] : [...result.differences, ...failed.map(({ line, text }) => `line ${line}: ${text}`)];
    found.push({ ...at, reaches: isBack ? "baseline" : "not", because });
  }
  return found;
}

/** What a second playing right behind the first comes to: a page that may be typed again does no harm by it. */
export interface Twice {
  readonly isIdempotent: boolean;
  /** Harm, or what does not hold at the end, that the first playing did not have. */
  readonly because: readonly string[];
  /** Checks of the page that read otherwise the second time. */
  readonly otherwise: readonly { readonly line: number; readonly text: string }[];
}

export async function playTwice(settled: SettledTwin, runbook: Runbook, options: PlayOptions = {}): Promise<Twice> {
  const plan = planOf(runbook);
  const once = await playRunbook(settled, runbook, options);
  const both = await playRunbook(settled, runbook, { ...options, plan: [...plan, ...plan], keepGoing: true });
  const known = new Set([...once.steps.flatMap(({ problems }) => problems), ...once.end].map(({ text }) => text));
  const second = [...both.steps.slice(plan.length).flatMap(({ problems }) => problems), ...both.end].filter(
    ({ text }) => !known.has(text),
  );
  const because = second.filter(({ kind }) => !STOPS.has(kind)).map(({ line, text }) => `line ${line}: ${text}`);
  return {
    isIdempotent: because.length === 0,
    because,
    otherwise: second.filter(({ kind }) => STOPS.has(kind)).map(({ line, text }) => ({ line, text })),
  };
}

/** The go/no-go sheet of a page. Data. */
export interface Sheet {
  readonly version: 1;
  readonly result: RunbookResult;
  readonly rollBacks: readonly RollBack[];
  /** The first step behind which the way back is not there, or not written; undefined where every step can be undone. */
  readonly noReturn: { readonly step: number; readonly line: number; readonly because: string } | undefined;
}

export async function sheetOf(settled: SettledTwin, runbook: Runbook, options: PlayOptions = {}): Promise<Sheet> {
  const result = await playRunbook(settled, runbook, options);
  const backs = await rollBacks(settled, runbook, options);
  return { version: 1, result, rollBacks: backs, noReturn: noReturn(result, backs) };
}

function noReturn(result: RunbookResult, backs: readonly RollBack[]): Sheet["noReturn"] {
  const lost = backs.find(({ reaches }) => reaches === "not");
  if (lost) return { step: lost.step, line: lost.line, because: lost.because[0]! };
  if (!backs.some(({ reaches }) => reaches === "none written")) return undefined;
  const first = result.steps.findIndex(({ changed }) => changed.length > 0);
  const step = result.steps[first];
  return (
    step && { step: first, line: step.line, because: `no roll-back is written, and it changes ${step.changed[0]}` }
  );
}
