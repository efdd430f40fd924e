import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../model/errors.js";

/** The keys of a configuration file: the flags of that name. Those that are paths count from the file's folder. */
const KEYS = ["topology", "reporter", "seed", "waivers", "baseline", "engine"];
const PATHS = new Set(["topology", "waivers", "baseline"]);

/** Node reads TypeScript by itself from 22.18 on. */
const NAMES = ["ts", "mts", "js", "mjs"].map((extension) => `fencepost.config.${extension}`);

/**
 * Gives a verb its settings from elsewhere. Precedence: flags, then `FENCEPOST_*` (each option's `env`), then
 * `fencepost.config.*` found walking up from the working directory, then defaults.
 */
export function withSettings(command: Command): Command {
  return command
    .addOption(
      new Option("-c, --config <file>", "settings (default: fencepost.config.mjs here or in a folder above)").env(
        "FENCEPOST_CONFIG",
      ),
    )
    .hook("preAction", async (_, action) => {
      const file = action.opts<{ config?: string }>().config ?? findUp(process.cwd());
      if (file !== undefined) apply(await read(file), file, action);
    });
}

function findUp(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
    if (found !== undefined || dirname(folder) === folder) return found;
  }
}

async function read(file: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(file)) throw new InputError({ file, line: 0, message: "there is no such file" });
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(resolve(file)).href)) as typeof loaded;
  } catch (error) {
    const isTypeScript = (error as NodeJS.ErrnoException).code === "ERR_UNKNOWN_FILE_EXTENSION";
    const message = isTypeScript
      ? `Node ${process.versions.node} reads no TypeScript; write fencepost.config.mjs, or take Node 22.18`
      : `cannot be read: ${error instanceof Error ? error.message : error}`;
    throw new InputError({ file, line: 0, message });
  }
  if (typeof loaded.default !== "object" || loaded.default === null)
    throw new InputError({ file, line: 0, message: "it has no default export with settings", known: KEYS });
  return loaded.default as Record<string, unknown>;
}

/** Sets what neither a flag nor the environment has set. Throws InputError. */
function apply(settings: Readonly<Record<string, unknown>>, file: string, command: Command): void {
  for (const [key, value] of Object.entries(settings)) {
    if (!KEYS.includes(key))
      throw new InputError({ file, line: 0, message: "unknown key", value: key, known: KEYS, knownAs: "keys" });
    const option = command.options.find((one) => one.attributeName() === key);
    const source = command.getOptionValueSource(key);
    if (!option || source === "cli" || source === "env") continue;
    command.setOptionValueWithSource(key, settingOf(option, value, file), "config");
  }
}

/** A setting as its flag would have read it. */
function settingOf(option: Option, value: unknown, file: string): unknown {
  const key = option.attributeName();
  const refuse = (message: string, given: unknown) =>
    new InputError({ file, line: 0, message: `${key}: ${message}`, value: String(given) });
  let read: unknown = option.defaultValue;
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one !== "string" && typeof one !== "number") throw refuse("expected text or a number, not", one);
    const text = PATHS.has(key) ? join(dirname(file), String(one)) : String(one);
    try {
      read = option.parseArg ? option.parseArg(text, read as never) : text;
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw refuse(error.message, one);
      throw error;
    }
  }
  return read;
}
