import { dirname, relative, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../model/errors.js";
import { parseDuration } from "../../scenarios/file/duration.js";
import { readSteps } from "../../scenarios/file/read-scenario.js";
import { parseYamlText } from "../../scenarios/file/yaml-text.js";
import { Twins } from "../../scenarios/run.js";
import { performChecked } from "../../scenarios/runner/run-scenario.js";
import { type HistoryLine, historyPage } from "../../scenarios/shell/history.js";
import { Terminal } from "../../scenarios/shell/terminal.js";
import { WorldHandle } from "../../scenarios/shell/world-handle.js";
import { durationText, momentText } from "../text/duration.js";
import { escapeTerminal } from "../text/markup.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { writeWhole } from "./run-record.js";
import { topologyFrom } from "./topology-option.js";

interface Flags {
  readonly topology: string;
  readonly fault: readonly string[];
  readonly node?: string;
  readonly seed?: number;
  readonly speed?: number;
  readonly history?: string;
  readonly engine: string;
}

const HELP = `:node NODE    goes to another node's shell      :wait 5m    lets virtual time pass
:time         virtual time since the start      :trace      what happened since the last line
:save FILE    the history as a runbook          :quit       ends (so does Ctrl-D)
`;

/** `fencepost shell`: the twin's shells by hand, for game days and training. */
export function registerShell(program: Command): void {
  program
    .command("shell")
    .description("the shells of a broken twin by hand: for game days and training")
    .requiredOption("-t, --topology <file>", "topology.yaml, or its folder")
    .option(
      "--fault <step>",
      'what is broken, as a step of a timeline: "fault: lose-node, node: web1" (repeatable)',
      collect,
      [],
    )
    .option("--node <node>", "where the first line is typed (default: the first node)")
    .addOption(new Option("--seed <n>", "seed of the twin").argParser(number))
    .addOption(
      new Option("--speed <factor>", "virtual time also runs while you think, this many times as fast").argParser(
        number,
      ),
    )
    .option("--history <file>", "save the history as a runbook at the end")
    .addOption(engineOption())
    .action(async (flags: Flags) => {
      process.exitCode = await shell(flags);
    });
}

async function shell(flags: Flags): Promise<number> {
  const topology = topologyFrom(flags.topology);
  const settled = new Twins({ scheduler: await schedulerFor(flags.engine) }).settle(topology);
  const { twin, base } = settled;
  const nodes = [...twin.topology.nodes.keys()];
  let node = flags.node ?? nodes[0] ?? "";
  checkNode(node, nodes);
  const seed = flags.seed ?? 1;
  const handle = new WorldHandle(twin, base.withSeed(seed), { eventsMax: 50_000_000, virtualMs: 30 * 86_400_000 });
  breakTwin(handle, flags.fault);
  const terminal = new Terminal(handle, seed);
  const history: HistoryLine[] = [];
  const save = (file: string) =>
    writeWhole(
      file,
      historyPage(
        relative(dirname(resolve(file)), resolve(topology.file)),
        flags.fault.map((text) => `{ ${text} }`),
        history,
      ),
    );
  const reader = createInterface({ input: process.stdin, terminal: false });
  const isLive = Boolean(process.stdin.isTTY);
  const prompt = () => process.stdout.write(`[root@${escapeTerminal(node)} ~]# `);
  if (isLive) process.stdout.write(HELP);
  let seen = handle.trace.length;
  let thoughtSinceMs = performance.now();
  prompt();
  for await (const line of reader) {
    if (!isLive) process.stdout.write(`${escapeTerminal(line)}\n`);
    if (flags.speed !== undefined) handle.advance((performance.now() - thoughtSinceMs) * flags.speed);
    const command = /^:(\w+)\s*(.*)$/.exec(line.trim());
    if (command?.[1] === "quit") break;
    if (command) {
      node = own(command[1]!, command[2]!.trim(), node);
    } else if (line.trim() !== "") {
      const { stdout, stderr } = await terminal.type(node, line);
      history.push({ node, text: line.trim(), output: stdout + stderr });
      process.stdout.write(shown(stdout + stderr));
      node = handle.takeHop() ?? node;
    }
    if (handle.bound !== undefined) {
      process.stderr.write(`a bound was reached: ${handle.bound}\n`);
      break;
    }
    thoughtSinceMs = performance.now();
    prompt();
  }
  reader.close();
  process.stdout.write("\n");
  for (const { text } of handle.notModelled) process.stderr.write(`not modelled: ${escapeTerminal(text)}\n`);
  if (flags.history !== undefined) save(flags.history);
  return handle.notModelled.length > 0 ? EXIT.unknown : EXIT.pass;

  /** A line for the session itself; returns the node that the next line is typed on. */
  function own(verb: string, rest: string, at: string): string {
    const said = (text: string) => process.stdout.write(`${text}\n`);
    switch (verb) {
      case "node":
        if (nodes.includes(rest)) return rest;
        said(`unknown node "${escapeTerminal(rest)}"; nodes: ${nodes.join(", ")}`);
        break;
      case "wait": {
        const ms = parseDuration(rest);
        if (ms === undefined) said("a duration has its unit: 30s, 5m, 1h");
        else {
          handle.advance(ms);
          history.push({ node: at, text: `sleep ${ms / 1000}`, output: "" });
          said(`${durationText(ms)} passed`);
        }
        break;
      }
      case "time":
        said(momentText(handle.elapsedMs));
        break;
      case "trace":
        for (const entry of handle.trace.slice(seen))
          said(
            escapeTerminal(
              `${momentText(entry.atMs - handle.startMs)}  ${entry.subject}: ${entry.what}${entry.text === undefined ? "" : `. ${entry.text}`}`,
            ),
          );
        seen = handle.trace.length;
        break;
      case "save":
        if (rest === "") said("which file?");
        else save(rest);
        break;
      default:
        process.stdout.write(HELP);
    }
    return at;
  }
}

/** What is broken before the first line. Throws InputError. */
function breakTwin(handle: WorldHandle, faults: readonly string[]): void {
  const yaml = parseYamlText(`[${faults.map((text) => `{ ${text} }`).join(", ")}]`, "--fault");
  const steps = readSteps(yaml.value as unknown[], yaml, []);
  for (const step of steps) {
    handle.advance(handle.startMs + step.atMs - handle.run.nowMs);
    handle.run.act((instant) => performChecked(instant, handle.twin, { file: "--fault", steps }, step));
  }
  handle.settleInstant();
}

function checkNode(node: string, nodes: readonly string[]): void {
  if (!nodes.includes(node))
    throw new InputError({
      file: "--node",
      line: 0,
      message: "unknown node",
      value: node,
      known: nodes,
      knownAs: "nodes",
    });
}

function shown(text: string): string {
  const safe = text
    .split("\n")
    .map((line) => line.split("\t").map(escapeTerminal).join("\t"))
    .join("\n");
  return safe === "" || safe.endsWith("\n") ? safe : `${safe}\n`;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function number(value: string): number {
  const found = Number(value);
  if (!Number.isFinite(found) || found < 0) throw new InvalidArgumentError("A number, 0 or more.");
  return found;
}
