import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "fencepost-template-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the test that init writes passes, with the built library and this checkout's vitest", () => {
  for (const part of ["minimal-pair", "template"]) cpSync(join("fixtures", part), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules/fencepost"));
  for (const peer of ["vitest", "fast-check"])
    symlinkSync(resolve("node_modules", peer), join(folder, "node_modules", peer));
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("node_modules/vitest/vitest.mjs"), "run"], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], NO_COLOR: "1" },
  });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/Tests +2 passed/);
}, 180_000);
