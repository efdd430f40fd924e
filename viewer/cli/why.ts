import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../model/errors.js";
import type { RecordedScenario, RunRecord, Verdict } from "../../model/verdict/types.js";
import { type Replayed, replayToken } from "../../scenarios/replay.js";
import { TopologyErrors } from "../../scenarios/topology-errors.js";
import { momentText, parseMoment } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { groundOf, OWN_ENGINE } from "../text/replay-command.js";
import { CauseGraph } from "../why/chain.js";
import { type Explanation, explainForward, explainService, explainSubject } from "../why/explain.js";
import { explainResource, findResource } from "../why/resource.js";
import { schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { LAST_RUN, readRunRecord } from "./run-record.js";
import { topologyFrom } from "./topology-option.js";

interface WhyFlags {
  readonly at?: number;
  readonly scenario?: string;
  readonly trace: string;
  readonly forward?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

const FORWARD_LINES = 60;

/** `fencepost why`: reads the last run and walks the causes of a state, or the effects of a fault. */
export function registerWhy(program: Command): void {
  program
    .command("why")
    .description("explain a state of the last run: the path hop by hop, and the causes back to the fault")
    .argument("<subject>", "a service, journey, resource, node, …: journey/horizon-login, or a part of a name")
    .addOption(
      new Option("--at <moment>", "95s, 1m35s, 0:01:35.250 (default: when it was out, else the end)").argParser(moment),
    )
    .option("--scenario <name>", "which scenario of the run (default: the first in which it changed)")
    .option("--trace <file>", "a run's record", LAST_RUN)
    .option("--forward", "what it led to, instead of what it came from")
    .option("--json", "the lines as data")
    .option("-v, --verbose", "every hop, the cables too")
    .action(async (subject: string, flags: WhyFlags) => {
      const explanation = await explain(subject, flags);
      const { lines } = explanation;
      process.stdout.write(flags.json ? `${JSON.stringify(explanation, null, 2)}\n` : `${lines.join("\n")}\n`);
      process.exitCode = EXIT.pass;
    });
}

async function explain(wanted: string, flags: WhyFlags): Promise<Explanation> {
  if (wanted.trim() === "")
    throw new InputError({
      file: "why",
      line: 0,
      message: "why what? a service, journey, resource or node, or a part of its name",
    });
  const record = readRunRecord(flags.trace);
  const scenario = scenarioOf(record, wanted, flags);
  const { verdict, trace } = scenario;
  const recorded = new CauseGraph([...(record.prologue ?? []), ...trace]);
  if (flags.at !== undefined && flags.at > verdict.endedAtMs)
    throw new InputError({
      file: "--at",
      line: 0,
      message: `${verdict.name} ended at ${momentText(verdict.endedAtMs)}; nothing is known of`,
      value: momentText(flags.at),
    });
  const firstMs = flags.at ?? defaultMoment(verdict, wanted, recorded);
  const still = await standstill(record, scenario, firstMs);
  const graph = still ? new CauseGraph([...prologueOf(still), ...trace]) : recorded;
  if (still && !flags.forward) {
    const standing = { twin: still.settled.twin, world: still.run.world, startMs: still.run.startMs };
    const service = standing.twin.services.resolve(wanted);
    if (service) return explainService(service, firstMs, graph, standing, flags.verbose);
    const resource = findResource(standing, wanted);
    if (resource) return explainResource(resource, firstMs, graph, standing);
  }
  const [subject, ...others] = graph.subjectsLike(wanted);
  if (subject === undefined) throw unknownSubject(wanted, flags.trace, still);
  if (others.length > 0)
    process.stderr.write(escapeTerminal(`also: ${others.slice(0, 8).join(", ")}${others.length > 8 ? ", …" : ""}\n`));
  if (!flags.forward) return explainSubject(subject, firstMs, graph);
  const entry =
    flags.at === undefined ? graph.of(subject).find(({ atMs }) => atMs >= 0) : graph.lastOf(subject, flags.at);
  if (!entry) throw unknownSubject(wanted, flags.trace, still);
  return explainForward(subject, entry, graph, FORWARD_LINES);
}

/** The scenario to look at: the named one; else the only one; else the first in which the subject changed. */
function scenarioOf(record: RunRecord, wanted: string, flags: WhyFlags): RecordedScenario {
  const known = record.scenarios.map(({ verdict }) => verdict.name);
  if (flags.scenario !== undefined) {
    const named = record.scenarios.find(({ verdict }) => verdict.name === flags.scenario);
    if (named) return named;
    throw new InputError({
      file: flags.trace,
      line: 0,
      message: "unknown scenario",
      value: flags.scenario,
      known,
      knownAs: "scenarios",
    });
  }
  const changed = record.scenarios.filter(({ trace }) => new CauseGraph(trace).subjectsLike(wanted).length > 0);
  const found = changed[0] ?? record.scenarios[0];
  if (!found) throw new InputError({ file: flags.trace, line: 0, message: "the run has no scenario" });
  if (record.scenarios.length > 1 && changed.length !== 1) {
    const which =
      changed.length > 1 ? `the first of ${changed.length} scenarios in which it changed` : "the first scenario";
    process.stderr.write(escapeTerminal(`${found.verdict.name}, ${which}; --scenario chooses another\n`));
  }
  return found;
}

/** Just after it stopped being served (or last changed), else the end. */
function defaultMoment(verdict: Verdict, wanted: string, graph: CauseGraph): number {
  const [subject] = graph.subjectsLike(wanted);
  const told = subject === undefined ? [] : graph.of(subject).filter(({ atMs }) => atMs >= 0);
  const out = told.find(({ kind, to }) => kind === "service" && to !== "served");
  return out?.atMs ?? told.at(-1)?.atMs ?? verdict.endedAtMs;
}

/** The twin, played again up to the moment; undefined (with a word) where the topology is gone or has changed. */
async function standstill(record: RunRecord, scenario: RecordedScenario, atMs: number): Promise<Replayed | undefined> {
  const { file, set = [], engine = OWN_ENGINE } = groundOf(record, scenario);
  try {
    const topology = topologyFrom(file);
    const scheduler = await schedulerFor(engine);
    return replayToken(scenario.verdict.replay, topology, { scheduler, version: record.fencepost, set }, atMs);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof TopologyErrors)) throw error;
    process.stderr.write(escapeTerminal(`only the trace can be told: ${error.message}\n`));
    return undefined;
  }
}

function prologueOf({ settled, run }: Replayed) {
  return settled.prologue.map((entry) => ({ ...entry, atMs: entry.atMs - run.startMs }));
}

function unknownSubject(wanted: string, file: string, still: Replayed | undefined): InputError {
  return new InputError({
    file,
    line: 0,
    message: "the run tells nothing of",
    value: wanted,
    known: still?.settled.twin.services.names ?? [],
    knownAs: "services and journeys",
  });
}

function moment(value: string): number {
  const ms = parseMoment(value);
  if (ms === undefined) throw new InvalidArgumentError("A moment is like 95s, 1m35s or 0:01:35.250.");
  return ms;
}
