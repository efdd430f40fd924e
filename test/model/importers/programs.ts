import { spawnSync } from "node:child_process";

/** Whether a program is installed; tests that hold an importer against it are skipped where it is not. */
export function installed(program: string): boolean {
  return spawnSync("sh", ["-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`]).status === 0;
}

/** Runs a program; gives its exit code. */
export function exitCode(program: string, args: readonly string[]): number | null {
  return run(program, args).status;
}

/** Runs a program; gives what it says on stderr. */
export function complaints(program: string, args: readonly string[]): string {
  return run(program, args).stderr;
}

function run(program: string, args: readonly string[]) {
  const PATH = `${process.env["PATH"]}:/usr/sbin:/sbin`;
  return spawnSync(program, args, { env: { ...process.env, PATH }, encoding: "utf8" });
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
