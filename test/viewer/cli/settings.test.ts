import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fencepost, pairFolder, scenarioText } from "./fencepost.js";

/** The seed that a run takes from what it is given. */
async function seedOf(
  cwd: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> },
) {
  const { stdout, stderr } = await fencepost(["run", "--json", "--scenario", "a", ...args], { cwd, env });
  expect(stderr).toBe("");
  return JSON.parse(stdout).scenarios[0].seed;
}

describe("a setting", () => {
  const folder = pairFolder({
    "fencepost.config.mjs": 'export default { topology: "./pair/topology.yaml", seed: 3 };\n',
    "pair/scenarios/a.scenario.yaml": scenarioText("a").replace("pair/topology.yaml", "../topology.yaml"),
    "other.mjs": 'export default { topology: "./pair/topology.yaml", seed: 4 };\n',
  });
  const below = join(folder, "some/where");
  mkdirSync(below, { recursive: true });

  test("comes from the configuration file found walking up, its paths counted from there", async () => {
    expect(await seedOf(below, {})).toBe(3);
  });
  test("comes from the configuration file that --config names rather than the one found", async () => {
    expect(await seedOf(below, { args: ["--config", "../../other.mjs"] })).toBe(4);
  });
  test("comes from the environment rather than the file", async () => {
    expect(await seedOf(below, { env: { FENCEPOST_SEED: "5" } })).toBe(5);
  });
  test("comes from the flag rather than the environment", async () => {
    expect(await seedOf(below, { env: { FENCEPOST_SEED: "5" }, args: ["--seed", "6"] })).toBe(6);
  });
  test("may be several reporters", async () => {
    const { stdout } = await fencepost(["run", "--scenario", "a"], {
      cwd: below,
      env: { FENCEPOST_REPORTER: "terminal,junit" },
    });
    expect(stdout).toMatch(/✓ pass +a .*<testsuites/s);
  });
});

describe("a configuration file is refused", () => {
  test.each([
    ["for an unknown key", "export default { sed: 3 };", /unknown key "sed"; keys: topology, reporter, seed/],
    ["for a value that the flag would refuse", 'export default { seed: "x" };', /seed: A seed is a whole number .*"x"/],
    ["for a value of another kind", "export default { topology: {} };", /topology: expected text or a number/],
    ["for being no settings", "export const seed = 3;", /it has no default export with settings/],
    ["for being no program", "export default {", /cannot be read: /],
  ])("%s", async (_, text, told) => {
    const cwd = pairFolder({ "fencepost.config.mjs": text });
    const { code, stdout, stderr } = await fencepost(["run"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(told);
    expect(stderr).toContain("fencepost.config.mjs: ");
  });
});

test("a setting of the environment that its flag would refuse is refused, and named", async () => {
  const { code, stderr } = await fencepost(["run"], { cwd: pairFolder(), env: { FENCEPOST_SEED: "many" } });
  expect(code).toBe(2);
  expect(stderr).toContain("FENCEPOST_SEED");
});
