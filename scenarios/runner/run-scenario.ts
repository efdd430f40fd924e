import { type Instant, RANDOM_STREAM_VERSION, Run, type TraceEntry, type World } from "../../model/kernel/index.js";
import { type Condition, conditionText, outageMs, type Steady } from "../../model/promises/index.js";
import type { PromiseResult, Verdict } from "../../model/verdict/types.js";
import { checkServedNames } from "../file/check-names.js";
import { formatDuration } from "../file/duration.js";
import { labelOf, type Scenario, type Step } from "../file/read-scenario.js";
import type { WithinDocument } from "../file/scenario-schema.js";
import { encodeReplay } from "../records/replay-token.js";
import { assumptionsOf, unmodelledResources } from "./assumptions.js";
import { ImpossibleStep } from "./impossible-step.js";
import { judge } from "./judge.js";
import { advanceByInstants, type Onlooker } from "./onlooker.js";
import type { SettledTwin } from "./prepare.js";
import { type Witness, witness } from "./witness.js";

export interface RunScenarioOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Without it, entries are counted and looked at, but not kept. */
  readonly keepTrace?: boolean;
  /** Stands still at this moment of the timeline, to be looked at; what is judged then is not the whole. */
  readonly stopAtMs?: number;
  /** The version that goes into the replay token. */
  readonly version: string;
  readonly onlooker?: Onlooker;
}

export interface ScenarioRun {
  readonly verdict: Verdict;
  /** Times count from the start of the timeline; what happened before it is negative, in the prologue. */
  readonly trace: readonly TraceEntry[];
  /** Virtual time of the world at the start of the timeline. */
  readonly startMs: number;
  /** The world that the run ended in. */
  readonly world: World;
}

/** Plays a scenario from a settled world. The same seed gives the same trace, byte for byte. */
export function runScenario(settled: SettledTwin, scenario: Scenario, options: RunScenarioOptions): ScenarioRun {
  const { twin, base } = settled;
  const { promises } = twin;
  checkServedNames(scenario, [...twin.served.keys()]);
  const seed = options.seed ?? scenario.seed;
  const startMs = base.nowMs;
  const trace: TraceEntry[] = [];
  const witnesses = witnessesOf(scenario);
  let step = -1;
  const run = new Run(base.withSeed(seed), {
    onTrace(entry) {
      const shown = { ...entry, atMs: entry.atMs - startMs };
      for (const one of witnesses) one.look(shown, step);
      options.onlooker?.entry(shown);
      if (options.keepTrace !== false) trace.push(shown);
    },
  });

  const unknowns: string[] = [...unmodelledResources(twin, scenario)];
  const budgets = budgetsOf(scenario, twin.served.keys());
  run.act((instant) => {
    promises.arm(instant, budgets);
    promises.expectOrder(instant, scenario.expect.order);
  });
  const unsteadyBefore = scenario.expect.steady.before ? [...settled.problems] : [];
  const waiting = scenario.expect.within.map((item, i) => withinOf(item, i));
  const endMs = endOf(scenario);
  const boundMs = Math.min(endMs, scenario.bounds.virtualTime, options.stopAtMs ?? Number.POSITIVE_INFINITY);
  let events = 0;
  const look = () => options.onlooker?.instant(run, run.nowMs - startMs);
  const advance = (untilMs: number) => {
    const left = scenario.bounds.events - events;
    const toMs = startMs + Math.min(untilMs, boundMs);
    const count = options.onlooker ? advanceByInstants(run, toMs, left, look) : run.advanceTo(toMs, left);
    events += count;
    return count < left;
  };

  let eventsLeft = true;
  for (const [index, current] of scenario.steps.entries()) {
    if (current.atMs > boundMs) break;
    eventsLeft = advance(current.atMs);
    if (!eventsLeft) break;
    step = index;
    run.act((instant) => {
      for (const item of waiting)
        if (item.fromStep(scenario) === index) promises.promiseWithin(instant, item, item.withinMs);
      performChecked(instant, twin, scenario, current);
    });
    look();
  }
  if (eventsLeft) eventsLeft = advance(endMs);
  if (!eventsLeft)
    unknowns.push(
      `the bound of ${scenario.bounds.events} events was reached at ${formatDuration(run.nowMs - startMs)}`,
    );
  else if (boundMs < endMs)
    unknowns.push(`the bound of ${formatDuration(scenario.bounds.virtualTime)} of virtual time was reached`);

  const outagesMs = new Map<string, number>();
  for (const [name, cell] of promises.outages) {
    const ms = outageMs(run.get(cell), run.nowMs);
    if (ms > 0) outagesMs.set(name, ms);
  }
  const results: PromiseResult[] = [
    { name: "steady/before", kind: "steady", ...steadyStatus(scenario.expect.steady.before, unsteadyBefore) },
  ];
  for (const promise of promises.promises) {
    if (scenario.expect.always !== "all" && !scenario.expect.always.includes(promise.name)) continue;
    const { broken, exercised, atMs, entry, evidence } = run.get(promise.cell);
    results.push({
      name: promise.name,
      kind: "always",
      status: broken ? "broken" : exercised ? "kept" : "not-exercised",
      ...(broken && { atMs: (atMs ?? startMs) - startMs, entry: entry!, evidence: evidence! }),
    });
  }
  const reached = new Map(run.get(promises.results).map((result) => [result.name, result]));
  for (const item of waiting) {
    const result = reached.get(item.name);
    results.push(
      result
        ? {
            name: item.name,
            kind: "within",
            status: result.kept ? "kept" : "broken",
            atMs: result.atMs - startMs,
            entry: result.entry,
            evidence: result.evidence,
          }
        : { name: item.name, kind: "within", status: "not-exercised", evidence: "its deadline was not reached" },
    );
  }
  for (const [name, budgetMs] of budgets) {
    const ms = outagesMs.get(name) ?? 0;
    results.push({
      name: `served/${name}`,
      kind: "served",
      status: ms <= budgetMs ? "kept" : "broken",
      evidence: `out for ${formatDuration(ms)} of at most ${formatDuration(budgetMs)}`,
    });
  }
  for (const one of witnesses) results.push(witnessResult(one, scenario));
  const unsteadyAfter = promises.unsteady(run);
  if (scenario.expect.steady.after)
    results.push({
      name: "steady/after",
      kind: "steady",
      ...steadyStatus(eventsLeft && boundMs === endMs, unsteadyAfter),
      atMs: run.nowMs - startMs,
    });

  const recoveryMs = unsteadyAfter.length === 0 ? recoveryOf(run.get(promises.steady), scenario, startMs) : undefined;
  const judged = judge(scenario, results, unknowns);
  const verdict: Verdict = {
    version: 1,
    name: scenario.name,
    title: scenario.title,
    file: scenario.file,
    ...judged,
    ...(recoveryMs !== undefined && { recoveryMs }),
    outagesMs: Object.fromEntries([...outagesMs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))),
    promises: results,
    assumptions: assumptionsOf(twin, run, scenario),
    unknowns: judged.unknowns,
    seed,
    replay: encodeReplay({
      fencepost: options.version,
      streams: RANDOM_STREAM_VERSION,
      topology: twin.topology.hash,
      seed,
      scenario: withoutProse(scenario.document),
    }),
    endedAtMs: run.nowMs - startMs,
    events,
  };
  return { verdict, trace, startMs, world: run.freeze() };
}

