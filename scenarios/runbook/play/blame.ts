import { outageMs } from "../../../model/promises/index.js";
import { formatDuration } from "../../file/duration.js";
import type { Draft } from "./draft.js";
import type { Problem } from "./result.js";
import type { Session } from "./session.js";
import { conditionWords } from "./words.js";

/** Promises that broke since the trace had `from` entries, put down to the step on whose account they did. */
export function blameBreaches(session: Session, from: number): void {
  const { handle, drafts, runbook } = session;
  const { always } = runbook.front;
  for (const entry of handle.trace.slice(from)) {
    if (entry.kind !== "promise" || entry.what !== "broken") continue;
    const name = entry.subject.slice("promise/".length);
    if (always !== "all" && !always.includes(name)) continue;
    const index = handle.stepOf(entry.id) ?? drafts.findLastIndex(({ isPlayed }) => isPlayed);
    const draft = drafts[index] ?? session.draft;
    const text = `${name} is broken: ${entry.text ?? ""}`;
    if (draft) session.found(draft, { kind: "promise", line: draft.step.line, text }, entry.atMs);
  }
}

/** How long each service and journey has been out until now. */
export function outagesOf({ handle, twin }: Session): ReadonlyMap<string, number> {
  const { run } = handle;
  return new Map([...twin.promises.outages].map(([name, cell]) => [name, outageMs(run.get(cell), run.nowMs)]));
}

/** What the page allows, by service and journey. */
export function budgetsOf({ runbook, twin }: Session): ReadonlyMap<string, number> {
  const budgets = new Map<string, number>();
  for (const { journey, service, outage } of runbook.front.outages) {
    const prefix = journey !== undefined ? "journey/" : "service/";
    const wanted = journey ?? service ?? "*";
    for (const name of twin.served.keys())
      if (name === prefix + wanted || (wanted === "*" && name.startsWith(prefix))) budgets.set(name, outage);
  }
  return budgets;
}

/** A budget that was overdrawn is put down to the step in which most of the outage fell. */
export function blameOutages(session: Session): void {
  const outages = outagesOf(session);
  const played = session.drafts.filter(({ isPlayed }) => isPlayed);
  const inSteps = (name: string) => played.reduce((sum, draft) => sum + (draft.outagesMs[name] ?? 0), 0);
  for (const [name, budgetMs] of budgetsOf(session)) {
    const ms = (outages.get(name) ?? 0) - (session.outBefore.get(name) ?? 0);
    if (ms <= budgetMs) continue;
    const afterMs = ms - inSteps(name);
    const most = played.reduce<Draft | undefined>((worst, draft) => {
      const share = (one: Draft) => (one.outagesMs[name] ?? 0) + (one === played.at(-1) ? afterMs : 0);
      return worst === undefined || share(draft) > share(worst) ? draft : worst;
    }, undefined);
    const text = `${name} is out for ${formatDuration(ms)} of at most ${formatDuration(budgetMs)}`;
    if (most) session.found(most, { kind: "outage", line: most.step.line, text });
  }
}

/** What should hold when everything is done, and does not. */
export function endProblems(session: Session): Problem[] {
  const { handle, runbook, twin } = session;
  const { front, yaml } = runbook;
  const { run } = handle;
  const found: Problem[] = [];
  for (const [i, document] of front.holds.entries()) {
    const line = yaml.lineOf(["holds", i]);
    const condition = session.condition(document, line);
    if (twin.promises.holds(run, condition)) continue;
    const why = condition.kind === "steady" ? `: ${twin.promises.unsteady(run).slice(0, 3).join("; ")}` : "";
    found.push({
      kind: "end",
      line,
      text: `at the end it does not hold that ${conditionWords(document)}${why}`,
      atMs: run.nowMs - session.firstMs,
    });
  }
  return found;
}
