import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Command, Option } from "commander";
import { parseDate } from "../../model/cluster/cib/dates.js";
import { readCib } from "../../model/cluster/cib/read.js";
import { writeCib, writeXml } from "../../model/cluster/cib/write.js";
import type { Scheduler } from "../../model/cluster/scheduler/interface.js";
import { printDot } from "../../model/cluster/scheduler/print/dot.js";
import { graphElement } from "../../model/cluster/scheduler/print/graph-xml.js";
import { type OperationSpec, parseOperationSpec } from "../../model/cluster/scheduler/simulate/operation-spec.js";
import { type SimulateOptions, type Simulation, simulate } from "../../model/cluster/scheduler/simulate/simulate.js";
import { InputError } from "../../model/errors.js";
import { escapeTerminal } from "../text/markup.js";
import { readCibText } from "./cib-input.js";
import { engineOption, schedulerFor } from "./engine.js";
import { EXIT } from "./exit.js";
import { simulationJson } from "./simulation-json.js";

interface Flags {
  readonly outDir?: string;
  readonly setDatetime?: string;
  readonly showScores?: boolean;
  readonly textFancy?: boolean;
  readonly saveDotfile?: string;
  readonly saveGraph?: string;
  readonly saveOutput?: string;
  readonly json?: boolean;
  readonly engine: string;
  readonly nodeUp: string[];
  readonly nodeDown: string[];
  readonly nodeFail: string[];
  readonly opInject: string[];
  readonly opFail: string[];
  readonly quorum?: string;
  readonly ticketGrant: string[];
  readonly ticketRevoke: string[];
  readonly ticketStandby: string[];
  readonly ticketActivate: string[];
}

/** `fencepost simulate`: what Pacemaker would do with a CIB, in the words of `crm_simulate -S`. */
export function registerSimulate(program: Command): void {
  const command = program
    .command("simulate")
    .description("decide on CIBs as Pacemaker does, execute at once and show both states")
    .argument("<cib...>", "CIB files, plain or bzip2'd; - reads standard input")
    .option("--out-dir <dir>", "write DIR/CASE.summary for each CASE.xml instead of printing")
    .option("-t, --set-datetime <datetime>", "decide as of this date (ISO 8601)")
    .option("-s, --show-scores", "show how nodes scored (without headings, as crm_simulate does)")
    .option("--text-fancy", "headings and bullets with --show-scores too")
    .option("-D, --save-dotfile <file>", "save the transition graph in DOT format")
    .option("-G, --save-graph <file>", "save the transition graph as XML")
    .option("-O, --save-output <file>", "save the CIB with the results")
    .option("--json", "the same as data")
    .addOption(engineOption());
  repeatable(command, "-u, --node-up <node>", "simulate bringing a node online");
  repeatable(command, "-d, --node-down <node>", "simulate taking a node offline");
  repeatable(command, "-f, --node-fail <node>", "simulate a node failing");
  repeatable(command, "-i, --op-inject <spec>", "inject a result: RESOURCE_TASK_INTERVALMS@NODE=RC");
  repeatable(command, "-F, --op-fail <spec>", "if the operation occurs, have it fail with RC");
  command.option("-q, --quorum <quorum>", "set to 1 (or true) for quorum");
  repeatable(command, "-g, --ticket-grant <ticket>", "simulate granting a ticket");
  repeatable(command, "-r, --ticket-revoke <ticket>", "simulate revoking a ticket");
  repeatable(command, "-b, --ticket-standby <ticket>", "simulate making a ticket standby");
  repeatable(command, "-e, --ticket-activate <ticket>", "simulate activating a ticket");
  command.action(async (files: string[], flags: Flags) => {
    process.exitCode = await simulateFiles(files, flags);
  });
}

function repeatable(command: Command, flags: string, description: string): void {
  command.addOption(
    new Option(flags, description)
      .default([], "none")
      .argParser((value: string, before: string[]) => [...before, value]),
  );
}

