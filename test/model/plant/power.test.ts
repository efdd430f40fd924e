import { describe, expect, test } from "vitest";
import { Blueprint, Run } from "../../../model/kernel/index.js";
import { buildPlant } from "../../../model/plant/index.js";
import type { ControllerFault, PowerRequest, PowerResult } from "../../../model/twin/parts.js";
import { referenceTopology } from "./fixture.js";

function powerRun() {
  const blueprint = new Blueprint();
  const plant = buildPlant(blueprint, referenceTopology());
  const answers: { atMs: number; result: PowerResult }[] = [];
  const reply = blueprint.event<PowerResult>("reply", (instant, result) => {
    answers.push({ atMs: instant.nowMs, result });
  });
  const run = new Run(blueprint.world(1));
  run.advanceTo(60_000);
  const ask = (controller: string, from: string, action: PowerRequest["action"], target: string) => {
    const beganMs = run.nowMs;
    answers.length = 0;
    run.act((instant) => plant.power.act(instant, { controller, from, action, target, reference: "r" }, reply));
    run.advanceTo(beganMs + 60_000);
    const [answer] = answers;
    return answer && { ok: answer.result.ok, text: answer.result.text, tookMs: answer.atMs - beganMs };
  };
  const set = (controller: string, how: ControllerFault) =>
    run.act((instant) => plant.power.setController(instant, controller, how));
  return { plant, run, ask, set };
}

describe("power controllers", () => {
  test("a BMC reboots its server: status, off, power_wait, on, power_wait", () => {
    const { plant, run, ask } = powerRun();
    expect(ask("bmc-lb1", "lb2", "status", "lb1")).toEqual({ ok: true, text: "on", tookMs: 500 });
    // 15000 delay (the CIB's), 500 + 3000 to off, 2000 wait, 2000 to on, 2000 wait (the CIB's power_wait is 2).
    expect(ask("bmc-lb1", "lb2", "reboot", "lb1")).toEqual({ ok: true, text: "lb1 was rebooted", tookMs: 24_500 });
    expect(plant.hosts.state(run, "lb1")).toBe("booting");
    expect(ask("bmc-lb1", "lb2", "off", "lb1")?.ok).toBe(true);
    expect(plant.hosts.state(run, "lb1")).toBe("off");
    expect(ask("bmc-lb1", "lb2", "status", "lb1")?.text).toBe("off");
  });

  test("a BMC out of reach, without power or dead does not answer, and nothing is switched", () => {
    const { plant, run, ask, set } = powerRun();
    run.act((instant) => plant.network.setLink(instant, "bmc-lb1--sw-mgmt", false));
    expect(ask("bmc-lb1", "lb2", "off", "lb1")).toEqual({
      ok: false,
      text: "lb2 does not reach bmc-lb1",
      tookMs: 5_000,
    });
    run.act((instant) => plant.network.setLink(instant, "bmc-lb1--sw-mgmt", true));
    set("bmc-lb1", { kind: "dead" });
    expect(ask("bmc-lb1", "lb2", "off", "lb1")?.ok).toBe(false);
    set("bmc-lb1", { kind: "works" });
    expect(plant.hosts.state(run, "lb1")).toBe("up");
    run.act((instant) => plant.hosts.setFeed(instant, "feed-a", false));
    expect(ask("bmc-lb1", "lb2", "off", "lb1")).toMatchObject({ ok: false, text: "bmc-lb1 is without power" });
  });

  test("one that refuses, lies, is slow or hits another", () => {
    const { plant, run, ask, set } = powerRun();
    set("bmc-ctl1", { kind: "refuses" });
    expect(ask("bmc-ctl1", "ctl2", "off", "ctl1")).toMatchObject({ ok: false, text: "bmc-ctl1 refuses the login" });
    set("bmc-ctl1", { kind: "lies" });
    expect(ask("bmc-ctl1", "ctl2", "off", "ctl1")).toMatchObject({ ok: true });
    expect(plant.hosts.state(run, "ctl1")).toBe("up");
    set("bmc-ctl1", { kind: "slow", byMs: 10_000 });
    // The delay is met by each of the agent's queries: status and off.
    expect(ask("bmc-ctl1", "ctl2", "off", "ctl1")?.tookMs).toBe(500 + 3_000 + 2_000 + 20_000);
    expect(plant.hosts.state(run, "ctl1")).toBe("off");
    set("bmc-ctl2", { kind: "misdirected", target: "ctl2", instead: "ctl3" });
    expect(ask("bmc-ctl2", "ctl3", "status", "ctl2")?.text).toBe("on");
    expect(ask("bmc-ctl2", "net1", "off", "ctl2")).toMatchObject({ ok: false });
    // ctl3 shoots itself: the agent dies with it and no answer comes.
    expect(ask("bmc-ctl2", "ctl3", "off", "ctl2")).toBeUndefined();
    expect(plant.hosts.state(run, "ctl3")).toBe("off");
    expect(plant.hosts.state(run, "ctl2")).toBe("up");
  });

  test("vCenter goes with its own hypervisor, and cannot switch a machine whose host is gone", () => {
    const { plant, run, ask } = powerRun();
    expect(ask("vcenter", "mysql2", "reboot", "mysql1")).toMatchObject({ ok: true, tookMs: 20_000 });
    run.act((instant) => plant.hosts.setHypervisor(instant, "esx2", false));
    expect(plant.power.answers(run, "vcenter", "mysql2")).toBe(false);
    expect(ask("vcenter", "mysql2", "off", "mysql1")?.ok).toBe(false);
  });

  test("two nodes that have each other fenced at the same moment both go off, and nobody is left to switch them on", () => {
    const { plant, run } = powerRun();
    const answer = run.blueprint.event<PowerResult>("race", () => undefined);
    run.act((instant) => {
      for (const [from, target] of [
        ["mysql1", "mysql2"],
        ["mysql2", "mysql1"],
      ] as const)
        plant.power.act(instant, { controller: "vcenter", from, action: "reboot", target, reference: "r" }, answer);
    });
    run.advanceTo(run.nowMs + 300_000);
    expect(["mysql1", "mysql2"].map((node) => plant.hosts.state(run, node))).toEqual(["off", "off"]);
  });

  test("the asking node dies between off and on: the target stays off", () => {
    const { plant, run } = powerRun();
    const never = run.blueprint.event<PowerResult>("never", () => {
      throw new Error("answered");
    });
    run.act((instant) =>
      plant.power.act(
        instant,
        { controller: "bmc-lb1", from: "lb2", action: "reboot", target: "lb1", reference: "r" },
        never,
      ),
    );
    run.advanceTo(run.nowMs + 19_000);
    expect(plant.hosts.state(run, "lb1")).toBe("off");
    run.act((instant) => plant.hosts.powerOff(instant, "lb2", "crashed"));
    run.advanceTo(run.nowMs + 600_000);
    expect(plant.hosts.state(run, "lb1")).toBe("off");
  });
});
