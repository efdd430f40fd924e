#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { InputError } from "../../model/errors.js";
import { TopologyErrors } from "../../scenarios/topology-errors.js";
import { VERSION } from "../../scenarios/version.js";
import { escapeTerminal } from "../text/markup.js";
import { EXIT } from "./exit.js";
import { registerVerbs } from "./verbs.js";

// `fencepost … | head` closes the pipe early: that is no error of anybody's.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

/** The program `fencepost`: one file a verb, each registering its command. */
const program = new Command("fencepost")
  .description("A deterministic twin of highly available infrastructure: break it here first.")
  .version(VERSION, "-V, --version")
  .exitOverride()
  .showSuggestionAfterError()
  .addHelpText(
    "after",
    "\nExit codes: 0 pass, 1 a promise was broken, 2 usage or invalid input, 3 inconclusive, 4 a bug, 130 interrupted.",
  );

try {
  await registerVerbs(program, process.argv[2]);
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong on standard error; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has said it already, and shows its help where no verb was given.
    const isAnswer = error.code === "commander.helpDisplayed" || error.code === "commander.version";
    return isAnswer ? EXIT.pass : EXIT.usage;
  }
  if (error instanceof InputError || error instanceof TopologyErrors) {
    console.error(escapeTerminal(error.message));
    return EXIT.usage;
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  console.error("This is a bug in fencepost.");
  return EXIT.internal;
}
