import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { InputError } from "../model/errors.js";
import { readScenario, type Scenario } from "./file/read-scenario.js";
import { YAML_CHARACTERS_MAX } from "./file/yaml-text.js";
import { readInputText } from "./input-file.js";

const SUFFIX = ".scenario.yaml";
const DEPTH_MAX = 12;

/**
 * Scenario files: each path that is a file, and every `*.scenario.yaml` below each path that is a folder (hidden folders
 * and node_modules left out), sorted. Throws InputError for a path that does not exist.
 */
export function discoverScenarios(paths: readonly string[]): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number) => {
    if (depth > DEPTH_MAX) return;
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
        walk(join(folder, entry.name), depth + 1);
      else if (entry.isFile() && entry.name.endsWith(SUFFIX)) found.push(join(folder, entry.name));
    }
  };
  for (const path of paths) {
    if (!existsSync(path)) throw new InputError({ file: path, line: 0, message: "there is no such file or folder" });
    if (statSync(path).isDirectory()) walk(path, 0);
    else found.push(path);
  }
  return [...new Set(found)];
}

/** A file as messages and commands name it: from the working directory where it lies below, else as it was given. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file) || file;
  return path.startsWith("..") ? file : path;
}

/** Reads one file. Throws InputError. */
export function readScenarioFile(file: string): Scenario {
  const shown = shownPath(file);
  return readScenario(readInputText(file, { shown, bytesMax: YAML_CHARACTERS_MAX * 4 }), shown);
}
