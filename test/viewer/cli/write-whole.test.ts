import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { writeWhole } from "../../../viewer/cli/run-record.js";
import { newFolder } from "./fencepost.js";

test("what is no file is written to and stays what it is; a file is replaced as a whole, and nothing is left beside it", async () => {
  const folder = newFolder();
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = text(spawn("cat", [pipe]).stdout);
  writeWhole(pipe, "told");
  expect(await reader).toBe("told");
  expect(statSync(pipe).isFIFO()).toBe(true);
  const file = join(folder, "file");
  writeWhole(file, "old");
  writeWhole(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(readdirSync(folder).sort()).toEqual(["file", "pipe"]);
});
