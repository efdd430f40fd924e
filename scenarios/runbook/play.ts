import { InputError } from "../../model/errors.js";
import { outageMs } from "../../model/promises/index.js";
import { formatDuration } from "../file/duration.js";
import { labelOf, type Step } from "../file/read-scenario.js";
import type { SettledTwin } from "../runner/prepare.js";
import { conditionOf, performChecked } from "../runner/run-scenario.js";
import type { Deed } from "../shell/deed.js";
import { Terminal } from "../shell/terminal.js";
import { WorldHandle } from "../shell/world-handle.js";
import { type Draft, finished, newDraft } from "./draft.js";
import { differs } from "./expected-output.js";
import type { HoldDocument } from "./front-matter.js";
import { harmOf, healedTooEarly, splits } from "./hazards.js";
import { judged } from "./judge.js";
import { leftovers, stacksUp, stoppedOn } from "./leftovers.js";
import { filled, placeholders, type Values } from "./placeholders.js";
import type { PlayedCommand, Problem, RunbookResult } from "./result.js";
import type { CommandLine, Runbook, RunbookStep } from "./runbook.js";
import { differences, situationOf } from "./situation.js";
import { conditionWords, exitText } from "./words.js";

/** One item of what is played: a step of the page, perhaps not as the page says. */
export interface PlanItem {
  readonly step: RunbookStep;
  /** Typed on the peer of its node instead. */
  readonly onPeer?: boolean;
  /** Nobody takes his time: the step comes at once. */
  readonly atOnce?: boolean;
  /** Something breaks just before it. */
  readonly fault?: Step;
}

export interface PlayOptions {
  /** Instead of the page's own steps in their order. */
  readonly plan?: readonly PlanItem[];
  /** Instead of the page's own start. */
  readonly before?: readonly Step[];
  readonly seed?: number;
  /** Goes on after a step that failed; otherwise the operator stops there, as he should. */
  readonly keepGoing?: boolean;
  /** A roll-back was played: what the steps set need not be taken back by them. */
  readonly isRollBack?: boolean;
}

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
  const player = new Player(settled, runbook, options);
  return player.play();
}

class Player {
  readonly #settled: SettledTwin;
  readonly #runbook: Runbook;
  readonly #options: PlayOptions;
  readonly #handle: WorldHandle;
  readonly #terminal: Terminal;
  readonly #seed: number;
  readonly #steps: Draft[] = [];
  /** Faults and hand steps so far: a heal names one of them. */
  readonly #done: Step[] = [];
  #values: Values = new Map();
  #at: string | undefined;
  #firstMs = 0;
  /** Outages that came before the first step: the page is not to blame for those. */
  #outBefore: ReadonlyMap<string, number> = new Map();
  #draft: Draft | undefined;

