import type { Command } from "commander";
import { InputError } from "../../model/errors.js";
import { readInputText } from "../../scenarios/input-file.js";
import { type Comparison, holdAgainst, type Recording, readRecording } from "../../scenarios/recording.js";
import { escapeTerminal } from "../text/markup.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";

interface Options {
  readonly json?: boolean;
  readonly run?: string;
  readonly engine: string;
}

/** `fencepost recording FILE.json`: what a real cluster did beside what the twin does. */
export function registerRecording(program: Command): void {
  program
    .command("recording")
    .argument("<file>", "a recording of a real cluster (JSON)")
    .description("hold the twin against a recording: order of events, final status, time to recover")
    .option("--json", "print the figures as JSON")
    .option("--run <number>", "the recorded run to print beside the twin (default: the first)")
    .addOption(engineOption())
    .action(async (file: string, options: Options) => {
      const recording = readRecording(readInputText(file), file);
      const comparison = holdAgainst(recording, file, await schedulerFor(options.engine));
      if (options.json) console.log(JSON.stringify(figures(recording, comparison), null, 2));
      else for (const line of sideBySide(recording, comparison, options.run)) console.log(escapeTerminal(line));
      process.exitCode = comparison.agrees ? EXIT.pass : EXIT.broken;
    });
}

function figures(recording: Recording, comparison: Comparison): unknown {
  const { best, plays, ...rest } = comparison;
  return {
    version: 1,
    name: recording.name,
    ...rest,
    shown: best.play.name,
    plays: plays.map(({ name, missing, extra, wrongOrder, finalAgrees, spanMs }) => ({
      name,
      missing,
      extra,
      wrongOrder: wrongOrder.length,
      finalAgrees,
      spanMs,
    })),
    timeline: best.timeline,
    final: best.final,
  };
}

/** Two columns: a recorded run, and the play of the twin that tells the story best. */
function sideBySide(recording: Recording, comparison: Comparison, run: string | undefined): readonly string[] {
  const { best } = comparison;
  const index = run === undefined ? 0 : Number(run) - 1;
  const recorded = recording.runs[index];
  if (!recorded)
    throw new InputError({
      file: recording.name,
      line: 0,
      message: "no such run",
      value: run ?? "",
      known: recording.runs.map((_, i) => String(i + 1)),
      knownAs: "runs",
    });
  const left = recorded.timeline.map((event) => `${pad(event.atMs)}  ${describe(event)}`);
  const right = best.timeline.map((event) => `${pad(event.atMs)}  ${describe(event)}`);
  const width = Math.max(30, ...left.map((line) => line.length));
  const lines = [
    `${recording.name}: ${recording.nodes} nodes, ${recording.runs.length} recorded runs, ${comparison.plays.length} plays of the twin`,
    "",
    `${`recorded (run ${index + 1}), ms`.padEnd(width)}  twin (${best.play.name}), ms`,
  ];
  for (let i = 0; i < Math.max(left.length, right.length); i++)
    lines.push(`${(left[i] ?? "").padEnd(width)}  ${right[i] ?? ""}`.trimEnd());
  const [from, to] = comparison.recordedSpanMs;
  const [twinFrom, twinTo] = comparison.twinSpanMs;
  lines.push(
    "",
    `final, recorded: ${statusText(recorded.final)}`,
    `final, twin:     ${statusText(best.final)}`,
    `first fault to last start: recorded ${from} to ${to} ms, twin ${twinFrom} to ${twinTo} ms over its plays`,
    `pairs of events with one order in all runs: ${comparison.pairs}`,
    comparison.agrees ? "the twin tells the same story" : "the twin tells another story:",
    ...comparison.reasons.map((reason) => `  ${reason}`),
  );
  return lines;
}

function describe(event: {
  readonly event: string;
  readonly node?: string | undefined;
  readonly seenBy?: string | undefined;
  readonly resource?: string | undefined;
  readonly result?: string | undefined;
  readonly do?: unknown;
  readonly cmd?: unknown;
  readonly text?: unknown;
}): string {
  const { event: what, node = "", seenBy, resource, result } = event;
  if (what === "fault") return `fault ${event.text ?? [event.do, node, event.cmd].filter(Boolean).join(" ")}`;
  if (resource !== undefined) return `${what} ${resource} on ${node}: ${result ?? ""}`;
  return `${what} ${node}${seenBy === undefined ? "" : ` (seen by ${seenBy})`}`;
}

function statusText(
  status:
    | {
        readonly nodes: Readonly<Record<string, string>>;
        readonly resources: Readonly<Record<string, readonly string[]>>;
      }
    | null
    | undefined,
): string {
  if (!status) return "nobody answers";
  const nodes = Object.entries(status.nodes).map(([name, state]) => `${name} ${state}`);
  const resources = Object.entries(status.resources).map(([id, list]) => `${id} ${list.join(" + ")}`);
  return `${nodes.join(", ")}; ${resources.join(", ")}`;
}

function pad(ms: number): string {
  return String(Math.round(ms)).padStart(7);
}
