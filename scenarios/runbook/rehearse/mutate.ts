import { faults } from "../../faults/index.js";
import type { Step } from "../../file/read-scenario.js";
import type { SettledTwin } from "../../runner/prepare.js";
import type { Runbook } from "../page/runbook.js";
import { planOf, playRunbook } from "../play/play.js";
import type { PlayedStep, Problem, RunbookResult } from "../play/result.js";
import type { PlanItem } from "../play/session.js";
import { STOPS } from "../play/step-player.js";
import { type Start, startsOf } from "./starts.js";

export type MutantKind = "skipped" | "repeated" | "swapped" | "on the peer" | "too early" | "second fault";

/** One way to get a page wrong, played from the start. */
export interface Mutant {
  readonly kind: MutantKind;
  /** Of the step that is not done as the page says. */
  readonly line: number;
  readonly title: string;
  /** The starting faults that it was played from. */
  readonly start: string;
  /** What it says: `lose-node lb1`, for a second fault. */
  readonly detail: string;
  /**
   * harmless: nothing worse than the page itself. caught: it ends in harm, and a check of the page fails before that.
   * harmful: it ends in harm, and nothing on the page would have told. unknown: it ran into what is not modelled.
   */
  readonly outcome: "harmless" | "caught" | "harmful" | "unknown";
  readonly harm?: Pick<Problem, "line" | "text">;
  /** The check that fails before the harm. */
  readonly caughtBy?: Pick<Problem, "line" | "text">;
  /** For a harmful one: what to check, and where. */
  readonly missing?: string;
}

export interface MutationReport {
  readonly version: 1;
  readonly name: string;
  readonly file: string;
  /** The page itself, as it is written. */
  readonly page: RunbookResult["verdict"];
  readonly mutants: readonly Mutant[];
  /** Of those that end in harm, how many are caught before; 1 where none does. */
  readonly score: number;
}

export interface MutateOptions {
  readonly seed?: number;
  readonly onMutant?: (done: number, total: number) => void;
}

/** One way to get a page wrong, before it is played. */
export interface Planned {
  readonly kind: MutantKind;
  readonly item: PlanItem;
  readonly detail: string;
  readonly plan: readonly PlanItem[];
}

const HARM: ReadonlySet<Problem["kind"]> = new Set(["harm", "promise", "outage", "left", "end"]);

/** Plays every mutant of a page from each of its starts, going on behind failed checks to see what they guard against. */
export async function mutateRunbook(
  settled: SettledTwin,
  runbook: Runbook,
  options: MutateOptions = {},
): Promise<MutationReport> {
  const starts = startsOf(runbook);
  const seed = options.seed === undefined ? {} : { seed: options.seed };
  const mutants: Mutant[] = [];
  let page: RunbookResult["verdict"] = "pass";
  const planned = plannedMutants(settled, runbook);
  const total = planned.length * starts.length;
  for (const [i, start] of starts.entries()) {
    const baseline = await playRunbook(settled, runbook, { ...seed, before: start.before, keepGoing: true });
    if (i === 0) page = baseline.verdict;
    for (const one of planned) {
      const result = await playRunbook(settled, runbook, {
        ...seed,
        before: start.before,
        plan: one.plan,
        keepGoing: true,
      });
      mutants.push(judgedMutant(one, start, result, baseline));
      options.onMutant?.(mutants.length, total);
    }
  }
  const caught = mutants.filter(({ outcome }) => outcome === "caught").length;
  const harmful = mutants.filter(({ outcome }) => outcome === "harmful").length;
  const score = caught + harmful === 0 ? 1 : caught / (caught + harmful);
  return { version: 1, name: runbook.name, file: runbook.file, page, mutants, score };
}

