import { readFileSync, statSync } from "node:fs";
import { InputError } from "../../model/errors.js";
import type { ExplorationReport } from "./report.js";

const BYTES_MAX = 256 * 1024 * 1024;

/** The report of an exploration, as `fencepost explore --json` writes it. Throws InputError for what is none. */
export function readExploration(file: string): ExplorationReport {
  const refuse = (message: string) => new InputError({ file, line: 0, message });
  let text: string;
  try {
    if (statSync(file).size > BYTES_MAX) throw refuse(`more than ${BYTES_MAX} bytes`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw refuse("there is no such file, or it cannot be read");
  }
  let read: Partial<ExplorationReport> | null;
  try {
    read = JSON.parse(text);
  } catch {
    throw refuse("this is no JSON");
  }
  const isReport =
    typeof read === "object" &&
    read !== null &&
    [read.alone, read.services, read.counterexamples, read.restless, read.set].every(Array.isArray) &&
    typeof read.topology?.hash === "string" &&
    typeof read.counts?.worlds === "number";
  if (!isReport || read!.version !== 1) throw refuse("this is no report of fencepost explore --json");
  return read as ExplorationReport;
}