  constructor(settled: SettledTwin, runbook: Runbook, options: PlayOptions) {
    this.#settled = settled;
    this.#runbook = runbook;
    this.#options = options;
    this.#seed = options.seed ?? runbook.front.seed;
    const { bounds } = runbook.front;
    this.#handle = new WorldHandle(settled.twin, settled.base.withSeed(this.#seed), {
      eventsMax: bounds.events,
      virtualMs: bounds.virtualTime,
      onDeed: (deed) => this.#deed(deed),
    });
    this.#terminal = new Terminal(this.#handle, this.#seed);
  }

  async play(): Promise<RunbookResult> {
    const { front } = this.#runbook;
    const { twin, run } = this.#handle;
    this.#start();
    const plan = this.#options.plan ?? planOf(this.#runbook);
    const atStart = leftovers(run, twin);
    const found = situationOf(run, twin);
    const openedBy = new Map<string, Draft>();
    let isStopped = false;
    for (const item of plan) {
      const draft = newDraft(item.step);
      this.#steps.push(draft);
      if (isStopped || this.#handle.bound !== undefined) continue;
      const upBefore = stacksUp(run, twin);
      await this.#playItem(item, draft);
      for (const one of leftovers(run, twin))
        if (!atStart.has(one) && !openedBy.has(one) && !one.startsWith(stoppedOn(""))) openedBy.set(one, draft);
      // A stack that the page never found running is not its to start; one that it took down is.
      const upAfter = stacksUp(run, twin);
      for (const node of upBefore) if (!upAfter.has(node)) openedBy.set(stoppedOn(node), draft);
      isStopped = draft.problems.some(({ kind }) => STOPS.has(kind)) && !this.#options.keepGoing;
    }
    const endedMs = run.nowMs;
    this.#handle.step = -1;
    this.#draft = undefined;
    const from = this.#handle.trace.length;
    this.#handle.advance(front.settle);
    this.#blameBreaches(from);
    this.#blameOutages();
    const left = leftovers(run, twin);
    if (!isStopped && !this.#options.isRollBack)
      for (const [text, draft] of openedBy)
        if (left.has(text) && !front.leaves.some((one) => text.includes(one)))
          this.#found(draft, { kind: "left", line: draft.step.line, text: `it leaves ${text} behind` });
    return judged({
      runbook: this.#runbook,
      settled: this.#settled,
      handle: this.#handle,
      seed: this.#seed,
      steps: this.#steps.map((draft, i) => finished(draft, i, this.#handle, this.#firstMs)),
      end: isStopped ? [] : this.#endProblems(),
      durationMs: endedMs - this.#firstMs,
      differences: differences(found, situationOf(run, twin)),
    });
  }

  /** What came before the first step; then the pager, and the operator's way to the desk. */
  #start(): void {
    const { front } = this.#runbook;
    const { run, twin } = this.#handle;
    const before = this.#options.before ?? this.#runbook.before;
    const { promises } = twin;
    run.act((instant) => promises.arm(instant, this.#budgets()));
    const startMs = run.nowMs;
    const played = { file: this.#runbook.file, steps: before };
    for (const step of before) {
      this.#handle.advance(startMs + step.atMs - run.nowMs);
      run.act((instant) => performChecked(instant, twin, played, step));
    }
    this.#done.push(...before);
    if (before.length > 0) this.#handle.advance(front.noticed);
    this.#firstMs = run.nowMs;
    this.#outBefore = this.#outages();
    this.#values = placeholders(run, twin, front.values);
    if (front.node !== undefined) this.#at = this.#fill(front.node, 1);
  }

  #budgets(): ReadonlyMap<string, number> {
    const budgets = new Map<string, number>();
    for (const { journey, service, outage } of this.#runbook.front.outages) {
      const prefix = journey !== undefined ? "journey/" : "service/";
      const wanted = journey ?? service ?? "*";
      for (const name of this.#handle.twin.served.keys())
        if (name === prefix + wanted || (wanted === "*" && name.startsWith(prefix))) budgets.set(name, outage);
    }
    return budgets;
  }

  async #playItem(item: PlanItem, draft: Draft): Promise<void> {
    const { step } = item;
    const { run, twin } = this.#handle;
    const from = this.#handle.trace.length;
    const said = this.#handle.notModelled.length;
    const outBefore = this.#outages();
    const usedBefore = new Map([...this.#handle.interfaces].map(([name, commands]) => [name, commands.size]));
    const splitBefore = splits(twin, run);
    this.#draft = draft;
    this.#handle.step = this.#steps.length - 1;
    draft.startMs = run.nowMs;
    if (item.fault) this.#breakSomething(item.fault);
    if (!item.atOnce) this.#handle.advance(step.takesMs ?? this.#runbook.front.step);
    if (step.kind === "hand") this.#playHand(step, draft, item.onPeer === true);
    else if (step.kind === "wait") await this.#playWait(step, draft);
    else await this.#playCommands(step, draft, item.onPeer === true);
    draft.endMs = run.nowMs;
    draft.isPlayed = true;
    const healed = healedTooEarly(splitBefore, twin, run);
    if (healed !== undefined && this.#didSomething(from))
      this.#found(draft, { kind: "harm", line: step.line, text: healed });
    this.#blameBreaches(from);
    draft.notModelled.push(...this.#handle.notModelled.slice(said).map(({ text }) => text));
    for (const [name, ms] of this.#outages()) {
      const grown = ms - (outBefore.get(name) ?? 0);
      if (grown > 0) draft.outagesMs[name] = grown;
    }
    for (const [name, commands] of this.#handle.interfaces)
      if (commands.size > (usedBefore.get(name) ?? 0)) draft.interfaces.add(name);
  }

  #breakSomething(fault: Step): void {
    const step = this.#handle.step;
    this.#handle.step = -1;
    this.#handle.run.act((instant) =>
      performChecked(instant, this.#handle.twin, { file: this.#runbook.file, steps: [...this.#done, fault] }, fault),
    );
    this.#done.push(fault);
    this.#handle.step = step;
  }

  async #playCommands(step: Extract<RunbookStep, { kind: "commands" }>, draft: Draft, onPeer: boolean): Promise<void> {
    for (const [i, command] of step.commands.entries()) {
      const isLast = i === step.commands.length - 1;
      const node = this.#nodeFor(step, command, onPeer);
      draft.node ||= node;
      const text = this.#fill(command.text, command.line);
      const hopped = this.#leave(text);
      const saidBefore = this.#handle.notModelled.length;
      const typed = hopped ?? (await this.#terminal.type(node, text));
      const hop = this.#handle.takeHop();
      if (hop !== undefined) this.#at = hop;
      const output = typed.stdout + typed.stderr;
      const isUnknown = this.#handle.notModelled.length > saidBefore;
      const wanted = command.expected?.lines.map((line) => this.#fill(line, command.line));
      const difference = wanted === undefined ? undefined : differs(wanted, output);
      const played: PlayedCommand = {
        line: command.line,
        node,
        text,
        output,
        exitCode: typed.exitCode,
        ...(wanted !== undefined && { expected: difference === undefined ? ("came" as const) : ("differs" as const) }),
      };
      draft.commands.push(played);
      if (this.#handle.bound !== undefined) return;
      if (isUnknown) continue;
      if (typed.exitCode === 255 && /^ssh: connect to host/.test(typed.stderr) && wanted === undefined)
        this.#found(draft, { kind: "impossible", line: command.line, text: typed.stderr.trim() });
      else if (wanted !== undefined && difference !== undefined)
        this.#found(draft, { kind: "output", line: command.expected!.line, text: difference });
      else if (this.#exitIsWrong(step, typed.exitCode, isLast, wanted !== undefined))
        this.#found(draft, { kind: "exit", line: command.line, text: exitText(text, typed.exitCode, output) });
      if (draft.problems.some(({ kind }) => STOPS.has(kind)) && !this.#options.keepGoing) return;
    }
  }

  /** Output that came as the page shows it vouches for its exit code as well. */
  #exitIsWrong(
    step: Extract<RunbookStep, { kind: "commands" }>,
    exitCode: number,
    isLast: boolean,
    isShown: boolean,
  ): boolean {
    if (step.exit === "any") return false;
    if (step.exit !== undefined && isLast) return exitCode !== step.exit;
    return exitCode !== 0 && !isShown;
  }

  async #playWait(step: Extract<RunbookStep, { kind: "wait" }>, draft: Draft): Promise<void> {
    const node = this.#nodeFor(step, step.command, false);
    draft.node = node;
    const text = this.#fill(step.command.text, step.command.line);
    const untilMs = this.#handle.run.nowMs + step.timeoutMs;
    for (;;) {
      const saidBefore = this.#handle.notModelled.length;
      const typed = await this.#terminal.type(node, text);
      const isOver = typed.exitCode === 0 || this.#handle.notModelled.length > saidBefore;
      if (isOver || this.#handle.run.nowMs >= untilMs || this.#handle.bound !== undefined) {
        draft.commands.push({
          line: step.command.line,
          node,
          text,
          output: typed.stdout + typed.stderr,
          exitCode: typed.exitCode,
        });
        if (!isOver)
          this.#found(draft, {
            kind: "wait",
            line: step.line,
            text: `it did not come true within ${formatDuration(step.timeoutMs)}: ${text.split("\n")[0]}`,
          });
        return;
      }
      this.#waitForChange(step.everyMs, untilMs);
    }
  }

  /** Until the next look that can see something new: nobody looks again while nothing has happened, but once a minute. */
  #waitForChange(everyMs: number, untilMs: number): void {
    const { run, trace } = this.#handle;
    const seen = trace.length;
    const lookMs = Math.min(untilMs, run.nowMs + LOOK_AGAIN_MS);
    do this.#handle.advance(Math.min(everyMs, Math.max(1, untilMs - run.nowMs)));
    while (trace.length === seen && run.nowMs < lookMs && this.#handle.bound === undefined);
  }

  #playHand(step: Extract<RunbookStep, { kind: "hand" }>, draft: Draft, onPeer: boolean): void {
    const { run, twin } = this.#handle;
    for (const part of step.parts) {
      if (part.kind === "look") {
        const condition = this.#condition(part.condition, part.line);
        this.#handle.uses("Hands and eyes", "look");
        if (!twin.promises.holds(run, condition))
          this.#found(draft, {
            kind: "look",
            line: part.line,
            text: `${part.text || conditionWords(part.condition)}: it is not so`,
          });
        continue;
      }
      const one = this.#filledStep(part.step, part.line, onPeer);
      this.#handle.uses(
        one.kind === "operator" && /^power/.test(one.action.name) ? "Power (vCenter, BMC)" : "Hands and eyes",
        labelOf(one),
      );
      run.act((instant) => {
        const entry = instant.note({
          kind: "operator",
          subject: "hands",
          what: "by hand",
          text: part.text || labelOf(one),
        });
        instant.because(entry, () =>
          performChecked(instant, twin, { file: this.#runbook.file, steps: [...this.#done, one] }, one),
        );
      });
      this.#done.push(one);
      this.#handle.settleInstant();
    }
  }

  /** Placeholders in a hand step's parameters; and the peer in the node's place, where it is done on the wrong one. */
  #filledStep(step: Step, line: number, onPeer: boolean): Step {
    if (step.kind === "heal") return step;
    const fill = (value: unknown): unknown => {
      if (typeof value !== "string") return Array.isArray(value) ? value.map(fill) : value;
      const text = this.#fill(value, line);
      return onPeer && this.#handle.twin.topology.nodes.has(text) ? this.#peerOf(text) : text;
    };
    return {
      ...step,
      params: Object.fromEntries(Object.entries(step.params).map(([name, value]) => [name, fill(value)])),
    };
  }

  #nodeFor(step: RunbookStep, command: CommandLine, onPeer: boolean): string {
    const { file } = this.#runbook;
    const written = command.node ?? (this.#draft?.commands.length ? undefined : step.node);
    if (written !== undefined) this.#at = this.#fill(written, command.line);
    if (this.#at === undefined)
      throw new InputError({
        file,
        line: command.line,
        message: "no prompt, info string or front matter (node) says on which node this is typed",
      });
    const { nodes } = this.#handle.twin.topology;
    if (!nodes.has(this.#at))
      throw new InputError({
        file,
        line: command.line,
        message: "unknown node",
        value: this.#at,
        known: [...nodes.keys()],
        knownAs: "nodes",
      });
    return onPeer ? this.#peerOf(this.#at) : this.#at;
  }

  #peerOf(node: string): string {
    const { clusters } = this.#handle.twin;
    const cluster = clusters.clusterOf(node);
    const others = cluster === undefined ? [] : clusters.nodesOf(cluster).filter((other) => other !== node);
    return others[0] ?? node;
  }

  /** `exit` goes back to where the prompt says; there is nothing to type. */
  #leave(text: string): { stdout: string; stderr: string; exitCode: number } | undefined {
    return text === "exit" || text === "logout" ? { stdout: "", stderr: "", exitCode: 0 } : undefined;
  }

  #deed(deed: Deed): void {
    const { twin, run } = this.#handle;
    const text = harmOf(deed, twin, run, () => run.freeze());
    const draft = this.#draft;
    if (text !== undefined && draft) this.#found(draft, { kind: "harm", line: draft.step.line, text });
  }

  #found(draft: Draft, problem: Omit<Problem, "atMs">, atMs = this.#handle.run.nowMs): void {
    draft.problems.push({ ...problem, atMs: atMs - this.#firstMs });
  }

  #didSomething(from: number): boolean {
    return this.#handle.trace.slice(from).some(({ kind }) => kind === "operator" || kind === "heal");
  }

  /** Promises that broke since, put down to the step on whose account they did. */
  #blameBreaches(from: number): void {
    const { always } = this.#runbook.front;
    for (const entry of this.#handle.trace.slice(from)) {
      if (entry.kind !== "promise" || entry.what !== "broken") continue;
      const name = entry.subject.slice("promise/".length);
      if (always !== "all" && !always.includes(name)) continue;
      const index = this.#handle.stepOf(entry.id) ?? this.#steps.findLastIndex(({ isPlayed }) => isPlayed);
      const draft = this.#steps[index] ?? this.#draft;
      if (draft)
        this.#found(
          draft,
          { kind: "promise", line: draft.step.line, text: `${name} is broken: ${entry.text ?? ""}` },
          entry.atMs,
        );
    }
  }

  #outages(): ReadonlyMap<string, number> {
    const { run, twin } = this.#handle;
    return new Map([...twin.promises.outages].map(([name, cell]) => [name, outageMs(run.get(cell), run.nowMs)]));
  }

  /** A budget that was overdrawn is put down to the step in which most of the outage fell. */
  #blameOutages(): void {
    const outages = this.#outages();
    const played = this.#steps.filter(({ isPlayed }) => isPlayed);
    const inSteps = (name: string) => played.reduce((sum, draft) => sum + (draft.outagesMs[name] ?? 0), 0);
    for (const [name, budgetMs] of this.#budgets()) {
      const ms = (outages.get(name) ?? 0) - (this.#outBefore.get(name) ?? 0);
      if (ms <= budgetMs) continue;
      const afterMs = ms - inSteps(name);
      const most = played.reduce<Draft | undefined>((worst, draft) => {
        const share = (one: Draft) => (one.outagesMs[name] ?? 0) + (one === played.at(-1) ? afterMs : 0);
        return worst === undefined || share(draft) > share(worst) ? draft : worst;
      }, undefined);
      const text = `${name} is out for ${formatDuration(ms)} of at most ${formatDuration(budgetMs)}`;
      if (most) this.#found(most, { kind: "outage", line: most.step.line, text });
    }
  }

  #endProblems(): Problem[] {
    const { front, yaml } = this.#runbook;
    const { run, twin } = this.#handle;
    const found: Problem[] = [];
    for (const [i, document] of front.holds.entries()) {
      const line = yaml.lineOf(["holds", i]);
      const condition = this.#condition(document, line);
      if (twin.promises.holds(run, condition)) continue;
      const why = condition.kind === "steady" ? `: ${twin.promises.unsteady(run).slice(0, 3).join("; ")}` : "";
      found.push({
        kind: "end",
        line,
        text: `at the end it does not hold that ${conditionWords(document)}${why}`,
        atMs: run.nowMs - this.#firstMs,
      });
    }
    return found;
  }

  #condition(document: HoldDocument, line: number) {
    const fill = (text: string | undefined) => (text === undefined ? {} : { text: this.#fill(text, line) });
    const node = fill(document.node).text;
    const on = fill(document.on).text;
    return conditionOf({
      within: 0,
      ...document,
      ...(node !== undefined && { node }),
      ...(on !== undefined && { on }),
    });
  }

  #fill(text: string, line: number): string {
    return filled(text, this.#values, this.#runbook.file, line);
  }
}

/** Problems that an operator sees: he stops there. Harm that nobody shows him goes on. */
const STOPS: ReadonlySet<Problem["kind"]> = new Set(["impossible", "exit", "output", "look", "wait"]);

/** A wait looks at least this often, whatever its condition depends on. */
const LOOK_AGAIN_MS = 60_000;
