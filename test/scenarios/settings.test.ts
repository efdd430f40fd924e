import { expect, test } from "vitest";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { readScenario } from "../../scenarios/file/read-scenario.js";
import { Twins } from "../../scenarios/run.js";
import { runScenario } from "../../scenarios/runner/run-scenario.js";
import { referenceTopology } from "./reference.js";

const topology = referenceTopology();

function play(more: string, seed = 1) {
  const scenario = readScenario(
    `name: x\ntitle: x\ntopology: t\nseed: ${seed}\ntimeline:\n  - { fault: lose-node, node: mysql1 }\n${more}\n`,
    "x.scenario.yaml",
  );
  return runScenario(new Twins({ scheduler }).for(topology, scenario), scenario, { version: "test" }).verdict;
}

test("a pinned duration lengthens the database's outage by as much, and the verdict leans on it", () => {
  const usual = play("");
  const pinned = play("settings: { durations: { innodb.recovery: { pin: 70s } } }");
  const outageMs = (verdict: typeof usual) => verdict.outagesMs["service/database"]!;
  expect(outageMs(pinned) - outageMs(usual)).toBe(60_000);
  expect(pinned.assumptions.join("\n")).toContain("the scenario sets the duration innodb.recovery");
});

test("a duration between two is drawn from the seed: the same for the same, another for another", () => {
  const drawn = "settings: { durations: { innodb.recovery: { between: [1s, 60s] } } }";
  expect(play(drawn, 5).recoveryMs).toBe(play(drawn, 5).recoveryMs);
  expect(play(drawn, 5).recoveryMs).not.toBe(play(drawn, 6).recoveryMs);
});

test("a mount that takes just under its time-out is late and succeeds", () => {
  const late = play("settings: { durations: { db/fs-mysql.start: { extreme: longest } } }");
  expect(late.recoveryMs).toBeGreaterThan(60_000);
  expect(late.verdict).toBe("pass");
});

test("an edit before the start: without fencing the lost node's resources are recovered unfenced", () => {
  const verdict = play("set: ['db/:stonith-enabled=false']");
  expect(verdict).toMatchObject({ verdict: "fail", because: expect.stringContaining("no-recovery-before-fence") });
});

test("an edit or a duration that fits nothing is refused with its place", () => {
  expect(() => play("set: ['db/g-mysqll:target-role=Stopped']")).toThrow(/^x\.scenario\.yaml:7: no such resource/);
  expect(() => play("settings: { durations: { innodb.recover: { pin: 1s } } }")).toThrow(
    /^x\.scenario\.yaml:7: unknown duration/,
  );
});
