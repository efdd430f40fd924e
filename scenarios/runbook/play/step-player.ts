import { InputError } from "../../../model/errors.js";
import { formatDuration } from "../../file/duration.js";
import { labelOf, type Step } from "../../file/read-scenario.js";
import { performChecked } from "../../runner/run-scenario.js";
import type { CommandLine, CommandsStep, HandStep, RunbookStep, WaitStep } from "../page/runbook.js";
import type { Draft } from "./draft.js";
import { differs } from "./expected-output.js";
import type { PlayedCommand, Problem } from "./result.js";
import type { PlanItem, Session } from "./session.js";
import { conditionWords, exitText } from "./words.js";

/** Problems that an operator sees: he stops there. Harm that nobody shows him goes on. */
export const STOPS: ReadonlySet<Problem["kind"]> = new Set(["impossible", "exit", "output", "look", "wait"]);

/** A wait looks at least this often, whatever its condition depends on. */
const LOOK_AGAIN_MS = 60_000;

/** Does what one step of the page says, when its person has taken his time. */
export async function playStep(session: Session, item: PlanItem, draft: Draft): Promise<void> {
  const { step } = item;
  if (item.fault) breakSomething(session, item.fault);
  if (!item.atOnce) session.handle.advance(step.takesMs ?? session.runbook.front.step);
  if (step.kind === "hand") playHand(session, step, draft, item.onPeer === true);
  else if (step.kind === "wait") await playWait(session, step, draft);
  else await playCommands(session, step, draft, item.onPeer === true);
}

function breakSomething(session: Session, fault: Step): void {
  const { handle } = session;
  const { step } = handle;
  // Nobody's doing: it goes on no step's account.
  handle.step = -1;
  perform(session, fault);
  handle.step = step;
}

function perform({ handle, runbook, done }: Session, step: Step, text?: string): void {
  const played = { file: runbook.file, steps: [...done, step] };
  handle.run.act((instant) => {
    const act = () => performChecked(instant, handle.twin, played, step);
    if (text === undefined) return act();
    const entry = instant.note({ kind: "operator", subject: "hands", what: "by hand", text });
    instant.because(entry, act);
  });
  done.push(step);
  handle.settleInstant();
}

async function playCommands(session: Session, step: CommandsStep, draft: Draft, onPeer: boolean): Promise<void> {
  const { handle, terminal, options } = session;
  for (const [i, command] of step.commands.entries()) {
    const isLast = i === step.commands.length - 1;
    const node = nodeFor(session, step, command, onPeer);
    draft.node ||= node;
    const text = session.fill(command.text, command.line);
    const saidBefore = handle.notModelled.length;
    const typed = hasLeft(text) ?? (await terminal.type(node, text));
    session.at = handle.takeHop() ?? session.at;
    const output = typed.stdout + typed.stderr;
    const isUnknown = handle.notModelled.length > saidBefore;
    const wanted = command.expected?.lines.map((line) => session.fill(line, command.line));
    const difference = wanted === undefined ? undefined : differs(wanted, output);
    const expected = wanted && { expected: difference === undefined ? ("came" as const) : ("differs" as const) };
    const played: PlayedCommand = {
      line: command.line,
      node,
      text,
      output,
      exitCode: typed.exitCode,
      ...expected,
    };
    draft.commands.push(played);
    if (handle.bound !== undefined) return;
    if (isUnknown) continue;
    if (typed.exitCode === 255 && /^ssh: connect to host/.test(typed.stderr) && wanted === undefined)
      session.found(draft, { kind: "impossible", line: command.line, text: typed.stderr.trim() });
    else if (difference !== undefined)
      session.found(draft, { kind: "output", line: command.expected!.line, text: difference });
    else if (exitIsWrong(step, typed.exitCode, isLast, wanted !== undefined))
      session.found(draft, { kind: "exit", line: command.line, text: exitText(text, typed.exitCode, output) });
    if (draft.problems.some(({ kind }) => STOPS.has(kind)) && !options.keepGoing) return;
  }
}

/** Output that came as the page shows it vouches for its exit code as well. */
function exitIsWrong(step: CommandsStep, exitCode: number, isLast: boolean, isShown: boolean): boolean {
  if (step.exit === "any") return false;
  if (step.exit !== undefined && isLast) return exitCode !== step.exit;
  return exitCode !== 0 && !isShown;
}

