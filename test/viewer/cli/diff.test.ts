import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fencepost, pairFolder } from "./fencepost.js";

const HANGS = ["--fault", "hang-monitor"];
const LOST = ["--fault", "lose-node", "--fault", "lose-rack"];

/** The pair, and beside it another in which one file is edited. */
function twoPairs(file: string, edit: (text: string) => string): string {
  const cwd = pairFolder();
  cpSync(join(cwd, "pair"), join(cwd, "edited"), { recursive: true });
  const text = readFileSync(join(cwd, "edited", file), "utf8");
  const edited = edit(text);
  if (edited === text) throw new Error(`${file} is as it was`);
  writeFileSync(join(cwd, "edited", file), edited);
  return cwd;
}

test("a topology and itself are the same: exit code 0", async () => {
  const cwd = twoPairs("topology.yaml", (text) => text.replace("name: minimal-pair", "name: other-pair"));
  const { code, stdout } = await fencepost(["diff", "pair", "edited/topology.yaml", ...LOST], { cwd });
  expect(stdout).toContain("= same  minimal-pair → other-pair: exploration finds the same on both");
  expect(code).toBe(0);
}, 180_000);

test("reports that looked for different things are not compared, and a second name's slip is told before exploring", async () => {
  const cwd = pairFolder();
  for (const fault of ["lose-node", "crash-node"]) {
    const { stdout } = await fencepost(["explore", "-t", "pair", "--fault", fault, "--json"], { cwd });
    writeFileSync(join(cwd, `${fault}.json`), stdout);
  }
  const other = await fencepost(["diff", "lose-node.json", "crash-node.json"], { cwd });
  expect(other).toEqual({
    code: 2,
    stdout: "",
    stderr:
      'crash-node.json: looked for something else than lose-node.json, and so not to be compared. --fault: crash-node.json has ["crash-node"], lose-node.json has ["lose-node"]\n',
  });
  const gone = await fencepost(["diff", "pair", "gone"], { cwd });
  expect(gone).toEqual({ code: 2, stdout: "", stderr: "gone: there is no such file\n" });
}, 180_000);

test("fencing switched off by an edit breaks promises that held: exit code 1, and each with what breaks it", async () => {
  const cwd = pairFolder();
  const args = ["diff", "pair", "--set", ":stonith-enabled=false", "--fault", "lose-node"];
  const { code, stdout } = await fencepost(args, { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/Broken now \(1\)\n\n {2}✗ no-recovery-before-fence\n {6}by lose-node web1\n/);
  // What no longer waits for a fence comes back sooner.
  expect(stdout).toMatch(/Faster \(1\)[\s\S]*lose-node web1 +15\.8 s → 5\.3 s +journey\/visit/);
  expect(stdout).toMatch(/≠ different {2}minimal-pair: 1 promise broken now, 1 faster\n$/);
}, 180_000);

test("a service that an edit stops is told as not served without any fault, and never as faster: exit code 1", async () => {
  const args = ["diff", "pair", "--set", "site:target-role=Stopped", "--fault", "lose-node"];
  const { code, stdout } = await fencepost(args, { cwd: pairFolder() });
  expect(stdout).toContain("not served after, without any fault: journey/visit\n");
  expect(stdout).toMatch(/≠ different {2}minimal-pair: 1 not served at all now\n$/);
  expect(code).toBe(1);
}, 180_000);

test("a second rack is one weakness gone and another new; a longer token is a slower recovery; both as data", async () => {
  const moved = (text: string) =>
    text
      .replace("  rack: { site: room }", "  rack: { site: room }\n  other: { site: room }")
      .replace("  web2:\n    rack: rack", "  web2:\n    rack: other");
  const cwd = twoPairs("topology.yaml", moved);
  const corosync = join(cwd, "edited/files/all/etc/corosync/corosync.conf");
  writeFileSync(corosync, readFileSync(corosync, "utf8").replace("token: 1000", "token: 9000"));
  const { code, stdout } = await fencepost(["diff", "pair", "edited", ...LOST, "--json"], { cwd });
  expect(code).toBe(1);
  const { verdict, recoveries, weaknesses } = JSON.parse(stdout);
  expect(verdict).toBe("different");
  const slower = recoveries.slower.find(({ fault }: { fault: string }) => fault === "lose-node web1");
  expect(slower.changes[0].service).toBe("journey/visit");
  expect(slower.changes[0].afterMs - slower.changes[0].beforeMs).toBeGreaterThan(7_000);
  // The switch stands in the first rack: its loss takes the site away as before.
  expect(weaknesses.both).toBeGreaterThan(0);
  expect(weaknesses.gone).toEqual([]);
}, 180_000);

test("what explore --json wrote is compared without exploring again; what was not played leaves it unknown", async () => {
  const cwd = pairFolder();
  const whole = await fencepost(["explore", "-t", "pair/topology.yaml", "--json", ...HANGS], { cwd });
  const part = await fencepost(["explore", "-t", "pair/topology.yaml", "--json", ...HANGS, "--max-worlds", "1"], {
    cwd,
  });
  writeFileSync(join(cwd, "whole.json"), whole.stdout);
  writeFileSync(join(cwd, "part.json"), part.stdout);
  expect(await fencepost(["diff", "whole.json", "whole.json"], { cwd })).toMatchObject({ code: 0 });
  const cut = await fencepost(["diff", "part.json", "whole.json"], { cwd });
  expect(cut).toMatchObject({ code: 3 });
  expect(cut.stdout).toMatch(/^\? unknown .*nothing differs in what was played; not everything was$/m);
}, 180_000);

test.each([
  [["diff", "pair"], "compared with what?"],
  [["diff", "pair", "nowhere"], "nowhere"],
  [["diff", "pair/topology.yaml", "some.json"], "some.json: this is no JSON"],
])(
  "%j is wrong usage: exit code 2",
  async (args, message) => {
    const { code, stdout, stderr } = await fencepost([...args, "--fault", "lose-rack"], {
      cwd: pairFolder({ "some.json": "{" }),
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  },
  180_000,
);
