import { describe, expect, test } from "vitest";
import { plantRun } from "./fixture.js";

describe("hosts", () => {
  test("a node that is switched off loses its processes and addresses at once, and boots in its boot time", () => {
    const { plant, run } = plantRun();
    const { hosts, units, network } = plant;
    run.act((instant) => network.addAddress(instant, "nfs1", "10.16.2.20"));
    expect(units.isReady(run, "nfs1", "nfs")).toBe(true);
    run.act((instant) => hosts.powerOff(instant, "nfs1", "crashed"));
    expect(hosts.state(run, "nfs1")).toBe("off");
    expect(units.isRunning(run, "nfs1", "nfs")).toBe(false);
    expect(network.holders(run, "10.16.2.20")).toEqual([]);
    expect(network.holders(run, "10.16.2.5")).toEqual([]);
    run.act((instant) => hosts.powerOn(instant, "nfs1"));
    run.advanceTo(run.nowMs + 179_999);
    expect(hosts.state(run, "nfs1")).toBe("booting");
    run.advanceTo(run.nowMs + 1);
    expect(hosts.state(run, "nfs1")).toBe("up");
    run.advanceTo(run.nowMs + 10_000);
    expect(units.isReady(run, "nfs1", "nfs")).toBe(true);
  });

  test("a boot that is cut short does not finish", () => {
    const { plant, run } = plantRun();
    run.act((instant) => plant.hosts.powerOff(instant, "lb1", "crashed"));
    run.act((instant) => plant.hosts.powerOn(instant, "lb1"));
    run.advanceTo(run.nowMs + 60_000);
    run.act((instant) => plant.hosts.powerOff(instant, "lb1", "crashed again"));
    run.advanceTo(run.nowMs + 600_000);
    expect(plant.hosts.state(run, "lb1")).toBe("off");
  });

  test("a feed lost takes what hangs on it alone, hypervisors with their machines too, and gives it back", () => {
    const { plant, run } = plantRun();
    const { hosts } = plant;
    run.act((instant) => hosts.setFeed(instant, "feed-a", false));
    const off = hosts.nodes.filter((node) => hosts.state(run, node) === "off");
    expect(off).toEqual(["compute1", "ctl1", "ctl3", "lb1", "mysql1", "mysql2", "net1", "storage1"]);
    run.act((instant) => hosts.setFeed(instant, "feed-a", true));
    run.advanceTo(run.nowMs + 200_000);
    expect(hosts.state(run, "lb1")).toBe("up");
    // An ESX host takes longer, and its machines boot after it.
    expect(hosts.state(run, "mysql1")).toBe("off");
    run.advanceTo(run.nowMs + 200_000);
    expect(hosts.state(run, "mysql1")).toBe("up");
  });

  test("what was switched off before the feed was lost stays off when it returns", () => {
    const { plant, run } = plantRun();
    run.act((instant) => plant.hosts.powerOff(instant, "lb1", "fenced"));
    run.act((instant) => plant.hosts.setFeed(instant, "feed-a", false));
    run.act((instant) => plant.hosts.setFeed(instant, "feed-a", true));
    run.advanceTo(run.nowMs + 400_000);
    expect(plant.hosts.state(run, "lb1")).toBe("off");
  });

  test("a hypervisor lost takes both its machines; they cannot be switched on before it is back", () => {
    const { plant, run } = plantRun();
    const { hosts } = plant;
    run.act((instant) => hosts.setHypervisor(instant, "esx1", false));
    expect([hosts.state(run, "mysql1"), hosts.state(run, "mysql2")]).toEqual(["off", "off"]);
    run.act((instant) => hosts.powerOn(instant, "mysql1"));
    expect(hosts.state(run, "mysql1")).toBe("off");
    run.act((instant) => hosts.setHypervisor(instant, "esx1", true));
    run.advanceTo(run.nowMs + 400_000);
    expect([hosts.state(run, "mysql1"), hosts.state(run, "mysql2")]).toEqual(["up", "up"]);
  });

  test("a frozen node executes nothing and goes on where it stood", () => {
    const { plant, run } = plantRun();
    const { hosts, units } = plant;
    run.act((instant) => units.stop(instant, "net1", "neutron-dhcp-agent"));
    run.act((instant) => hosts.freeze(instant, "net1"));
    run.advanceTo(run.nowMs + 600_000);
    expect(hosts.isRunning(run, "net1")).toBe(false);
    expect(units.state(run, "net1", "neutron-dhcp-agent")).toBe("stopping");
    expect(units.isRunning(run, "net1", "neutron-l3-agent")).toBe(false);
    run.act((instant) => hosts.thaw(instant, "net1"));
    run.advanceTo(run.nowMs + 1);
    expect(units.state(run, "net1", "neutron-dhcp-agent")).toBe("stopped");
    expect(units.isRunning(run, "net1", "neutron-l3-agent")).toBe(true);
  });

  test("a reboot stops the units in order, and they are back after the boot", () => {
    const { plant, run, lines } = plantRun();
    run.act((instant) => plant.hosts.shutdown(instant, "net1", "reboot"));
    expect(plant.hosts.state(run, "net1")).toBe("shutting-down");
    run.advanceTo(run.nowMs + 19_000);
    expect(plant.units.state(run, "net1", "neutron-dhcp-agent")).toBe("stopped");
    run.advanceTo(run.nowMs + 300_000);
    expect(plant.units.isReady(run, "net1", "neutron-dhcp-agent")).toBe(true);
    expect(
      lines()
        .filter((line) => line.includes("node/net1"))
        .map((line) => line.split(" ")[2]),
    ).toEqual(["SHUTDOWN_BEGUN", "SHUTDOWN_FINISHED", "NODE_POWERED_ON", "NODE_BOOTED"]);
  });

  test("an unknown name is refused with those that there are", () => {
    const { plant, run } = plantRun();
    expect(() => run.act((instant) => plant.hosts.setFeed(instant, "feed-c", false))).toThrow(
      'unknown feed "feed-c"; feeds: feed-a, feed-b',
    );
    expect(() => plant.hosts.state(run, "__proto__")).toThrow('unknown node "__proto__"; nodes: compute1, ');
  });
});
