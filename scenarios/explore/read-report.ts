import { InputError } from "../../model/errors.js";
import { readInputText } from "../input-file.js";
import type { ExplorationReport } from "./report.js";

const BYTES_MAX = 256 * 1024 * 1024;

/** The report of an exploration, as `fencepost explore --json` writes it. Throws InputError for what is none. */
export function readExploration(file: string): ExplorationReport {
  const refuse = (message: string) => new InputError({ file, line: 0, message });
  const text = readInputText(file, { bytesMax: BYTES_MAX });
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
    read.services!.every(({ servedAtStart }) => typeof servedAtStart === "boolean") &&
    typeof read.topology?.hash === "string" &&
    typeof read.limits?.patienceMs === "number" &&
    typeof read.counts?.worlds === "number";
  if (!isReport || read!.version !== 1) throw refuse("this is no report of fencepost explore --json");
  return read as ExplorationReport;
}
