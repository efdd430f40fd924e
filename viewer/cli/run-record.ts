import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../../model/errors.js";
import type { RunRecord } from "../../model/verdict/types.js";
import { readInputText } from "../../scenarios/input-file.js";

/** Where `run` leaves its record and `why` looks for it, below the working directory. */
export const LAST_RUN = join(".fencepost", "last-run.json");

const BYTES_MAX = 1_000_000_000;

/**
 * Writes a whole file or nothing: a reader never sees half of one. What is no file (a device, a pipe) is written to.
 * Throws InputError where it cannot.
 */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found && !found.isFile() && !found.isDirectory()) {
      writeFileSync(file, text);
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError({ file, line: 0, message: `cannot be written: ${code ?? "unknown error"}` });
  }
}

/** Writes a report and says where. The step summary of a GitHub job is one file for all steps: it is added to. */
export function writeReport(name: string, file: string, text: string): void {
  if (name === STEP_SUMMARY) {
    appendFileSync(file, text);
    return;
  }
  writeWhole(file, text);
  process.stderr.write(`${name} report: ${resolve(file)}\n`);
}

export const STEP_SUMMARY = "step summary";

/** Reads a run's record. Throws InputError. */
export function readRunRecord(file: string): RunRecord {
  const refuse = (message: string) => new InputError({ file, line: 0, message });
  if (file === LAST_RUN && !existsSync(file)) throw refuse("nothing was run here yet; fencepost run writes it");
  const text = readInputText(file, { bytesMax: BYTES_MAX });
  let record: RunRecord;
  try {
    record = JSON.parse(text) as RunRecord;
  } catch {
    throw refuse("this is no JSON");
  }
  const isRecord =
    typeof record === "object" &&
    record !== null &&
    record.version === 1 &&
    Array.isArray(record.scenarios) &&
    typeof record.topology?.file === "string";
  if (!isRecord) throw refuse("this is no record of a run of this version");
  return record;
}
