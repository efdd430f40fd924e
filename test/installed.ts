import { spawnSync } from "node:child_process";

/** Whether a program is there to be run; what it says of --version, some with an error, is all the same. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"]).error === undefined;
}