/** A step that fits nothing there (a unit that the node does not have) is bad input, with its place. */
export function performChecked(
  instant: Instant,
  twin: SettledTwin["twin"],
  scenario: Pick<Scenario, "file" | "steps">,
  step: Step,
): void {
  try {
    perform(instant, twin, scenario, step);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ImpossibleStep({ file: scenario.file, line: step.line, message: `${labelOf(step)}: ${error.message}` });
  }
}

function perform(
  instant: Instant,
  twin: SettledTwin["twin"],
  scenario: Pick<Scenario, "file" | "steps">,
  step: Step,
): void {
  if (step.kind === "fault") {
    const { fault, params } = step;
    const entry = instant.note({
      kind: "fault",
      subject: fault.subject(params),
      what: fault.name,
      text: fault.summary,
      data: params,
    });
    instant.because(entry, () => fault.inject(instant, twin, params));
  } else if (step.kind === "heal") {
    const healed = scenario.steps[step.of] as Extract<Step, { kind: "fault" }>;
    const { fault, params } = healed;
    const entry = instant.note({
      kind: "heal",
      subject: fault.subject(params),
      what: `heal ${labelOf(healed)}`,
      data: params,
    });
    instant.because(entry, () => fault.heal(instant, twin, params));
  } else {
    const { action, params } = step;
    if (action.tellsItself) {
      action.perform(instant, twin, params);
      return;
    }
    const entry = instant.note({
      kind: "operator",
      subject: action.subject(params),
      what: action.name,
      text: action.command(params),
      data: params,
    });
    instant.because(entry, () => action.perform(instant, twin, params));
  }
}

/** What a replay does not need, left out to keep its token short. */
function withoutProse(document: unknown): unknown {
  const { about: _, ...rest } = document as Record<string, unknown>;
  return rest;
}

/**
 * From the first fault until everything that was served is served for good and the clusters have settled from it. What
 * an operator does afterwards (starting the cluster on a node that came back) takes time that is not recovery.
 */