/** One bad file does not stop the others: its error is told, and the exit code says so at the end. */
async function simulateFiles(files: readonly string[], flags: Flags): Promise<number> {
  const options = simulateOptions(flags);
  const single = [flags.saveDotfile, flags.saveGraph, flags.saveOutput].some((f) => f !== undefined);
  if (single && files.length > 1) {
    throw new InputError({
      file: "simulate",
      line: 0,
      message: "--save-… takes one CIB; given",
      value: String(files.length),
    });
  }
  const scheduler = await schedulerFor(flags.engine);
  if (flags.outDir !== undefined) mkdirSync(flags.outDir, { recursive: true });
  let exitCode: number = EXIT.pass;
  for (const file of files) {
    try {
      deliver(file, await simulateFile(file, scheduler, options), flags);
    } catch (error) {
      if (!(error instanceof InputError)) {
        if (files.length === 1) throw error;
        console.error(
          escapeTerminal(`${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
        );
        exitCode = EXIT.internal;
        continue;
      }
      console.error(escapeTerminal(error.message));
      if (exitCode === EXIT.pass) exitCode = EXIT.usage;
    }
  }
  return exitCode;
}

async function simulateFile(file: string, scheduler: Scheduler, options: SimulateOptions): Promise<Simulation> {
  return simulate(readCib(await readCibText(file), file === "-" ? "standard input" : file), scheduler, options);
}

function deliver(file: string, result: Simulation, flags: Flags): void {
  const text = flags.json ? `${JSON.stringify(simulationJson(result), null, 2)}\n` : result.text;
  if (flags.outDir === undefined) process.stdout.write(flags.json ? text : escapeLines(text));
  else write(join(flags.outDir, `${caseName(file)}.${flags.json ? "json" : "summary"}`), text);
  for (const { action, awaits } of result.decision.stuck)
    console.error(escapeTerminal(`${file}: never done: ${action} waits for ${awaits}, which is not to be done`));
  if (flags.saveDotfile !== undefined) write(flags.saveDotfile, printDot(result.decision));
  if (flags.saveGraph !== undefined) write(flags.saveGraph, writeXml(graphElement(result)));
  if (flags.saveOutput !== undefined) write(flags.saveOutput, writeCib(result.output));
}

/** Straight into the place named, which may be a device. Throws InputError. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new InputError({ file, line: 0, message: `cannot be written: ${code}` });
  }
}

/** Names from a CIB cannot steer the terminal; tabs and line ends are the text's own. */
function escapeLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.split("\t").map(escapeTerminal).join("\t"))
    .join("\n");
}

/** `pe-input-12.bz2` and `CASE.xml` without their endings. */
function caseName(file: string): string {
  return file === "-" ? "stdin" : basename(file).replace(/(\.xml)?(\.bz2)?$/, "");
}

function simulateOptions(flags: Flags): SimulateOptions {
  const nowEpochSeconds = Math.floor(Date.now() / 1000);
  if (flags.setDatetime !== undefined && parseDate(flags.setDatetime, nowEpochSeconds) === undefined) {
    throw new InputError({ file: "--set-datetime", line: 0, message: "not a date", value: flags.setDatetime });
  }
  return {
    nowEpochSeconds,
    ...(flags.setDatetime === undefined ? {} : { setDatetime: flags.setDatetime }),
    showScores: flags.showScores ?? false,
    wholeGraph: flags.saveGraph !== undefined || flags.saveDotfile !== undefined || flags.json === true,
    ...(flags.textFancy ? { style: "fancy" as const } : {}),
    fail: flags.opFail.map((text) => spec("--op-fail", text)),
    injections: {
      ...(flags.quorum === undefined ? {} : { quorum: flags.quorum }),
      nodeUp: flags.nodeUp,
      nodeDown: flags.nodeDown,
      nodeFail: flags.nodeFail,
      ticketGrant: flags.ticketGrant,
      ticketRevoke: flags.ticketRevoke,
      ticketStandby: flags.ticketStandby,
      ticketActivate: flags.ticketActivate,
      operations: flags.opInject.map((text) => spec("--op-inject", text)),
    },
  };
}

function spec(option: string, text: string): OperationSpec {
  const parsed = parseOperationSpec(text);
  if (parsed) return parsed;
  throw new InputError({
    file: option,
    line: 0,
    message: "not RESOURCE_TASK_INTERVALMS@NODE=RC:",
    value: text,
  });
}
