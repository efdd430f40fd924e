import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll } from "vitest";

/** The program under test: this checkout's build, or another (an unpacked package) that the environment names. */
export const MAIN = resolve(process.env["FENCEPOST_TEST_MAIN"] ?? "dist/viewer/cli/main.js");
export const PAIR = resolve("fixtures/minimal-pair");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An environment in which nothing of the machine's reaches the program but where its files and programs are. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...more };
}

/** Runs the program as a user would, in a folder; ends with what it wrote and its exit code. */
export function fencepost(
  args: readonly string[],
  {
    cwd,
    env = {},
    input = "",
  }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string },
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: environment(env) });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", fail);
    child.stdin.end(input);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder, removed after the tests of the file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fencepost-"));
  folders.push(folder);
  return folder;
}

/** A new folder with the minimal pair in `pair/` and the given files beside it. */
export function pairFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = newFolder();
  cpSync(PAIR, join(folder, "pair"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A scenario on the minimal pair in which web1 is lost and comes back, with more YAML after it. */
export function scenarioText(name: string, more = ""): string {
  return `name: ${name}
title: web1 is lost
topology: pair/topology.yaml
timeline:
  - { fault: lose-node, node: web1, as: lost }
  - { after: 2m, heal: lost }
settle: 5m
${more}`;
}