function recoveryOf({ recoveredAtMs, servedAgainAtMs }: Steady, scenario: Scenario, startMs: number): number {
  const faultMs = startMs + (scenario.steps.find(({ kind }) => kind !== "heal")?.atMs ?? 0);
  return Math.max(0, (recoveredAtMs ?? faultMs) - faultMs, (servedAgainAtMs ?? faultMs) - faultMs);
}

interface Waiting {
  readonly name: string;
  readonly condition: Condition;
  readonly withinMs: number;
  fromStep(scenario: Scenario): number;
}

function withinOf(item: WithinDocument, index: number): Waiting {
  const condition = conditionOf(item);
  return {
    name: `within/${index + 1} ${conditionText(condition)} within ${formatDuration(item.within)}`,
    condition,
    withinMs: item.within,
    fromStep: (scenario) => (item.of === undefined ? 0 : scenario.steps.findIndex((step) => labelOf(step) === item.of)),
  };
}

export function conditionOf(item: WithinDocument): Condition {
  if (item.served !== undefined) return { kind: "served", service: item.served };
  if (item.settled !== undefined) return { kind: "settled", cluster: item.settled };
  if (item.node !== undefined) return { kind: "node", node: item.node, state: item.is === "off" ? "off" : "up" };
  if (item.resource === undefined) return { kind: "steady" };
  const slash = item.resource.indexOf("/");
  return {
    kind: "resource",
    cluster: item.resource.slice(0, slash),
    resource: item.resource.slice(slash + 1),
    state: item.is === "stopped" || item.is === "promoted" ? item.is : "started",
    ...(item.on !== undefined && { on: item.on }),
  };
}

function budgetsOf(scenario: Scenario, known: Iterable<string>): ReadonlyMap<string, number> {
  const budgets = new Map<string, number>();
  const names = [...known];
  for (const { journey, service, outage } of scenario.expect.served) {
    const prefix = journey !== undefined ? "journey/" : "service/";
    const wanted = journey ?? service;
    for (const name of wanted === "*" ? names.filter((one) => one.startsWith(prefix)) : [`${prefix}${wanted}`])
      budgets.set(name, outage);
  }
  return budgets;
}

/** The last step, the last deadline, and a while to see that it lasts. */
function endOf(scenario: Scenario): number {
  const lastMs = Math.max(...scenario.steps.map(({ atMs }) => atMs));
  const deadlinesMs = scenario.expect.within.map(({ within, of }) => {
    const from = of === undefined ? scenario.steps[0] : scenario.steps.find((step) => labelOf(step) === of);
    return (from?.atMs ?? 0) + within;
  });
  return Math.max(lastMs + scenario.settle, ...deadlinesMs.map((ms) => ms + 1));
}

function witnessesOf(scenario: Scenario): readonly Witness[] {
  return scenario.expect.sometimes.map((document) =>
    witness(
      document,
      document.after === undefined ? -1 : scenario.steps.findIndex((step) => labelOf(step) === document.after),
    ),
  );
}

function witnessResult({ name, document, seen, fromStep }: Witness, scenario: Scenario): PromiseResult {
  const evidence = seen && `${seen.subject} ${seen.what}${seen.text ? `: ${seen.text}` : ""}`;
  const when = seen && { atMs: seen.atMs, entry: seen.id, evidence: evidence! };
  if (document.within !== undefined) {
    const fromMs = scenario.steps[fromStep]?.atMs ?? 0;
    const isSoon = seen !== undefined && seen.atMs - fromMs <= document.within;
    const late = seen ? `only at ${formatDuration(seen.atMs)}: ${evidence}` : "it was not seen";
    return {
      name: `within/${name}`,
      kind: "within",
      status: isSoon ? "kept" : "broken",
      ...when,
      ...(!isSoon && { evidence: late }),
    };
  }
  const result = { name: `sometimes/${name}`, kind: "sometimes" as const };
  if (seen) return { ...result, status: document.never ? "broken" : "kept", ...when };
  return document.never
    ? { ...result, status: "kept" }
    : { ...result, status: "not-exercised", evidence: "it was not seen" };
}

const PROBLEMS_SHOWN = 3;

function steadyStatus(judged: boolean, problems: readonly string[]): Pick<PromiseResult, "status" | "evidence"> {
  if (!judged) return { status: "not-exercised" };
  if (problems.length === 0) return { status: "kept" };
  const more = problems.length > PROBLEMS_SHOWN ? `; and ${problems.length - PROBLEMS_SHOWN} more` : "";
  return { status: "broken", evidence: problems.slice(0, PROBLEMS_SHOWN).join("; ") + more };
}
