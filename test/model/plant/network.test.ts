import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plantRun, referenceTopology } from "./fixture.js";

const VIP = "192.168.16.200";

describe("the wire", () => {
  test("carries frames between nodes that share a network, and no others", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    expect(network.passes(run, "lb1", "lb2", "ring")).toBe(true);
    expect(network.passes(run, "net1", "compute2", "vlan101")).toBe(true);
    // net1 has no NIC on the ring.
    expect(network.passes(run, "lb1", "net1", "ring")).toBe(false);
  });

  test("a partition in one direction drops frames that way alone, and a connection needs both", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.block(instant, "lb1", "lb2", "ring"));
    expect(network.passes(run, "lb1", "lb2", "ring")).toBe(false);
    expect(network.passes(run, "lb2", "lb1", "ring")).toBe(true);
    expect(network.passes(run, "lb1", "lb2", "api")).toBe(true);
    expect(network.connects(run, "lb1", "lb2", "ring")).toBe(false);
    run.act((instant) => network.block(instant, "lb2", "lb1"));
    expect(network.passes(run, "lb2", "lb1", "api")).toBe(false);
    run.act((instant) => {
      network.unblock(instant, "lb1", "lb2", "ring");
      network.unblock(instant, "lb2", "lb1");
    });
    expect(network.connects(run, "lb1", "lb2", "ring")).toBe(true);
  });

  test("the link between the racks lost parts them, but not on the management network", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.setLink(instant, "sw-r1--sw-r2", false));
    expect(network.passes(run, "lb1", "lb2", "api")).toBe(false);
    expect(network.passes(run, "lb1", "ctl1", "api")).toBe(true);
    expect(network.passes(run, "lb1", "lb2", "mgmt")).toBe(true);
    // The router core is cabled to both, and does not bridge them.
    expect(network.path(run, "outside", "192.168.16.12").ok).toBe(true);
  });

  test("a switch lost is told as such, a node without power too", () => {
    const { plant, run } = plantRun();
    const { network, hosts } = plant;
    const why = () =>
      network
        .path(run, "ctl2", "192.168.16.13")
        .hops.filter(({ ok }) => !ok)
        .map(({ subject, text }) => `${subject}: ${text}`);
    expect(why()).toEqual([]);
    run.act((instant) => network.setSwitch(instant, "sw-r2", false));
    expect(why()[0]).toBe("switch/sw-r2: down");
    run.act((instant) => network.setSwitch(instant, "sw-r2", true));
    run.act((instant) => hosts.setFeed(instant, "feed-a", false));
    expect(why()).toEqual(["node/mysql1: off"]);
  });

  test("a VLAN missing on a trunk cuts that network alone", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.setCarried(instant, "sw-r1--sw-r2", "vlan101", false));
    expect(network.passes(run, "net1", "compute2", "vlan101")).toBe(false);
    expect(network.passes(run, "net1", "compute2", "vlan110")).toBe(true);
    expect(network.passes(run, "net1", "compute1", "vlan101")).toBe(true);
    run.act((instant) => network.setCarried(instant, "sw-r1--sw-r2", "vlan101", true));
    expect(network.passes(run, "net1", "compute2", "vlan101")).toBe(true);
  });

  test("an MTU that does not match drops full frames and lets pings pass", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.setMtu(instant, "sw-r1--sw-r2", false));
    expect(network.passes(run, "lb1", "lb2", "api", "small")).toBe(true);
    expect(network.passes(run, "lb1", "lb2", "api", "full")).toBe(false);
    expect(network.reaches(run, "lb1", "192.168.16.12", "small")).toBe(true);
    const { ok, failure, hops } = network.path(run, "lb1", "192.168.16.12");
    expect({ ok, failure }).toEqual({ ok: false, failure: "timeout" });
    expect(hops[hops.length - 1]!.text).toContain("MTU");
  });

  test("reaches and path never disagree, and what is undone is undone, whatever was cut", () => {
    const topology = referenceTopology();
    const links = [...topology.links.keys()];
    const nodes = [...topology.nodes.keys()];
    const cut = fc.oneof(
      fc.record({ kind: fc.constant("link" as const), id: fc.constantFrom(...links) }),
      fc.record({ kind: fc.constant("block" as const), a: fc.constantFrom(...nodes), b: fc.constantFrom(...nodes) }),
      fc.record({ kind: fc.constant("freeze" as const), id: fc.constantFrom(...nodes) }),
    );
    const targets = [...topology.nodes.values()].flatMap(({ nics }) => nics.flatMap((nic) => nic.addresses));
    fc.assert(
      fc.property(
        fc.array(cut, { maxLength: 6 }),
        fc.constantFrom(...nodes, "outside"),
        fc.constantFrom(...targets.map(({ address }) => address)),
        (cuts, from, address) => {
          const { plant, run } = plantRun();
          const before = plant.network.path(run, from, address).ok;
          run.act((instant) => {
            for (const it of cuts) {
              if (it.kind === "link") plant.network.setLink(instant, it.id, false);
              else if (it.kind === "block") plant.network.block(instant, it.a, it.b);
              else plant.hosts.freeze(instant, it.id);
            }
          });
          const path = plant.network.path(run, from, address);
          expect(plant.network.reaches(run, from, address)).toBe(path.ok);
          expect(path.hops.some(({ ok }) => !ok)).toBe(!path.ok);
          run.act((instant) => {
            for (const it of cuts) {
              if (it.kind === "link") plant.network.setLink(instant, it.id, true);
              else if (it.kind === "block") plant.network.unblock(instant, it.a, it.b);
              else plant.hosts.thaw(instant, it.id);
            }
          });
          expect(plant.network.path(run, from, address).ok).toBe(before);
          // The count of what is down is what lets announcements go unasked.
          expect(run.get(run.blueprint.find("network/impairments")!)).toBe(0);
        },
      ),
      { seed: 5, numRuns: 150 },
    );
  });
});

