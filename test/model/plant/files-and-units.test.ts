import { describe, expect, test } from "vitest";
import { plantRun } from "./fixture.js";

const INI = "/etc/neutron/dhcp_agent.ini";

describe("files", () => {
  test("a file edited and edited back is no difference; one of a memory file system is gone with a boot", () => {
    const { plant, run } = plantRun();
    const { files, hosts } = plant;
    const text = files.read(run, "net1", INI)!;
    run.act((instant) => files.write(instant, "net1", INI, "# nothing\n"));
    run.act((instant) => files.write(instant, "net1", "/run/foo.pid", "1"));
    run.act((instant) => files.remove(instant, "net1", "/etc/fstab"));
    expect(files.list(run, "net1")).toContain("/run/foo.pid");
    expect(files.list(run, "net1")).not.toContain("/etc/fstab");
    run.act((instant) => hosts.powerOff(instant, "net1", "crashed"));
    expect(files.read(run, "net1", INI)).toBe("# nothing\n");
    expect(files.read(run, "net1", "/var/run/foo.pid")).toBeUndefined();
    run.act((instant) => files.write(instant, "net1", INI, text));
    expect(files.changes(run, "net1").has(INI)).toBe(false);
  });

  test("names like __proto__ are names", () => {
    const { plant, run } = plantRun();
    run.act((instant) => plant.files.write(instant, "net1", "__proto__", "x"));
    expect(plant.files.read(run, "net1", "__proto__")).toBe("x");
    expect(plant.files.read(run, "net1", "constructor")).toBeUndefined();
  });
});

describe("units", () => {
  test("an edit changes what a unit has read only with a restart or a reload", () => {
    const { plant, run } = plantRun();
    const { files, units } = plant;
    const read = () => units.configuration(run, "net1", "neutron-dhcp-agent", INI);
    const before = read();
    run.act((instant) => files.write(instant, "net1", INI, "[DEFAULT]\nenable_isolated_metadata = False\n"));
    run.advanceTo(run.nowMs + 3_600_000);
    expect(read()).toBe(before);
    run.act((instant) => units.restart(instant, "net1", "neutron-dhcp-agent"));
    run.advanceTo(run.nowMs + 30_000);
    expect(units.isReady(run, "net1", "neutron-dhcp-agent")).toBe(true);
    expect(read()).toContain("False");
    run.act((instant) => files.write(instant, "net1", INI, before!));
    run.act((instant) => units.reload(instant, "net1", "neutron-dhcp-agent"));
    expect(read()).toBe(before);
  });

  test("a file that cannot be parsed fails the start, and mending it lets the unit start", () => {
    const { plant, run, lines } = plantRun();
    const { files, units } = plant;
    const text = files.read(run, "net1", INI)!;
    run.act((instant) => files.write(instant, "net1", INI, "[DEFAULT\nfoo\n"));
    run.act((instant) => units.restart(instant, "net1", "neutron-dhcp-agent"));
    run.advanceTo(run.nowMs + 30_000);
    expect(units.state(run, "net1", "neutron-dhcp-agent")).toBe("failed");
    expect(lines().join("\n")).toMatch(/unit\/neutron-dhcp-agent@net1: UNIT_START_FAILED .*dhcp_agent\.ini:1/);
    run.act((instant) => files.write(instant, "net1", INI, text));
    run.act((instant) => units.start(instant, "net1", "neutron-dhcp-agent"));
    run.advanceTo(run.nowMs + 30_000);
    expect(units.isReady(run, "net1", "neutron-dhcp-agent")).toBe(true);
  });

  test("a unit killed is gone at once and nobody starts it", () => {
    const { plant, run } = plantRun();
    run.act((instant) => plant.units.kill(instant, "net1", "neutron-dhcp-agent"));
    run.advanceTo(run.nowMs + 3_600_000);
    expect(plant.units.state(run, "net1", "neutron-dhcp-agent")).toBe("stopped");
  });

  test("a unit that hangs is running and not ready; its stop takes SIGKILL's time", () => {
    const { plant, run } = plantRun();
    const { units } = plant;
    run.act((instant) => units.hang(instant, "net1", "neutron-dhcp-agent"));
    expect(units.isRunning(run, "net1", "neutron-dhcp-agent")).toBe(true);
    expect(units.isReady(run, "net1", "neutron-dhcp-agent")).toBe(false);
    const outcome = run.act((instant) => units.begin(instant, "net1", "neutron-dhcp-agent", "stop"));
    expect(outcome).toEqual({ ok: true, durationMs: 4_000 });
    run.advanceTo(run.nowMs + 4_000);
    expect(units.state(run, "net1", "neutron-dhcp-agent")).toBe("stopped");
  });

  test("a unit that the cluster starts is not started by init", () => {
    const { plant, run } = plantRun();
    expect(plant.units.state(run, "lb1", "haproxy")).toBe("stopped");
    expect(plant.units.list("ctl1")).toContain("openstack-nova-api");
    expect(plant.units.list("ctl1")).not.toContain("pacemaker");
  });
});
