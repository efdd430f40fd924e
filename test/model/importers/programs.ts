import { spawnSync } from "node:child_process";

/** Runs a program; gives its exit code. */
export function exitCode(program: string, args: readonly string[]): number | null {
  return spawnSync(program, args).status;
}

/** Runs a program; gives what it says on stderr. */
export function complaints(program: string, args: readonly string[]): string {
  return spawnSync(program, args, { encoding: "utf8" }).stderr;
}

/** The error that a function throws, as "name: message"; "nothing" where it throws none. */
export function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "nothing";
}
