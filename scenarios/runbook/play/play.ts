import type { SettledTwin } from "../../runner/prepare.js";
import { performChecked } from "../../runner/run-scenario.js";
import type { Runbook } from "../page/runbook.js";
import { blameBreaches, blameOutages, budgetsOf, endProblems, outagesOf } from "./blame.js";
import { type Draft, finished, newDraft } from "./draft.js";
import { healedTooEarly, splits } from "./hazards.js";
import { judged } from "./judge.js";
import { leftovers, stacksUp, stoppedOn } from "./leftovers.js";
import { placeholders } from "./placeholders.js";
import type { RunbookResult } from "./result.js";
import { type PlanItem, type PlayOptions, Session } from "./session.js";
import { differences, situationOf } from "./situation.js";
import { playStep, STOPS } from "./step-player.js";

/** The steps of a page in their order, without those of its roll-back. */
export function planOf(runbook: Runbook): readonly PlanItem[] {
  return runbook.steps.filter(({ isRollBack }) => !isRollBack).map((step) => ({ step }));
}

/** Plays a runbook from a settled twin: what came before, then step by step, then a while to see that it holds. */
export async function playRunbook(
  settled: SettledTwin,
  runbook: Runbook,
  options: PlayOptions = {},
): Promise<RunbookResult> {
  const session = new Session(settled, runbook, options);
  const { handle, drafts } = session;
  const { run, twin } = handle;
  begin(session);
  const found = situationOf(run, twin);
  const setBy = new Leftovers(session);
  let isStopped = false;
  for (const item of options.plan ?? planOf(runbook)) {
    const draft = newDraft(item.step);
    drafts.push(draft);
    if (isStopped || handle.bound !== undefined) continue;
    const upBefore = stacksUp(run, twin);
    await playItem(session, item, draft);
    setBy.look(draft, upBefore);
    isStopped = draft.problems.some(({ kind }) => STOPS.has(kind)) && !options.keepGoing;
  }
  const endedMs = run.nowMs;
  handle.step = -1;
  session.draft = undefined;
  const from = handle.trace.length;
  handle.advance(runbook.front.settle);
  blameBreaches(session, from);
  blameOutages(session);
  if (!isStopped && !options.isRollBack) setBy.blame();
  return judged({
    runbook,
    settled,
    session,
    steps: drafts.map((draft, i) => finished(draft, i, handle, session.firstMs)),
    end: isStopped ? [] : endProblems(session),
    durationMs: endedMs - session.firstMs,
    differences: differences(found, situationOf(run, twin)),
  });
}

/** What came before the first step; then the pager, and the operator's way to the desk. */
function begin(session: Session): void {
  const { handle, runbook, options } = session;
  const { run, twin } = handle;
  const { front, file } = runbook;
  const before = options.before ?? runbook.before;
  run.act((instant) => twin.promises.arm(instant, budgetsOf(session)));
  const startMs = run.nowMs;
  for (const step of before) {
    handle.advance(startMs + step.atMs - run.nowMs);
    run.act((instant) => performChecked(instant, twin, { file, steps: before }, step));
  }
  session.done.push(...before);
  if (before.length > 0) handle.advance(front.noticed);
  session.firstMs = run.nowMs;
  session.outBefore = outagesOf(session);
  session.values = placeholders(run, twin, front.values);
  if (front.node !== undefined) session.at = session.fill(front.node, 1);
}

/** Plays one step and writes down what it did: how long it took, who was out meanwhile, what it broke. */
async function playItem(session: Session, item: PlanItem, draft: Draft): Promise<void> {
  const { handle, twin } = session;
  const { run } = handle;
  const { line } = item.step;
  const from = handle.trace.length;
  const said = handle.notModelled.length;
  const outBefore = outagesOf(session);
  const usedBefore = new Map([...handle.interfaces].map(([name, commands]) => [name, commands.size]));
  const splitBefore = splits(twin, run);
  session.draft = draft;
  handle.step = session.drafts.length - 1;
  draft.startMs = run.nowMs;
  await playStep(session, item, draft);
  draft.endMs = run.nowMs;
  draft.isPlayed = true;
  const healed = healedTooEarly(splitBefore, twin, run);
  const didSomething = handle.trace.slice(from).some(({ kind }) => kind === "operator" || kind === "heal");
  if (healed !== undefined && didSomething) session.found(draft, { kind: "harm", line, text: healed });
  blameBreaches(session, from);
  draft.notModelled.push(...handle.notModelled.slice(said).map(({ text }) => text));
  for (const [name, ms] of outagesOf(session)) {
    const grown = ms - (outBefore.get(name) ?? 0);
    if (grown > 0) draft.outagesMs[name] = grown;
  }
  for (const [name, commands] of handle.interfaces)
    if (commands.size > (usedBefore.get(name) ?? 0)) draft.interfaces.add(name);
}

/** What the page's steps set, each with the step that did: somebody has to take it back. */
class Leftovers {
  readonly #session: Session;
  readonly #atStart: ReadonlySet<string>;
  readonly #openedBy = new Map<string, Draft>();

  constructor(session: Session) {
    this.#session = session;
    this.#atStart = leftovers(session.handle.run, session.twin);
  }

  /** After a step; `upBefore` are the nodes whose cluster stack ran before it. */
  look(draft: Draft, upBefore: ReadonlySet<string>): void {
    const { handle, twin } = this.#session;
    for (const one of leftovers(handle.run, twin))
      if (!this.#atStart.has(one) && !this.#openedBy.has(one) && !one.startsWith(stoppedOn("")))
        this.#openedBy.set(one, draft);
    // A stack that the page never found running is not its to start; one that it took down is.
    const upAfter = stacksUp(handle.run, twin);
    for (const node of upBefore) if (!upAfter.has(node)) this.#openedBy.set(stoppedOn(node), draft);
  }

  blame(): void {
    const { handle, twin, runbook } = this.#session;
    const left = leftovers(handle.run, twin);
    for (const [text, draft] of this.#openedBy)
      if (left.has(text) && !runbook.front.leaves.some((one) => text.includes(one)))
        this.#session.found(draft, { kind: "left", line: draft.step.line, text: `it leaves ${text} behind` });
  }
}
