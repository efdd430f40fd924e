import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fencepost, pairFolder, scenarioText } from "./fencepost.js";

const BROKEN = "expect: { served: [{ journey: visit, outage: 1s }] }\n";
const UNSEEN = "expect: { sometimes: [{ subject: node/web2, what: fenced }] }\n";
const FOUND = `${BROKEN}finding: { promises: [served/journey/visit], text: a takeover takes longer than that }\n`;
const NOT_FOUND = `finding: { promises: [one-writer], text: two write at once }\n`;

describe("the exit code of run", () => {
  const folder = pairFolder({
    "pass.scenario.yaml": scenarioText("pass"),
    "broken.scenario.yaml": scenarioText("broken", BROKEN),
    "unseen.scenario.yaml": scenarioText("unseen", UNSEEN),
    "found.scenario.yaml": scenarioText("found", FOUND),
    "not-found.scenario.yaml": scenarioText("not-found", NOT_FOUND),
  });
  const run = (...names: string[]) =>
    fencepost(["run", ...names.map((name) => `${name}.scenario.yaml`)], { cwd: folder });

  test.each([
    ["pass", 0, /✓ pass +pass/],
    ["found", 0, /! finding +found.*\n +a takeover takes longer than that/],
    ["broken", 1, /✗ FAIL +broken.*\n +served\/journey\/visit: out for/],
    ["not-found", 1, /the expected finding was not found: one-writer held/],
    ["unseen", 3, /\? unknown +unseen.*\n +nothing was exercised/],
  ])("of a scenario that ends as %s is %i", async (name, code, told) => {
    const ended = await run(name);
    expect(ended.stdout).toMatch(told);
    expect(ended).toMatchObject({ code, stderr: "" });
  });

  test("is 1 where one is broken and another unknown, and both are named", async () => {
    const { code, stdout } = await run("unseen", "broken");
    expect(code).toBe(1);
    expect(stdout).toMatch(/2 scenarios: 0 passed, 1 failed, 1 unknown/);
  });

  test("of a broken promise comes with a command that breaks it again, on the topology's folder and edits too", async () => {
    const edit = "web/site:priority=1";
    const { stdout } = await fencepost(["run", "broken.scenario.yaml", "-t", "pair", "--set", edit], { cwd: folder });
    const [, ...words] = /fencepost replay \S+ -t pair\/topology\.yaml --set \S+/.exec(stdout)?.[0].split(" ") ?? [];
    expect(words.at(-1)).toBe(edit);
    expect(await fencepost(words, { cwd: folder })).toMatchObject({ code: 1, stderr: "" });
  });

  test("with --bail stops at the first that does not pass", async () => {
    const { code, stdout } = await fencepost(["run", "--bail", "--json", "."], { cwd: folder });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).scenarios).toHaveLength(1);
  });
});

describe("the JSON of run", () => {
  test("lists scenarios with their names, verdicts, findings, recoveries and outages, and nothing else is on stdout", async () => {
    const cwd = pairFolder();
    const { code, stdout } = await fencepost(["run", "--topology", "pair/topology.yaml", "--reporter", "json"], {
      cwd,
    });
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ version: 1, exitCode: 0, counts: { pass: 1, finding: 1, fail: 0, unknown: 0 } });
    const [dead, lost] = report.scenarios;
    expect(dead).toMatchObject({ name: "fence-device-dead", verdict: "pass", finding: expect.stringContaining("BMC") });
    expect(lost).toMatchObject({ name: "lose-active-node", verdict: "pass", unknowns: [] });
    expect(lost.finding).toBeUndefined();
    expect(lost.recoveryMs).toBeGreaterThan(0);
    expect(lost.outagesMs["journey/visit"]).toBeGreaterThan(0);
    expect(lost.outagesMs["journey/visit"]).toBeLessThan(dead.outagesMs["journey/visit"]);
  });

  test("and the other reports of the same run are the same bytes again", async () => {
    const cwd = pairFolder();
    const outputs = async (to: string) => {
      const reporters = ["json", "junit", "html", "github"];
      const args = reporters.flatMap((name) => ["--reporter", name, "--output-file", join(to, name)]);
      const { code, stdout } = await fencepost(["run", "-t", "pair/topology.yaml", ...args], { cwd });
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      return reporters.map((name) => readFileSync(join(cwd, to, name), "utf8"));
    };
    const once = await outputs("a");
    expect(await outputs("b")).toEqual(once);
    expect(readdirSync(join(cwd, ".fencepost"))).toEqual(["last-run.json"]);
    expect(once[2]).toContain('id="data-run-0"');
  });

  test("differs in its token where the seed differs, which a flag gives", async () => {
    const cwd = pairFolder({ "a.scenario.yaml": scenarioText("a") });
    const seeds = await Promise.all(
      ["7", "8"].map(async (seed) => {
        const { stdout } = await fencepost(["run", "a.scenario.yaml", "--seed", seed, "--json"], { cwd });
        return JSON.parse(stdout).scenarios[0];
      }),
    );
    expect(seeds.map(({ seed }) => seed)).toEqual([7, 8]);
    expect(seeds[0].replay).not.toBe(seeds[1].replay);
  });
});

