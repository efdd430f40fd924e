import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { InputError } from "../model/errors.js";

export interface InputFileOptions {
  /** More are refused before they are read. */
  readonly bytesMax?: number;
  /** The file as messages name it, where that is not the path itself. */
  readonly shown?: string;
}

/** More than any text that somebody writes by hand, less than what fills the memory. */
const BYTES_MAX = 64 * 1024 * 1024;

/** The text of a file that somebody named. Throws InputError, in the same words whatever the file is for. */
export function readInputText(file: string, options: InputFileOptions = {}): string {
  return readInputBytes(file, options).toString("utf8");
}

/** As `readInputText`; undefined where there is no such file. */
export function readTextIfThere(file: string, options: InputFileOptions = {}): string | undefined {
  return readIfThere(file, options)?.toString("utf8");
}

/** As `readInputText`, for what is no text. */
export function readInputBytes(file: string, options: InputFileOptions = {}): Buffer {
  const bytes = readIfThere(file, options);
  if (!bytes) throw new InputError({ file: options.shown ?? file, line: 0, message: "there is no such file" });
  return bytes;
}

/** What standard input brings. Throws InputError. */
export function readStandardInput(options: InputFileOptions = {}): Buffer {
  return readOpened(0, "standard input", options);
}

function readIfThere(file: string, options: InputFileOptions): Buffer | undefined {
  const shown = options.shown ?? file;
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadable(shown, code);
  }
  try {
    return readOpened(descriptor, shown, options);
  } finally {
    closeSync(descriptor);
  }
}

function readOpened(descriptor: number, shown: string, { bytesMax = BYTES_MAX }: InputFileOptions): Buffer {
  try {
    if (fstatSync(descriptor).isDirectory())
      throw new InputError({ file: shown, line: 0, message: "this is a folder, no file" });
    refuseBeyond(bytesMax, fstatSync(descriptor).size, shown);
    const bytes = readFileSync(descriptor);
    // What a pipe brings has no size before.
    refuseBeyond(bytesMax, bytes.length, shown);
    return bytes;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unreadable(shown, (error as NodeJS.ErrnoException).code);
  }
}

function refuseBeyond(bytesMax: number, size: number, file: string): void {
  if (size > bytesMax)
    throw new InputError({ file, line: 0, message: `the file has ${size} bytes; at most ${bytesMax} are read` });
}

function unreadable(file: string, code: string | undefined): InputError {
  return new InputError({ file, line: 0, message: `cannot be read: ${code ?? "unknown error"}` });
}
