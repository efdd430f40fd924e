import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { fencepost, newFolder, PAIR, pairFolder } from "./fencepost.js";

const CIB = join(PAIR, "files/all/var/lib/pacemaker/cib/cib.xml");

test("the help names every verb and the exit codes; no verb at all is a slip", async () => {
  const cwd = newFolder();
  const help = await fencepost(["--help"], { cwd });
  expect(help).toMatchObject({ code: 0, stderr: "" });
  for (const verb of ["run", "why", "replay", "validate", "recording", "simulate", "schema", "init", "completion"])
    expect(help.stdout).toMatch(new RegExp(`^ {2}${verb}\\b`, "m"));
  expect(help.stdout).toContain("Exit codes: 0 pass, 1 a promise was broken");
  expect(await fencepost([], { cwd })).toMatchObject({ code: 2, stdout: "" });
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(await fencepost(["--version"], { cwd })).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("init", () => {
  test("writes what run passes at once, with the schemas that its files name", async () => {
    const cwd = newFolder();
    expect(await fencepost(["init", "mine"], { cwd })).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(cwd)).toEqual(["mine"]);
    for (const [file, schema] of [
      ["topology.yaml", "topology.schema.json"],
      ["scenarios/lose-active-node.scenario.yaml", "../scenario.schema.json"],
    ] as const) {
      const [first] = readFileSync(join(cwd, "mine", file), "utf8").split("\n");
      expect(first).toBe(`# yaml-language-server: $schema=${schema}`);
    }
    JSON.parse(readFileSync(join(cwd, "mine/topology.schema.json"), "utf8"));
    const { scripts, devDependencies } = JSON.parse(readFileSync(join(cwd, "mine/package.json"), "utf8"));
    expect(Object.keys(devDependencies)).toEqual(["fast-check", "vitest", "fencepost"]);
    const workflow = parse(readFileSync(join(cwd, "mine/.github/workflows/fencepost.yml"), "utf8"));
    const commands = Object.values<{ steps: { run?: string }[] }>(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run = "" }) => /npm run (\w+)/.exec(run)?.[1] ?? []),
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(commands));
    expect((await fencepost(["run", "--topology", "mine/topology.yaml", "--bail"], { cwd })).code).toBe(0);
  });
  test("does not touch a folder that holds anything", async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, "precious"), "");
    const { code, stdout, stderr } = await fencepost(["init", "."], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(".: there is something here already; name a new folder\n");
    expect(readdirSync(cwd)).toEqual(["precious"]);
  });
});

test("completion for bash knows the verbs, their options and their choices", async () => {
  const { stdout } = await fencepost(["completion", "bash"], { cwd: newFolder() });
  const complete = (...words: string[]) => {
    const script = `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fencepost; echo "\${COMPREPLY[*]}"`;
    return spawnSync("bash", ["-c", script, "bash", "fencepost", ...words], { encoding: "utf8" }).stdout.trim();
  };
  expect(complete("re")).toBe("replay recording");
  expect(complete("run", "--base")).toBe("--baseline");
  expect(complete("schema", "t")).toBe("topology");
});

describe("validate", () => {
  test("counts every line of every file, and lists what is not modelled when asked", async () => {
    const cwd = pairFolder();
    const short = await fencepost(["validate", "pair/topology.yaml"], { cwd });
    expect(short).toMatchObject({ code: 0, stderr: "" });
    expect(short.stdout).toMatch(/^minimal-pair: 2 nodes, 1 clusters?, /);
    expect(short.stdout).toMatch(/\d+ files, \d+ lines: \d+ modelled/);
    const { stdout } = await fencepost(["validate", "pair/topology.yaml", "--json"], { cwd });
    const { counts, ledger } = JSON.parse(stdout);
    expect(Object.values<number>(counts).reduce((a, b) => a + b)).toBe(ledger.length);
    expect(counts.unrecognised).toBe(0);
  });
  test("names a line that nobody recognises", async () => {
    const cwd = pairFolder();
    const file = "pair/files/all/etc/corosync/corosync.conf";
    const text = readFileSync(join(cwd, file), "utf8");
    writeFileSync(join(cwd, file), text.replace("token: 1000", "token: 1000\n    tokn: 900"));
    const { code, stdout } = await fencepost(["validate", "pair/topology.yaml"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/corosync\.conf:6: unrecognised: tokn: 900/);
  });
});

test.each(["topology", "scenario"])("schema %s is a JSON Schema", async (kind) => {
  const { code, stdout } = await fencepost(["schema", kind], { cwd: newFolder() });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining("2020-12"), type: "object" });
});

test("in a folder with a topology.yaml, verbs mean that one and its scenarios; elsewhere the reference architecture", async () => {
  const cwd = join(pairFolder(), "pair");
  const here = await fencepost(["validate"], { cwd });
  expect(here.stdout).toContain("minimal-pair");
  const played = await fencepost(["run", "--json"], { cwd });
  expect(JSON.parse(played.stdout).topology).toMatchObject({ name: "minimal-pair", file: "topology.yaml" });
  const elsewhere = await fencepost(["validate"], { cwd: newFolder() });
  expect(elsewhere.stdout).toContain("openstack-havana");
});

test("simulate decides on a CIB and prints both states", async () => {
  const { code, stdout } = await fencepost(["simulate", CIB, "--node-up", "web1"], { cwd: newFolder() });
  expect(code).toBe(0);
  expect(stdout).toContain("web1");
  const wrong = await fencepost(["simulate", "gone.xml"], { cwd: newFolder() });
  expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 2, stdout: "" });
  expect(wrong.stderr).toMatch(/gone\.xml/);
});

test("recording refuses what is none", async () => {
  const cwd = newFolder();
  writeFileSync(join(cwd, "none.json"), "{}");
  const { code, stdout, stderr } = await fencepost(["recording", "none.json"], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^none\.json: not a recording/);
});