describe("a known failure", () => {
  const waiver = (expires: string) =>
    `waivers:\n  - { scenario: broken, reason: the pair is slow, owner: ops, expires: ${expires} }\n`;
  const folder = pairFolder({
    "broken.scenario.yaml": scenarioText("broken", BROKEN),
    "held.yaml": waiver("2999-12-31"),
    "expired.yaml": waiver("2020-01-31"),
    "stray.yaml": waiver("2999-12-31").replace("scenario: broken", "scenario: brokn"),
  });
  const run = (...more: string[]) => fencepost(["run", "broken.scenario.yaml", ...more], { cwd: folder });

  test("that is waived lets the run pass, and is skipped in JUnit", async () => {
    const { code, stdout } = await run("--waivers", "held.yaml", "--reporter", "terminal", "--reporter", "junit");
    expect(code).toBe(0);
    expect(stdout).toMatch(/- waived +broken/);
    expect(stdout).toContain("waived until 2999-12-31 by ops: the pair is slow");
    expect(stdout).toContain('<skipped message="waived until 2999-12-31: the pair is slow"/>');
  });

  test("whose waiver has expired fails and says so", async () => {
    const { code, stdout } = await run("--waivers", "expired.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("the waiver of ops expired on 2020-01-31");
  });

  test("that no scenario has is an error with its line", async () => {
    const { code, stdout, stderr } = await run("--waivers", "stray.yaml");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe('stray.yaml:2: a waiver for an unknown scenario "brokn"; scenarios: broken\n');
  });
});

test("an outage that grew beyond the baseline fails, one that did not passes", async () => {
  const cwd = pairFolder({ "a.scenario.yaml": scenarioText("a") });
  const first = await fencepost(["run", "a.scenario.yaml", "--reporter", "json", "--output-file", "base.json"], {
    cwd,
  });
  expect(first.code).toBe(0);
  const same = await fencepost(["run", "a.scenario.yaml", "--baseline", "base.json"], { cwd });
  expect(same).toMatchObject({ code: 0, stderr: "" });
  const slower = scenarioText("a").replace(
    "timeline:",
    "settings: { durations: { web/site.start: { pin: 9s } } }\ntimeline:",
  );
  const grown = await fencepost(["run", "slow.scenario.yaml", "--baseline", "base.json"], {
    cwd: pairFolder({ "slow.scenario.yaml": slower, "base.json": readFileSync(join(cwd, "base.json"), "utf8") }),
  });
  expect(grown.code).toBe(1);
  expect(grown.stderr).toMatch(/^a: journey\/visit grew from [\d.]+ s to [\d.]+ s$/m);
});

test("a bare CIB settles, then loses each of its nodes in turn; --set is made before", async () => {
  const cwd = pairFolder();
  const cib = "pair/files/all/var/lib/pacemaker/cib/cib.xml";
  const { code, stdout } = await fencepost(["run", "-t", cib, "--set", "site:target-role=Stopped"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("site is stopped: target-role=Stopped is set on site");
  expect(stdout).toMatch(/lose-web1\b/);
  expect(stdout).toMatch(/lose-web2\b/);
  expect(existsSync(join(cwd, ".fencepost/last-run.json"))).toBe(true);
});

test("hostile names and texts stay text in every report", async () => {
  const hostile = String.raw`"\e[31m<script>alert(1)</script>\u202e]]>|::error::x\r\n% "`;
  const cwd = pairFolder({
    "a.scenario.yaml": scenarioText(
      "a",
      `${BROKEN}finding: { promises: [served/journey/visit], text: ${hostile} }\n`,
    ).replace("title: web1 is lost", `title: ${hostile}\nabout: ${hostile}`),
  });
  const reporters = ["terminal", "json", "junit", "github", "html"];
  const args = reporters.flatMap((name) => ["--reporter", name, "--output-file", name]);
  expect((await fencepost(["run", "a.scenario.yaml", ...args], { cwd })).code).toBe(0);
  const texts = new Map(reporters.map((name) => [name, readFileSync(join(cwd, name), "utf8")]));
  for (const name of ["terminal", "junit", "github", "html"]) expect(texts.get(name), name).not.toContain("\u001b");
  expect(texts.get("terminal")).not.toContain("\u202e");
  expect(texts.get("html")).toContain("connect-src 'none'");
  expect(texts.get("junit")).not.toContain("<script");
  expect(texts.get("github")).not.toMatch(/^::error::x/m);
  expect(JSON.parse(texts.get("json")!).scenarios[0].finding).toContain("\u001b[31m");
});

describe("colour", () => {
  const cwd = pairFolder({ "a.scenario.yaml": scenarioText("a") });
  const run = (env: Record<string, string>, ...flags: string[]) =>
    fencepost(["run", "a.scenario.yaml", ...flags], { cwd, env });

  test.each([
    ["is not sent to a pipe", {}, [], false],
    ["is sent where FORCE_COLOR asks", { FORCE_COLOR: "1" }, [], true],
    ["is not sent where NO_COLOR asks as well", { FORCE_COLOR: "1", NO_COLOR: "1" }, [], false],
    ["is not sent with --no-color", { FORCE_COLOR: "1" }, ["--no-color"], false],
  ])("%s", async (_, env, flags, isColored) => {
    const { stdout } = await run(env, ...flags);
    expect(stdout.includes("\u001b[")).toBe(isColored);
  });
});
