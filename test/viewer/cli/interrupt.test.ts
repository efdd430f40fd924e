import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Progress } from "../../../viewer/cli/progress.js";
import { environment, MAIN, pairFolder, scenarioText } from "./fencepost.js";

test("Ctrl-C in the midst of a run ends it at once with 130, and nothing is half-written", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, i) => [
      `s${i}.scenario.yaml`,
      scenarioText(`s${i}`).replace("settle: 5m", "settle: 20h"),
    ]),
  );
  const cwd = pairFolder(many);
  const before = readdirSync(cwd);
  const child = spawn(process.execPath, [MAIN, "run", ".", "--reporter", "html", "--json"], {
    cwd,
    env: environment(),
  });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  setTimeout(() => child.kill("SIGINT"), 1_000);
  expect(await ended).toBe(130);
  expect(stdout).toBe("");
  expect(readdirSync(cwd)).toEqual(before);
});

test("a reader that closes the pipe early is no error, and the verdict's exit code stands", () => {
  const cwd = pairFolder({
    "a.scenario.yaml": scenarioText("a", "expect: { served: [{ journey: visit, outage: 1s }] }\n"),
  });
  const script = '"$0" "$1" run a.scenario.yaml --json | true; echo "$PIPESTATUS"';
  const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, MAIN], {
    cwd,
    env: environment(),
    encoding: "utf8",
  });
  expect({ stdout, stderr }).toEqual({ stdout: "1\n", stderr: "" });
});

test.skipIf(!existsSync("/proc/self"))(
  "a folder that nobody may write to keeps no traces, says so, and the verdict stands",
  () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [MAIN, "run", "-t", join(pairFolder(), "pair/topology.yaml"), "--scenario", "lose-active-node"],
      // Nobody can write there, not even root, whom no permission stops.
      { cwd: "/proc/self", env: environment(), encoding: "utf8" },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/✓ pass +lose-active-node/);
    expect(stderr).toMatch(/the traces are not kept for fencepost why: /);
  },
);

/** A standard error that remembers. */
function stream(isTTY: boolean) {
  const written: string[] = [];
  const fake = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { fake, written };
}

test("progress on a terminal is one line with an estimate, rewritten and cleared; elsewhere it is plain lines", async () => {
  const told = async (isTTY: boolean) => {
    const { CI } = process.env;
    delete process.env["CI"];
    const { fake, written } = stream(isTTY);
    const progress = new Progress("playing scenarios", {
      stream: fake,
      nowMs: clock(0, 1_000, 12_000, 12_050, 24_000),
    });
    for (const done of [1, 2, 3, 4]) progress.update(done, 8);
    progress.end();
    if (CI !== undefined) process.env["CI"] = CI;
    return written;
  };
  expect(await told(true)).toEqual([
    "\r\u001b[2Kplaying scenarios: 1 of 8, about 7.0 s left",
    "\r\u001b[2Kplaying scenarios: 2 of 8, about 36.0 s left",
    "\r\u001b[2Kplaying scenarios: 4 of 8, about 24.0 s left",
    "\r\u001b[2K",
  ]);
  expect(await told(false)).toEqual([
    "playing scenarios: 2 of 8, about 36.0 s left\n",
    "playing scenarios: 4 of 8, about 24.0 s left\n",
  ]);
});

test("progress of a run that goes on from a campaign's file is estimated by what it plays itself, part by part", () => {
  const { fake, written } = stream(true);
  const { CI } = process.env;
  delete process.env["CI"];
  const timesMs = [0, 10, 20, 2_000, 3_000, 3_010, 103_000, 113_000];
  const progress = new Progress("exploring", { stream: fake, nowMs: clock(...timesMs) });
  if (CI !== undefined) process.env["CI"] = CI;
  progress.update(99, 100, "single faults");
  progress.update(100, 100, "single faults");
  progress.update(100, 100, "heals");
  progress.update(1, 400, "combinations");
  progress.update(200, 400, "combinations");
  progress.update(201, 400, "combinations");
  progress.update(202, 400, "combinations");
  expect(written).toEqual([
    "\r\u001b[2Kexploring, heals: 100 of 100",
    "\r\u001b[2Kexploring, combinations: 1 of 400",
    "\r\u001b[2Kexploring, combinations: 201 of 400, about 5 h 32 min left",
    "\r\u001b[2Kexploring, combinations: 202 of 400, about 3 h 02 min left",
  ]);
});

function clock(...timesMs: number[]): () => number {
  return () => timesMs.shift()!;
}