async function playWait(session: Session, step: WaitStep, draft: Draft): Promise<void> {
  const { handle, terminal } = session;
  const { line } = step.command;
  const node = nodeFor(session, step, step.command, false);
  draft.node = node;
  const text = session.fill(step.command.text, line);
  const untilMs = handle.run.nowMs + step.timeoutMs;
  for (;;) {
    const saidBefore = handle.notModelled.length;
    const typed = await terminal.type(node, text);
    const isOver = typed.exitCode === 0 || handle.notModelled.length > saidBefore;
    if (isOver || handle.run.nowMs >= untilMs || handle.bound !== undefined) {
      draft.commands.push({ line, node, text, output: typed.stdout + typed.stderr, exitCode: typed.exitCode });
      if (!isOver)
        session.found(draft, {
          kind: "wait",
          line: step.line,
          text: `it did not come true within ${formatDuration(step.timeoutMs)}: ${text.split("\n")[0]}`,
        });
      return;
    }
    waitForChange(session, step.everyMs, untilMs);
  }
}

/** Until the next look that can see something new: nobody looks again while nothing has happened, but once a minute. */
function waitForChange({ handle }: Session, everyMs: number, untilMs: number): void {
  const { run, trace } = handle;
  const seen = trace.length;
  const lookMs = Math.min(untilMs, run.nowMs + LOOK_AGAIN_MS);
  do handle.advance(Math.min(everyMs, Math.max(1, untilMs - run.nowMs)));
  while (trace.length === seen && run.nowMs < lookMs && handle.bound === undefined);
}

function playHand(session: Session, step: HandStep, draft: Draft, onPeer: boolean): void {
  const { handle, twin } = session;
  for (const part of step.parts) {
    const { line } = part;
    if (part.kind === "look") {
      handle.uses("Hands and eyes", "look");
      if (twin.promises.holds(handle.run, session.condition(part.condition, line))) continue;
      const text = `${part.text || conditionWords(part.condition)}: it is not so`;
      session.found(draft, { kind: "look", line, text });
      continue;
    }
    const one = filledStep(session, part.step, line, onPeer);
    const isPower = one.kind === "operator" && /^power/.test(one.action.name);
    handle.uses(isPower ? "Power (vCenter, BMC)" : "Hands and eyes", labelOf(one));
    perform(session, one, part.text || labelOf(one));
  }
}

/** Placeholders in a hand step's parameters; and the peer in the node's place, where it is done on the wrong one. */
function filledStep(session: Session, step: Step, line: number, onPeer: boolean): Step {
  if (step.kind === "heal") return step;
  const fill = (value: unknown): unknown => {
    if (typeof value !== "string") return Array.isArray(value) ? value.map(fill) : value;
    const text = session.fill(value, line);
    return onPeer && session.twin.topology.nodes.has(text) ? peerOf(session, text) : text;
  };
  return {
    ...step,
    params: Object.fromEntries(Object.entries(step.params).map(([name, value]) => [name, fill(value)])),
  };
}

function nodeFor(session: Session, step: RunbookStep, command: CommandLine, onPeer: boolean): string {
  const { file } = session.runbook;
  const written = command.node ?? (session.draft?.commands.length ? undefined : step.node);
  if (written !== undefined) session.at = session.fill(written, command.line);
  if (session.at === undefined)
    throw new InputError({
      file,
      line: command.line,
      message: "no prompt, info string or front matter (node) says on which node this is typed",
    });
  const { nodes, guests } = session.twin.topology;
  if (!nodes.has(session.at) && !guests.has(session.at))
    throw new InputError({
      file,
      line: command.line,
      message: "unknown node",
      value: session.at,
      known: [...nodes.keys(), ...guests.keys()],
      knownAs: "nodes",
    });
  return onPeer ? peerOf(session, session.at) : session.at;
}

function peerOf({ twin }: Session, node: string): string {
  const { clusters } = twin;
  const cluster = clusters.clusterOf(node);
  const others = cluster === undefined ? [] : clusters.nodesOf(cluster).filter((other) => other !== node);
  return others[0] ?? node;
}

/** `exit` goes back to where the prompt says; there is nothing to type. */
function hasLeft(text: string): { stdout: string; stderr: string; exitCode: number } | undefined {
  return text === "exit" || text === "logout" ? { stdout: "", stderr: "", exitCode: 0 } : undefined;
}
