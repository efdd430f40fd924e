#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { InputError } from "../../model/errors.js";
import { escapeTerminal } from "../text/markup.js";
import { EXIT } from "./exit.js";
import { registerReplay } from "./replay.js";
import { registerRun } from "./run.js";
import { registerSchema } from "./schema.js";
import { TopologyErrors } from "./topology-option.js";
import { registerValidate } from "./validate.js";
import { VERSION } from "./version.js";
import { registerWhy } from "./why.js";

// `fencepost … | head` closes the pipe early: that is no error of anybody's.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

/** The program `fencepost`: one file a verb, each registering its command here. */
const program = new Command("fencepost")
  .description("A deterministic twin of highly available infrastructure: break it here first.")
  .version(VERSION, "-V, --version")
  .exitOverride()
  .showSuggestionAfterError();

for (const register of [registerRun, registerWhy, registerReplay, registerValidate, registerSchema]) register(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong on standard error; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  if (error instanceof InputError || error instanceof TopologyErrors) {
    console.error(escapeTerminal(error.message));
    return EXIT.usage;
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  console.error("This is a bug in fencepost.");
  return EXIT.internal;
}