describe("addresses", () => {
  test("a VIP moved and announced is reached at its new node at once", () => {
    const { plant, run } = plantRun();
    const { network, hosts } = plant;
    run.act((instant) => network.addAddress(instant, "lb1", VIP));
    run.advanceTo(run.nowMs + 5_000);
    expect(network.answers(run, "ctl1", VIP)).toBe("lb1");
    run.act((instant) => hosts.powerOff(instant, "lb1", "crashed"));
    expect(network.path(run, "ctl1", VIP)).toMatchObject({ ok: false, failure: "unreachable" });
    run.act((instant) => network.addAddress(instant, "lb2", VIP));
    run.advanceTo(run.nowMs + 1);
    expect(network.answers(run, "ctl1", VIP)).toBe("lb2");
    expect(network.answers(run, "outside", VIP)).toBe("lb2");
  });

  test("a VIP moved with its ARP lost: hosts find it after 60 s, the router after four hours", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.addAddress(instant, "lb1", VIP));
    run.advanceTo(run.nowMs + 5_000);
    run.act((instant) => {
      network.setAnnouncementsLost(instant, "api", true);
      network.removeAddress(instant, "lb1", VIP);
      network.addAddress(instant, "lb2", VIP);
    });
    const movedMs = run.nowMs;
    run.advanceTo(movedMs + 10_000);
    run.act((instant) => network.setAnnouncementsLost(instant, "api", false));
    const path = network.path(run, "ctl1", VIP);
    expect(path).toMatchObject({ ok: false, failure: "timeout" });
    expect(path.hops[0]).toMatchObject({ ok: false, text: "the ARP entry of ctl1 still names lb1" });
    run.advanceTo(movedMs + 61_000);
    expect(network.answers(run, "ctl1", VIP)).toBe("lb2");
    expect(network.path(run, "outside", VIP).ok).toBe(false);
    run.advanceTo(movedMs + 4 * 3_600_000 + 1_000);
    expect(network.answers(run, "outside", VIP)).toBe("lb2");
  });

  test("announcements lost for less than the fifth: a later one is heard", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.addAddress(instant, "lb1", VIP));
    run.advanceTo(run.nowMs + 5_000);
    run.act((instant) => {
      network.setAnnouncementsLost(instant, "api", true);
      network.removeAddress(instant, "lb1", VIP);
      network.addAddress(instant, "lb2", VIP);
    });
    run.advanceTo(run.nowMs + 500);
    expect(network.path(run, "ctl1", VIP).ok).toBe(false);
    run.act((instant) => network.setAnnouncementsLost(instant, "api", false));
    run.advanceTo(run.nowMs + 200);
    expect(network.answers(run, "ctl1", VIP)).toBe("lb2");
  });

  test("a duplicate: each side of a partition has its own, joined the last to announce", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.addAddress(instant, "lb1", VIP));
    run.advanceTo(run.nowMs + 1_000);
    run.act((instant) => network.setLink(instant, "sw-r1--sw-r2", false));
    run.act((instant) => network.addAddress(instant, "lb2", VIP));
    run.advanceTo(run.nowMs + 120_000);
    expect(network.holders(run, VIP)).toEqual(["lb1", "lb2"]);
    // A holder's own frames never leave it.
    expect([network.answers(run, "lb1", VIP), network.answers(run, "lb2", VIP)]).toEqual(["lb1", "lb2"]);
    expect(network.answers(run, "ctl1", VIP)).toBe("lb1");
    expect(network.answers(run, "ctl2", VIP)).toBe("lb2");
    run.act((instant) => network.setLink(instant, "sw-r1--sw-r2", true));
    expect(network.answers(run, "ctl1", VIP)).toBe("lb2");
    expect(network.path(run, "ctl1", VIP).hops[0]!.text).toContain("duplicate address");
  });

  test("somebody's duplicate of a node's own address takes its neighbours away", () => {
    const { plant, run } = plantRun();
    const { network } = plant;
    run.act((instant) => network.addAddress(instant, "storage1", "10.16.2.5"));
    run.advanceTo(run.nowMs + 1_000);
    expect(network.answers(run, "ctl1", "10.16.2.5")).toBe("storage1");
    run.act((instant) => network.removeAddress(instant, "storage1", "10.16.2.5"));
    expect(network.answers(run, "ctl1", "10.16.2.5")).toBe("nfs1");
  });

  test("an address of no network and a node without a route are unreachable", () => {
    const { plant, run } = plantRun();
    expect(plant.network.path(run, "lb1", "10.99.0.1")).toMatchObject({ ok: false, failure: "unreachable" });
  });
});
