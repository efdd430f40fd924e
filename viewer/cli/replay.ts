import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { InputError } from "../../model/errors.js";
import type { RunRecord } from "../../model/verdict/types.js";
import { TOKEN_PREFIX } from "../../scenarios/records/replay-token.js";
import { replayToken } from "../../scenarios/replay.js";
import { VERSION } from "../../scenarios/version.js";
import { exitCodeOf } from "../reporters/reporter.js";
import { terminalReporter } from "../reporters/terminal.js";
import { groundOf } from "../text/replay-command.js";
import { entryLine } from "../why/tell.js";
import { wantsColor } from "./color.js";
import { engineOption, schedulerFor } from "./engine.js";
import { LAST_RUN, readRunRecord, writeWhole } from "./run-record.js";
import { DEFAULT_TOPOLOGY, defaultTopology, topologyFrom } from "./topology-option.js";

interface ReplayFlags {
  readonly topology?: string;
  readonly set: readonly string[];
  readonly engine: string;
  readonly json?: boolean;
  readonly trace?: boolean;
  readonly color?: boolean;
}

/** `fencepost replay TOKEN`: plays a verdict's token again; refuses one of another version or topology. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("play a verdict's token again: the same trace, byte for byte")
    .argument("<token>", "fp1.…, as a verdict prints it; or the name of a scenario of the last run here")
    .option("-t, --topology <file>", `the topology it was made on (${DEFAULT_TOPOLOGY})`)
    .option(
      "--set <edit>",
      "the edits it was made with (repeatable)",
      (value: string, all: readonly string[]) => [...all, value],
      [],
    )
    .option("--trace", "print every entry of the trace")
    .addOption(new Option("--json", "the record as data, trace included"))
    .addOption(engineOption())
    .option("--no-color", "no colours")
    .action(async (given: string, flags: ReplayFlags) => {
      const { token, file, set } = asked(given, flags);
      const topology = topologyFrom(file);
      const { run } = replayToken(token, topology, {
        scheduler: await schedulerFor(flags.engine),
        version: VERSION,
        set,
      });
      const { verdict, trace } = run;
      const record: RunRecord = {
        version: 1,
        fencepost: VERSION,
        topology: { name: topology.name, file: topology.file, hash: topology.hash },
        engine: flags.engine,
        ...(set.length > 0 && { set }),
        scenarios: [{ verdict, trace }],
      };
      writeWhole(LAST_RUN, JSON.stringify(record));
      if (flags.json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      else {
        if (flags.trace) for (const entry of trace) process.stdout.write(`${entryLine(entry)}\n`);
        const color = wantsColor(process.stdout, flags.color !== false);
        process.stdout.write(terminalReporter.render(record, { color, verbose: true, quiet: false }));
      }
      process.exitCode = exitCodeOf(record);
    });
}

/** A token with its topology and edits: as given, or by a scenario's name from the last run. */
function asked(given: string, { topology, set }: ReplayFlags) {
  if (given.startsWith(TOKEN_PREFIX) || !existsSync(LAST_RUN))
    return { token: given, file: topology ?? defaultTopology(), set };
  const record = readRunRecord(LAST_RUN);
  const named = record.scenarios.find(({ verdict }) => verdict.name === given);
  if (!named)
    throw new InputError({
      file: LAST_RUN,
      line: 0,
      message: `no token (one begins with ${TOKEN_PREFIX}), and no scenario of the last run:`,
      value: given,
      known: record.scenarios.map(({ verdict }) => verdict.name),
      knownAs: "scenarios",
    });
  const ground = groundOf(record, named);
  return {
    token: named.verdict.replay,
    file: topology ?? ground.file,
    set: set.length > 0 ? set : (ground.set ?? []),
  };
}
