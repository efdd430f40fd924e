import type { Reader } from "../../model/kernel/index.js";
import type { NodeId } from "../../model/twin/parts.js";
import type { Twin } from "../../model/twin/twin.js";
import type { NodeFiles } from "./node-files.js";
import type { WorldHandle } from "./world-handle.js";

/** What a command says and how it ends. */
export interface Result {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

/** One call of a command, on a node of the twin, at the present virtual time. */
export interface Call {
  /** The name it was called by. */
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly node: NodeId;
  readonly handle: WorldHandle;
  readonly twin: Twin;
  /** The present. */
  readonly read: Reader;
  readonly files: NodeFiles;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
  /** Runs a script in a shell of a node: this one's, or another's (ssh). */
  exec(script: string, node?: NodeId, stdin?: string): Promise<Required<Result>>;
  /** The command of that name that the shell brings itself. */
  original(args: readonly string[]): Promise<Result>;
  /** Says that something is not modelled: the verdict is unknown then, never pass. */
  notModelled(what: string): Result;
}

/** A command of the shells. One a file; `index.ts` lists them. */
export interface ShellCommand {
  readonly names: readonly string[];
  /** What an operator has to know to use it: `Linux`, `Pacemaker`, `MySQL`, … */
  readonly interface: string;
  run(call: Call): Result | Promise<Result>;
}

export function ok(stdout = ""): Result {
  return { stdout: stdout === "" || stdout.endsWith("\n") ? stdout : `${stdout}\n` };
}

export function fail(stderr: string, exitCode = 1): Result {
  return { stderr: stderr === "" || stderr.endsWith("\n") ? stderr : `${stderr}\n`, exitCode };
}
