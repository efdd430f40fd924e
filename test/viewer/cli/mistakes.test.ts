import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fencepost, newFolder, PAIR, pairFolder, scenarioText } from "./fencepost.js";

const REPORT = ["--reporter", "json", "--output-file", "report.json"];

/** Nothing on standard output, exit code 2, and no trace of a run: neither a report nor `.fencepost/`. */
async function refusal(args: readonly string[], cwd: string): Promise<string> {
  const before = readdirSync(cwd);
  const { code, stdout, stderr } = await fencepost(args, { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(readdirSync(cwd)).toEqual(before);
  return stderr;
}

describe("a slip on the command line is refused with what would have been understood", () => {
  const cwd = newFolder();
  test.each([
    [["rum"], /unknown command 'rum'\n\(Did you mean run\?\)/],
    [["run", "--reportr", "json"], /unknown option '--reportr'\n\(Did you mean --reporter\?\)/],
    [["run", "--reporter", "xml"], /Reporters are terminal, json, junit, github, html/],
    [["run", "--reporter", "json", "--reporter", "junit"], /json and junit cannot share standard output/],
    [["run", "--output-file", "a", "--output-file", "b"], /no reporter left to write \(terminal\), to "b"/],
    [["explore", "--threads", "1000"], /At most \d+ threads on this machine/],
    [["explore", "--patience", "400d"], /A duration is at most a year/],
    [["run", "--seed", "-1"], /A seed is a whole number from 0 to 4294967295/],
    [["run", "--engine", "pacemaker"], /Allowed choices are fencepost, crm_simulate/],
    [
      ["run", "--scenario", "lose-active-databse"],
      /unknown scenario "lose-active-databse"; scenarios: .*lose-active-database/,
    ],
    [["run", "nowhere"], /^nowhere: there is no such file or folder\n$/],
    [["run", "."], /^\.: no \*\.scenario\.yaml here\n$/],
    [["run", "--topology", "topolgy.yaml"], /^topolgy\.yaml: there is no such file\n$/],
    [["why"], /missing required argument 'subject'/],
    [["why", "x", "--at", "noon"], /A moment is like 95s, 1m35s or 0:01:35\.250/],
    [["why", "x"], /nothing was run here yet; fencepost run writes it/],
    [["replay", "fp2.abc"], /a token begins with fp1\./],
    [["schema", "waivers"], /Allowed choices are topology, scenario/],
    [["validate", "topolgy.yaml"], /^topolgy\.yaml: there is no such file\n$/],
    [["why", " "], /^why: why what\? a service, journey, resource or node/],
    [["recording", "gone.json"], /^gone\.json: there is no such file\n$/],
  ])("%j", async (args, told) => {
    expect(await refusal(args, cwd)).toMatch(told);
  });
});

describe("a slip in a scenario is refused with its file, line, value and the known names", () => {
  test.each([
    ["fault: lose-node", "fault: lose-nod", /^a\.scenario\.yaml:5: unknown fault "lose-nod"; faults: .*lose-node/],
    ["node: web1", "node: web3", /^a\.scenario\.yaml:5: unknown node "web3"; nodes: web1, web2\n$/],
    ["heal: lost", "heal: last", /^a\.scenario\.yaml:6: no earlier fault is called "last"; faults: lost\n$/],
    ["title:", "titel:", /^a\.scenario\.yaml:2: unknown key "titel"; keys: name, title, /],
    [
      "after: 2m",
      "after: 2",
      /^a\.scenario\.yaml:6: expected a number and a unit: 250ms, .* at timeline\.1\.after "2"\n$/,
    ],
    [
      "after: 2m",
      "after: 2w",
      /^a\.scenario\.yaml:6: expected a number and a unit: 250ms, .* at timeline\.1\.after "2w"\n$/,
    ],
    ["pair/topology", "pear/topology", /^a\.scenario\.yaml:3: there is no such topology "pear\/topology\.yaml"\n$/],
    [
      "name: a",
      "name: ../a",
      /^a\.scenario\.yaml:1: a name is lower-case letters, digits and dashes at name "\.\.\/a"\n$/,
    ],
    ["timeline:", "timeline: [", /^a\.scenario\.yaml:5: /],
  ])("%s written as %s", async (right, wrong, told) => {
    const text = scenarioText("a").replace(right, wrong);
    expect(await refusal(["run", "a.scenario.yaml", ...REPORT], pairFolder({ "a.scenario.yaml": text }))).toMatch(told);
  });
});

test("slips in a topology are refused with their places, one a line", async () => {
  const topology = readFileSync(join(PAIR, "topology.yaml"), "utf8")
    .replace("{ site: room }", "{ site: rom }")
    .replace("rack: rack, feeds", "rack: rck, feeds");
  const cwd = pairFolder({ "pair/topology.yaml": topology });
  const stderr = await refusal(["run", "--topology", "pair/topology.yaml", ...REPORT], cwd);
  expect(stderr.split("\n").slice(0, 2)).toEqual([
    'pair/topology.yaml:7: unknown site "rom"; sites: room',
    'pair/topology.yaml:14: unknown rack "rck"; racks: rack',
  ]);
});

test("a file where init is to make a folder is left alone", async () => {
  const cwd = pairFolder({ taken: "a file" });
  expect(await refusal(["init", "taken"], cwd)).toBe("taken: there is something here already; name a new folder\n");
});

test("a graph that cannot be written is a slip, not a bug", async () => {
  const cwd = pairFolder({ taken: "a file" });
  const cib = "pair/files/all/var/lib/pacemaker/cib/cib.xml";
  const { code, stderr } = await fencepost(["simulate", cib, "--save-graph", "taken/graph.xml"], { cwd });
  expect({ code, stderr }).toEqual({ code: 2, stderr: "taken/graph.xml: cannot be written: ENOTDIR\n" });
});

test("an edit that fits nothing is refused", async () => {
  const edits = ["web", "webx:target-role=Stopped"];
  const cwd = pairFolder();
  for (const edit of edits)
    expect(await refusal(["run", "-t", "pair/topology.yaml", "--set", edit], cwd)).toContain(edit);
});

test("a report that cannot be written is said, and no half of it is left", async () => {
  const cwd = pairFolder({ "a.scenario.yaml": scenarioText("a"), taken: "a file where a folder is wanted" });
  const { code, stderr } = await fencepost(
    ["run", "a.scenario.yaml", "--reporter", "json", "--output-file", "taken/report.json"],
    { cwd },
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/^taken\/report\.json: cannot be written: E/);
  expect(existsSync(join(cwd, "taken/report.json"))).toBe(false);
  expect(readdirSync(cwd).filter((name) => name.endsWith(".part"))).toEqual([]);
});
