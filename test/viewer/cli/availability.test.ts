import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fencepost, pairFolder } from "./fencepost.js";

const ARGS = ["availability", "-t", "pair/topology.yaml", "--faults", "1"];

test("a year of the pair: its services, what each part costs, and the same again from a saved exploration", async () => {
  const cwd = pairFolder();
  const { code, stdout } = await fencepost(ARGS, { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("Expected outage a year");
  expect(stdout).toMatch(/journey\/visit +1 h 10 min .*± .*99\.98\d %/);
  expect(stdout).toMatch(/feed\/mains +24 min 00 s/);
  // What is failed over costs its failovers alone.
  expect(stdout).toMatch(/node\/web1 +\d+\.\d s .*lose-node/);

  const names = ["lose-node", "lose-rack", "cut-feed", "lose-switch", "down-link"];
  const explored = await fencepost(
    ["explore", "-t", "pair/topology.yaml", "--json", ...names.flatMap((name) => ["--fault", name])],
    { cwd },
  );
  writeFileSync(join(cwd, "found.json"), explored.stdout);
  const again = await fencepost([...ARGS, "--exploration", "found.json", "--json"], { cwd });
  const { services, improvements } = JSON.parse(again.stdout);
  const [visit] = services;
  expect(visit.agreement).toBe("agrees");
  expect(visit.outageHours).toBeGreaterThan(1.1);
  expect(Math.abs(visit.simulatedHours - visit.outageHours)).toBeLessThan(4 * visit.simulatedHalfWidthHours);
  expect(improvements[0].part).toBe("feed/mains");

  const other = await fencepost([...ARGS, "--exploration", "found.json", "--set", "site:target-role=Stopped"], { cwd });
  expect(other).toMatchObject({ code: 2, stdout: "" });
  expect(other.stderr).toContain("found.json: it was found on another topology");
}, 180_000);

test("rates of the user's own stand for the defaults: of a kind, of one part, and never", async () => {
  const rates = `rates:
  cut-feed: never
  lose-rack: { every: 1y, repair: 1h }
  lose-switch switch: { every: 100d, repair: 24h }
`;
  const cwd = pairFolder({ "rates.yaml": rates });
  const { stdout, code } = await fencepost([...ARGS, "--rates", "rates.yaml", "--json"], { cwd });
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  const saved = (part: string) => report.improvements.find((one: { part: string }) => one.part === part)?.savedHours;
  expect(saved("feed/mains")).toBeUndefined();
  expect(saved("rack/rack")).toBeCloseTo(1, 1);
  expect(saved("switch/switch")).toBeGreaterThan(80);
  expect(report.rates).toContainEqual(expect.objectContaining({ fault: "lose-rack", source: "rates.yaml:3" }));
}, 180_000);

test.each([
  ["rates:\n  lose-nod: never\n", "rates.yaml:2: unknown fault"],
  ["rates:\n  lose-node: { every: 12 }\n", "rates.yaml:2: "],
  ["rates: 5\n", "rates.yaml:1: "],
])(
  "rates that say nothing are refused with their line and exit code 2: %j",
  async (text, message) => {
    const cwd = pairFolder({ "rates.yaml": text });
    const { code, stdout, stderr } = await fencepost([...ARGS, "--rates", "rates.yaml"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  },
  180_000,
);