/** Each step skipped, repeated, swapped with the next, on the peer, too early, and with a second fault before it. */
export function plannedMutants(settled: SettledTwin, runbook: Runbook): readonly Planned[] {
  const plan = planOf(runbook);
  const found: Planned[] = [];
  for (const [i, item] of plan.entries()) {
    const rest = (from: number) => plan.slice(from);
    const head = plan.slice(0, i);
    const next = plan[i + 1];
    const add = (kind: MutantKind, changed: readonly PlanItem[], detail = "") =>
      found.push({ kind, item, detail, plan: changed });
    add("skipped", [...head, ...rest(i + 1)]);
    add("repeated", [...head, item, item, ...rest(i + 1)]);
    if (next) add("swapped", [...head, next, item, ...rest(i + 2)], `with line ${next.step.line}`);
    if (item.step.kind !== "wait" && i >= 0) add("on the peer", [...head, { ...item, onPeer: true }, ...rest(i + 1)]);
    const waitsBefore = head.at(-1)?.step.kind === "wait" ? 1 : 0;
    if (i > 0)
      add("too early", [...head.slice(0, head.length - waitsBefore), { ...item, atOnce: true }, ...rest(i + 1)]);
    const fault = secondFault(settled, item, i);
    if (fault) add("second fault", [...head, { ...item, fault: fault.step }, ...rest(i + 1)], fault.text);
  }
  return found;
}

/** The next thing to break: the node that the step relies on loses power. */
function secondFault(
  { twin }: SettledTwin,
  { step }: PlanItem,
  index: number,
): { step: Step; text: string } | undefined {
  const text = step.kind === "commands" ? step.commands.map((one) => `${one.node ?? ""} ${one.text}`).join(" ") : "";
  const node =
    [...twin.topology.nodes.keys()].find((id) => new RegExp(`\\b${id}\\b`).test(text)) ??
    firstOf(twin.clusters.ids.flatMap(twin.clusters.nodesOf));
  if (node === undefined) return undefined;
  const fault = faults.get("lose-node")!;
  return {
    step: { kind: "fault", atMs: 0, label: `second-fault-${index}`, line: step.line, fault, params: { node } },
    text: `lose-node ${node}`,
  };
}

function firstOf<T>(list: readonly T[]): T | undefined {
  return list[0];
}

function judgedMutant(planned: Planned, start: Start, result: RunbookResult, baseline: RunbookResult): Mutant {
  const { kind, item, detail } = planned;
  const base = { kind, line: item.step.line, title: titleOf(baseline, item), start: start.name, detail };
  const known = new Set(problemsOf(baseline).map(({ text }) => text));
  const found = problemsOf(result).filter(({ text }) => !known.has(text));
  const harmAt = found.findIndex(({ kind: one }) => HARM.has(one));
  const isUnknown = result.unknowns.length > baseline.unknowns.length;
  if (harmAt < 0) return { ...base, outcome: isUnknown ? "unknown" : "harmless" };
  const { line, text } = found[harmAt]!;
  const harm = { line, text };
  // What is found at the end was done before: any check that fails on the way comes in time.
  const check = found.slice(0, harmAt).find(({ kind: one }) => STOPS.has(one));
  if (check) return { ...base, outcome: "caught", harm, caughtBy: { line: check.line, text: check.text } };
  return { ...base, outcome: "harmful", harm, missing: missingCheck(planned, baseline, harm) };
}

/** Problems in the order in which they came to pass. */
function problemsOf(result: RunbookResult): readonly Problem[] {
  return [...result.steps.flatMap(({ problems }) => problems), ...result.end].sort((a, b) => a.atMs - b.atMs);
}

function titleOf(baseline: RunbookResult, item: PlanItem): string {
  return baseline.steps.find(({ index }) => index === item.step.index)?.title ?? item.step.title;
}

/** What would have told: what the step does when it is done rightly, looked for before the page goes on. */
function missingCheck({ kind, item }: Planned, baseline: RunbookResult, harm: Pick<Problem, "line" | "text">): string {
  const done: PlayedStep | undefined = baseline.steps.find(({ index }) => index === item.step.index);
  const result = done?.changed.filter((text) => text !== "and more").at(-1);
  const where =
    harm.line > item.step.line ? `before line ${harm.line}` : `behind line ${done?.endLine ?? item.step.endLine}`;
  const node = /fence of ([\w.-]+)/.exec(harm.text)?.[1];
  if (node !== undefined) return `${where}: see that ${node} is off, by its power and not by the cluster`;
  if (/starts mysqld|write/.test(harm.text))
    return `${where}: see that no other node has the datadir open (crm_resource --locate, mount, fuser)`;
  if (/leaves (.*) behind/.test(harm.text))
    return `at the end: see that ${/leaves (.*) behind/.exec(harm.text)![1]} is gone`;
  if (kind === "second fault") return `${where}: see that what the page relies on is still there`;
  return result === undefined ? `${where}: see that line ${item.step.line} was done` : `${where}: see that ${result}`;
}
