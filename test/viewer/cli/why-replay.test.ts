import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fencepost, pairFolder } from "./fencepost.js";

const cwd = pairFolder();
const record = join(cwd, ".fencepost/last-run.json");
let token = "";

beforeAll(async () => {
  const { code, stdout } = await fencepost(
    ["run", "-t", "pair/topology.yaml", "--scenario", "lose-active-node", "--json"],
    { cwd },
  );
  expect(code).toBe(0);
  token = JSON.parse(stdout).scenarios[0].replay;
});

describe("why, after the node that serves was lost", () => {
  test("walks from the journey that is out to the fault", async () => {
    const { code, stdout, stderr } = await fencepost(["why", "journey/visit"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^journey\/visit at 0:00:00\.000: not-served/);
    expect(stdout).toMatch(/✗ address\/10\.0\.0\.100: nobody holds/);
    expect(stdout).toMatch(/because\n {2}0:00:00\.000 {2}fault node\/web1: lose-node/);
  });
  test("at a later moment tells where it is served and how it came back", async () => {
    const { stdout } = await fencepost(["why", "journey/visit", "--at", "1m"], { cwd });
    expect(stdout).toMatch(/^journey\/visit at 0:01:00\.000: served/);
    expect(stdout).toMatch(/✓ address\/10\.0\.0\.100: held by web2 {2}\(since 0:00:/);
    expect(stdout).toMatch(/It came back at .*node\/web1: fenced/s);
  });
  test("after the end tells when that was", async () => {
    const { code, stderr } = await fencepost(["why", "journey/visit", "--at", "99h"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--at: lose-active-node ended at 0:25:00\.000; nothing is known of "99:00:00\.000"\n$/);
  });
  test("of a group tells each member's place and the causes of its last move", async () => {
    const { stdout } = await fencepost(["why", "web/web", "--at", "1m"], { cwd });
    expect(stdout).toMatch(/✓ vip: started on web2/);
    expect(stdout).toMatch(/✓ site: started on web2/);
    expect(stdout).toMatch(/last changed\n.*lose-node.*resource\/web\/site@web2: start ok/s);
  });
  test("forward from the node tells what its loss led to", async () => {
    const { stdout } = await fencepost(["why", "node/web1", "--forward"], { cwd });
    expect(stdout).toMatch(/^node\/web1 at 0:00:00\.000 led to \d+ things/);
    expect(stdout).toContain("journey/visit: ");
  });
  test("of something that nobody knows tells the known names", async () => {
    const { code, stdout, stderr } = await fencepost(["why", "journey/vist"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/the run tells nothing of "journey\/vist"; services and journeys: .*journey\/visit/);
  });
  test("of a scenario that was not run tells those that were", async () => {
    const { code, stderr } = await fencepost(["why", "journey/visit", "--scenario", "b"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/unknown scenario "b"; scenarios: lose-active-node/);
  });
  test("of a damaged record says what it is", async () => {
    writeFileSync(join(cwd, "half.json"), readFileSync(record, "utf8").slice(0, 500));
    const { code, stderr } = await fencepost(["why", "journey/visit", "--trace", "half.json"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe("half.json: this is no JSON\n");
  });
});

describe("why, while no controller hears another", () => {
  const scenario = resolve("fixtures/openstack-havana/scenarios/partition-all-controllers.scenario.yaml");
  const elsewhere = mkdtempSync(join(tmpdir(), "fencepost-why-"));
  beforeAll(async () => {
    expect((await fencepost(["run", scenario], { cwd: elsewhere })).code).toBe(0);
  });
  afterAll(() => rmSync(elsewhere, { recursive: true }));
  const why = async (subject: string) =>
    (await fencepost(["why", subject, "--at", "1m"], { cwd: elsewhere })).stdout.split("\n");

  test("what was stopped for want of quorum says so", async () => {
    expect(await why("ctl/openstack-heat-api")).toContain(
      "  ✗ openstack-heat-api is stopped: the nodes that hear each other have no quorum (no-quorum-policy=stop)",
    );
  });
  test("each node tells what runs on it, and a stop that is never done what it waits for", async () => {
    expect((await why("ctl/openstack-keystone")).slice(2, 6)).toEqual([
      "  ✓ openstack-keystone: started on ctl1  (since before the start)",
      "      it should stop and never does: that waits for openstack-ceilometer-central_stop_0 on ctl2, which is not to be done",
      "  ✓ openstack-keystone: started on ctl3  (since before the start)",
      "      it should stop and never does: that waits for openstack-ceilometer-central_stop_0 on ctl2, which is not to be done",
    ]);
  });
});

describe("a token", () => {
  const replay = (...args: string[]) => fencepost(["replay", token, ...args], { cwd });

  test("played again gives the trace of the run, byte for byte", async () => {
    const before = JSON.parse(readFileSync(record, "utf8")).scenarios[0];
    const { code, stdout } = await replay("-t", "pair/topology.yaml", "--json");
    expect(code).toBe(0);
    const again = JSON.parse(stdout).scenarios[0];
    expect(JSON.stringify(again.trace)).toBe(JSON.stringify(before.trace));
    expect(again.verdict).toEqual({ ...before.verdict, file: again.verdict.file });
  });
  test("on another topology is refused with what differs", async () => {
    const { code, stdout, stderr } = await replay("-t", "pair/topology.yaml", "--set", "web:target-role=Stopped");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /it cannot be played here\. hash of the topology: the token has [0-9a-f]+, here it is [0-9a-f]+/,
    );
  });
  test("that was cut off is refused", async () => {
    const { code, stderr } = await fencepost(["replay", token.slice(0, -20), "-t", "pair/topology.yaml"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/this is no token, or not the whole of one/);
  });
});
