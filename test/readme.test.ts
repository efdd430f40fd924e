import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { environment, MAIN, newFolder } from "./viewer/cli/fencepost.js";

type Code = Extract<ReturnType<typeof fromMarkdown>["children"][number], { type: "code" }>;

/**
 * The READMEs' examples, run for real. A fenced block whose info string says `from=PATH` is that file; one that says
 * `file=NAME` is written for the commands that follow, which find the built library as `fencepost`; one that says
 * `run` holds commands, and the block after it, marked `output`, what they print. `vitest -u` writes them anew.
 */
const READMES = [
  "README.md",
  ...["model", "scenarios", "scenarios/packed", "viewer", "fixtures", "test"].map((name) => `${name}/README.md`),
];

describe.each(READMES)("%s", (readme) => {
  const text = readFileSync(readme, "utf8");
  const blocks = fromMarkdown(text).children.filter((node): node is Code => node.type === "code");

  test("prints files as they are and outputs as the commands give them", async () => {
    await expect(rewritten(text, blocks)).toMatchFileSnapshot(resolve(readme));
  });
});

test("the four worked examples are there: a topology, a scenario, a trace, a verdict", () => {
  const metas = (readme: string) =>
    fromMarkdown(readFileSync(readme, "utf8"))
      .children.filter((node): node is Code => node.type === "code")
      .map(({ meta }) => meta ?? "");
  expect(metas("fixtures/README.md")).toContainEqual(expect.stringMatching(/^from=.*topology\.yaml$/));
  expect(metas("scenarios/README.md")).toContainEqual(expect.stringMatching(/^from=.*\.scenario\.yaml$/));
  expect(metas("model/README.md")).toContain("output");
  expect(metas("viewer/README.md")).toContain("output");
});

test("Quick start holds exactly two commands", () => {
  const { children } = fromMarkdown(readFileSync("README.md", "utf8"));
  const start = children.findIndex(
    (node) =>
      node.type === "heading" && node.children.some((child) => child.type === "text" && child.value === "Quick start"),
  );
  expect(start).toBeGreaterThan(0);
  const end = children.findIndex((node, index) => index > start && node.type === "heading");
  const commands = children
    .slice(start, end)
    .filter((node): node is Code => node.type === "code")
    .flatMap(({ value }) => value.split("\n"));
  expect(commands.map((line) => line.replace(/ *#.*/, ""))).toEqual(["npm start", "npm test"]);
});

/** The text with every marked block as it should be. */
function rewritten(text: string, blocks: readonly Code[]): string {
  const cwd = newFolder();
  cpSync("fixtures", join(cwd, "fixtures"), { recursive: true });
  writeFileSync(join(cwd, "package.json"), "{}");
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(resolve("."), join(cwd, "node_modules", "fencepost"));
  symlinkSync(resolve("node_modules/xstate"), join(cwd, "node_modules", "xstate"));
  let output: string | undefined;
  let fresh = "";
  let from = 0;
  for (const block of blocks) {
    const meta = block.meta ?? "";
    const file = /^from=(\S+)$/.exec(meta)?.[1];
    const written = /^file=(\S+)$/.exec(meta)?.[1];
    if (written !== undefined) writeFileSync(join(cwd, written), block.value);
    if (meta === "run") output = run(block.value, cwd);
    const wanted = file !== undefined ? readFileSync(file, "utf8") : meta === "output" ? output : undefined;
    if (wanted === undefined) continue;
    const { start, end } = block.position!;
    fresh += `${text.slice(from, start.offset)}\`\`\`${block.lang} ${meta}\n${wanted.trimEnd()}\n\`\`\``;
    from = end.offset!;
  }
  return fresh + text.slice(from);
}

/** What commands print on standard output, with `fencepost` the program under test. */
function run(commands: string, cwd: string): string {
  const bin = newFolder();
  writeFileSync(join(bin, "fencepost"), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(bin, "fencepost"), 0o755);
  const env = environment();
  const { status, stdout, stderr } = spawnSync("sh", ["-ec", commands], {
    cwd,
    env: { ...env, PATH: `${bin}:${env["PATH"]}` },
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return stdout;
}
