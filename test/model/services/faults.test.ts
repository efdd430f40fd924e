import { beforeAll, describe, expect, test } from "vitest";
import type { TraceEntry } from "../../../model/kernel/index.js";
import { buildCloud, type Cloud, timeline } from "./cloud.js";

let cloud: Cloud;
beforeAll(() => {
  cloud = buildCloud();
});

const VIP = "192.168.16.200";

/** When a service or journey entered each of its states, relative to the settled world. */
function changes(trace: readonly TraceEntry[], subject: string): [number, string][] {
  return trace
    .filter((entry) => entry.kind === "service" && entry.subject === subject)
    .map((entry) => [entry.atMs - cloud.settled.nowMs, entry.what]);
}

/** The subjects from an entry back to what nothing caused. */
function causes(trace: readonly TraceEntry[], entry: TraceEntry): string[] {
  const byId = new Map(trace.map((one) => [one.id, one]));
  const found: string[] = [];
  for (let at: TraceEntry | undefined = entry; at; at = byId.get(at.cause)) found.push(at.subject);
  return found;
}

describe("load balancer", () => {
  test("a controller that dies makes requests slow until three checks have failed, and nothing fails", () => {
    const { run, trace, services, plant } = timeline(cloud);
    run.act((instant) => plant.hosts.powerOff(instant, "ctl2", "crash"));
    run.advanceTo(run.nowMs + 60_000);
    const [[at, first], [until, second]] = changes(trace, "journey/get-token") as [[number, string], [number, string]];
    expect([at, first, second]).toEqual([0, "slow", "served"]);
    // Three checks a second apart, the first up to a second after the crash, each known a second later.
    expect(until).toBeGreaterThanOrEqual(3_000);
    expect(until).toBeLessThanOrEqual(4_000);
    expect(services.isServed(run, "journey/get-token")).toBe(true);
  });

  test("a killed process is refused at once: marked down after two to three seconds", () => {
    const { run, trace, plant } = timeline(cloud);
    run.act((instant) => plant.units.kill(instant, "ctl2", "openstack-keystone"));
    run.advanceTo(run.nowMs + 60_000);
    const down = trace.find((entry) => entry.kind === "check" && entry.subject === "server/keystone-public/ctl2@lb1")!;
    expect(down.what).toBe("marked down");
    const after = down.atMs - cloud.settled.nowMs;
    expect(after).toBeGreaterThan(2_000);
    expect(after).toBeLessThanOrEqual(3_000);
    expect(causes(trace, down)).toContain("unit/openstack-keystone@ctl2");
  });

  test("a started process gets requests again after two passed checks", () => {
    const { run, trace, plant } = timeline(cloud);
    run.act((instant) => plant.units.restart(instant, "ctl2", "openstack-keystone"));
    run.advanceTo(run.nowMs + 60_000);
    const all = trace.filter((entry) => entry.subject === "server/keystone-public/ctl2@lb1").map((entry) => entry.what);
    expect(all).toEqual(["marked down", "marked up"]);
  });

  test("haproxy dead with its VIP alive: everything behind it is refused", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => plant.units.kill(instant, "lb1", "haproxy"));
    run.advanceTo(run.nowMs + 1_000);
    expect(services.answer(run, "journey/get-token")).toMatchObject({ failure: "refused", blame: "haproxy/lb1" });
    const path = services.path(run, "journey/get-token");
    expect(path.ok).toBe(false);
    expect(path.hops.at(-1)).toMatchObject({ subject: "haproxy/lb1", ok: false });
  });

  test("the VIP moved to the other balancer serves at once; with its announcements lost nobody finds it", () => {
    for (const lost of [false, true]) {
      const { run, services, plant } = timeline(cloud);
      run.act((instant) => {
        plant.network.setAnnouncementsLost(instant, "api", lost);
        plant.network.removeAddress(instant, "lb1", VIP);
        plant.network.addAddress(instant, "lb2", VIP);
      });
      run.advanceTo(run.nowMs + 10_000);
      expect(services.isServed(run, "journey/get-token")).toBe(!lost);
    }
  });

  test("a bad file on reload keeps the old configuration; a restart with it fails", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => {
      plant.files.write(instant, "lb1", "/etc/haproxy/haproxy.cfg", "listen keystone\n  bind nonsense\n");
      services.reloadHaproxy(instant, "lb1");
    });
    run.advanceTo(run.nowMs + 10_000);
    expect(run.get(services.haproxy.processCell("lb1"))).toMatchObject({ value: "outdated" });
    expect(services.isServed(run, "journey/get-token")).toBe(true);
    run.act((instant) => plant.units.restart(instant, "lb1", "haproxy"));
    run.advanceTo(run.nowMs + 10_000);
    expect(plant.units.state(run, "lb1", "haproxy")).toBe("failed");
    expect(services.isServed(run, "journey/get-token")).toBe(false);
  });

  test("without ip_nonlocal_bind the standby's haproxy cannot bind the VIP and does not start", () => {
    const { run, plant } = timeline(cloud);
    run.act((instant) => {
      plant.files.write(instant, "lb2", "/etc/sysctl.conf", "net.ipv4.ip_nonlocal_bind = 0\n");
      plant.units.restart(instant, "lb2", "haproxy");
      plant.files.write(instant, "lb1", "/etc/sysctl.conf", "net.ipv4.ip_nonlocal_bind = 0\n");
      plant.units.restart(instant, "lb1", "haproxy");
    });
    run.advanceTo(run.nowMs + 10_000);
    expect(plant.units.state(run, "lb2", "haproxy")).toBe("failed");
    expect(plant.units.state(run, "lb1", "haproxy")).toBe("running");
  });

  test("a service that answers with errors passes a TCP check and fails some requests; an HTTP check sees it", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => {
      const path = "/etc/haproxy/haproxy.cfg";
      const checked = "listen horizon\n    mode http\n    option httpchk GET /dashboard/auth/login/\n";
      const text = plant.files.read(instant, "lb1", path)!.replace("listen horizon\n", checked);
      plant.files.write(instant, "lb1", path, text);
      services.reloadHaproxy(instant, "lb1");
      services.answers.setAnswers(instant, "ctl2", "openstack-keystone", "wrong");
      services.answers.setAnswers(instant, "ctl2", "httpd", "wrong");
    });
    run.advanceTo(run.nowMs + 30_000);
    expect(services.state(run, "service/keystone-public")).toBe("partly-served");
    expect(services.haproxy.health(run, "lb1", "keystone-public", "ctl2")).toBe("up");
    expect(services.haproxy.health(run, "lb1", "horizon", "ctl2")).toBe("down");
  });

  test("a hung service holds a share of the requests: the kernel takes the check's connections", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => plant.units.hang(instant, "ctl3", "openstack-nova-api"));
    run.advanceTo(run.nowMs + 30_000);
    expect(services.answer(run, "service/nova-api")).toMatchObject({ grade: "partly", failure: "timeout" });
  });
});

describe("database and message bus", () => {
  test("mysqld gone and back: everything that needs it fails, and is served again", () => {
    const { run, trace, services, plant } = timeline(cloud);
    const { mysql } = plant.storage;
    run.act((instant) => mysql.kill(instant, mysql.databases[0]!, "mysql1"));
    run.advanceTo(run.nowMs + 5_000);
    expect(services.answer(run, "journey/get-token")).toMatchObject({ status: 500, blame: "unit/mysqld@mysql1" });
    expect(run.get(services.cell("service/database"))).toMatchObject({ value: "not-served" });
    const lost = trace.find((entry) => entry.subject === "journey/get-token")!;
    expect(causes(trace, lost).at(-1)).toMatch(/mysqld|database/);
    run.act((instant) => mysql.start(instant, mysql.databases[0]!, "mysql1"));
    run.advanceTo(run.nowMs + 60_000);
    expect(services.isServed(run, "journey/get-token")).toBe(true);
    expect(services.isServed(run, "journey/boot-guest")).toBe(true);
  });

  test("a service that starts without its database tries again every 10 s; one that was connected asks at once", () => {
    const { run, services, plant } = timeline(cloud);
    const { mysql } = plant.storage;
    run.act((instant) => {
      mysql.kill(instant, mysql.databases[0]!, "mysql1");
      plant.units.restart(instant, "ctl2", "openstack-keystone");
    });
    run.advanceTo(run.nowMs + 34_000);
    run.act((instant) => mysql.start(instant, mysql.databases[0]!, "mysql1"));
    const recovered = () => services.isServed(run, "service/database");
    while (!recovered()) run.step();
    // The rest of that instant.
    run.advanceTo(run.nowMs);
    expect(services.state(run, "journey/get-token")).toBe("partly-served");
    expect(services.answer(run, "journey/get-token").blame).toBe("sql-pool/openstack-keystone@ctl2");
    const before = run.nowMs;
    while (services.state(run, "journey/get-token") === "partly-served") run.step();
    expect(run.nowMs - before).toBeLessThanOrEqual(10_000);
    expect(services.isServed(run, "journey/get-token")).toBe(true);
  });

  test("a hung NFS server hangs the database, the image store and the NFS tier, and no other tier", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => {
      for (const id of ["nfs1:/srv/mysql", "nfs1:/srv/glance", "nfs1:/srv/cinder"])
        plant.storage.setExport(instant, id, "hung");
    });
    run.advanceTo(run.nowMs + 5_000);
    expect(services.answer(run, "service/database")).toMatchObject({ grade: "failed", failure: "timeout" });
    expect(services.isServed(run, "service/tier-nfs")).toBe(false);
    for (const tier of ["ceph", "gluster", "gpfs", "lvm"])
      expect([tier, services.isServed(run, `service/tier-${tier}`)]).toEqual([tier, true]);
  });

  test("a full image store: images are read, none is written", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => plant.storage.setExport(instant, "nfs1:/srv/glance", "full"));
    run.advanceTo(run.nowMs + 5_000);
    expect(services.isServed(run, "service/glance-api")).toBe(true);
    expect(services.answer(run, "journey/upload-image")).toMatchObject({ grade: "failed", failure: "error" });
  });

  test("a broker that is back after 20 s is found again at the clients' next attempt, after 1, 2, 4, 8, 16 s", () => {
    const { run, trace, services, plant } = timeline(cloud);
    run.act((instant) => plant.units.kill(instant, "ctl1", "qpidd"));
    run.advanceTo(run.nowMs + 20_000);
    expect(services.isServed(run, "journey/boot-guest")).toBe(false);
    expect(services.isServed(run, "journey/get-token")).toBe(true);
    run.act((instant) => plant.units.start(instant, "ctl1", "qpidd"));
    run.advanceTo(run.nowMs + 60_000);
    expect(services.isServed(run, "journey/boot-guest")).toBe(true);
    const back = trace.find((entry) => entry.subject === "amqp-link/net1" && entry.what === "ATTEMPT_SUCCEEDED")!;
    // 1 + 2 + 4 + 8 + 16 after the loss.
    expect(back.atMs - cloud.settled.nowMs).toBe(31_000);
  });
});

describe("Nova, Neutron and guests", () => {
  test("a dead compute node counts as up for 60 s: until then some new guests are lost, then none", () => {
    const { run, trace, services, plant } = timeline(cloud);
    run.act((instant) => plant.hosts.powerOff(instant, "compute2", "crash"));
    run.advanceTo(run.nowMs + 120_000);
    const all = changes(trace, "journey/boot-guest");
    expect(all.map(([, what]) => what)).toEqual(["partly served", "served"]);
    expect(all[1]![0]).toBeGreaterThan(49_000);
    expect(all[1]![0]).toBeLessThanOrEqual(60_000);
    expect(services.reports.isUp(run, "openstack-nova-compute@compute2")).toBe(false);
    expect(run.get(services.guests.cell("acme-win1")).value).toBe("off");
    expect(run.get(services.guests.cell("acme-web1")).value).toBe("configured");
  });

  test("guests of a rebooted compute node come back with nova-compute and get their metadata", () => {
    const { run, trace, services, plant } = timeline(cloud);
    run.act((instant) => plant.hosts.powerOff(instant, "compute1", "crash"));
    run.advanceTo(run.nowMs + 10_000);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(false);
    run.act((instant) => plant.hosts.powerOn(instant, "compute1"));
    run.advanceTo(run.nowMs + 600_000);
    expect(run.get(services.guests.cell("acme-web1")).value).toBe("configured");
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
    const events = trace.filter((entry) => entry.subject === "guest/acme-web1").map((entry) => entry.what);
    expect(events).toEqual(["NODE_LOST", "BOOTED", "LEASE_OBTAINED", "METADATA_OBTAINED"]);
  });

  test("a guest that boots while the proxy is dead gives up after two minutes and comes up without metadata", () => {
    const { run, trace, services } = timeline(cloud);
    run.act((instant) => {
      services.neutron.killMetadataProxy(instant, "net1", "acme-net");
      services.guests.reboot(instant, "acme-web1");
    });
    run.advanceTo(run.nowMs + 300_000);
    expect(run.get(services.guests.cell("acme-web1")).value).toBe("without-metadata");
    const at = (what: string) =>
      trace.find((entry) => entry.subject === "guest/acme-web1" && entry.what === what)!.atMs;
    expect(at("METADATA_GIVEN_UP") - at("LEASE_OBTAINED")).toBe(120_000);
    // It is up and reachable all the same.
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
  });

  test("a lease that nobody renews is lost after a day, and found again", () => {
    const { run, services, plant } = timeline(cloud);
    const day = 86_400_000;
    run.act((instant) => plant.hosts.powerOff(instant, "net1", "crash"));
    run.advanceTo(run.nowMs + day / 2 - 1);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
    run.advanceTo(run.nowMs + day);
    expect(run.get(services.guests.cell("acme-web1")).value).toBe("address-expired");
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(false);
    run.act((instant) => plant.hosts.powerOn(instant, "net1"));
    run.advanceTo(run.nowMs + 900_000);
    expect(run.get(services.guests.cell("acme-web1")).value).toBe("configured");
  });

  test("a guest is evacuated once its compute node counts as down, and not before", () => {
    const { run, trace, services, plant } = timeline(cloud);
    const evacuate = () => run.act((instant) => services.guests.evacuate(instant, "acme-web1", "compute2"));
    run.act((instant) => plant.hosts.powerOff(instant, "compute1", "crash"));
    evacuate();
    expect(trace.at(-1)).toMatchObject({ subject: "guest/acme-web1", what: "evacuation refused" });
    run.advanceTo(run.nowMs + 70_000);
    evacuate();
    run.advanceTo(run.nowMs + 120_000);
    expect(run.get(services.guests.cell("acme-web1")).value).toBe("configured");
    expect(services.guests.compute(run, "acme-web1")).toBe("compute2");
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
  });

  test("the control plane down does not touch guests that run", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => {
      for (const node of ["ctl1", "ctl2", "ctl3"]) plant.hosts.powerOff(instant, node, "crash");
    });
    run.advanceTo(run.nowMs + 600_000);
    expect(services.isServed(run, "journey/get-token")).toBe(false);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
    for (const id of services.guests.ids) expect(run.get(services.guests.cell(id)).value).toBe("configured");
  });

  test("the only network node lost: no DHCP, no metadata, no router; guests on provider VLANs stay reachable", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => plant.hosts.powerOff(instant, "net1", "crash"));
    run.advanceTo(run.nowMs + 60_000);
    expect(services.isServed(run, "service/dhcp-acme-net")).toBe(false);
    expect(services.isServed(run, "journey/boot-guest")).toBe(false);
    for (const id of services.guests.ids) expect(services.isServed(run, `journey/guest-metadata-${id}`)).toBe(false);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
    run.act((instant) => plant.hosts.powerOn(instant, "net1"));
    run.advanceTo(run.nowMs + 600_000);
    expect(services.isServed(run, "journey/guest-metadata-globex-app1")).toBe(true);
    expect(services.isServed(run, "journey/boot-guest")).toBe(true);
  });

  test("flows outlive the Open vSwitch agent; an agent that starts without neutron-server flushes them", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => plant.units.kill(instant, "compute1", "neutron-openvswitch-agent"));
    run.advanceTo(run.nowMs + 60_000);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
    expect(services.state(run, "journey/boot-guest")).toBe("partly-served");
    run.act((instant) => {
      for (const node of ["ctl1", "ctl2", "ctl3"]) plant.units.kill(instant, node, "neutron-server");
      plant.units.start(instant, "compute1", "neutron-openvswitch-agent");
    });
    run.advanceTo(run.nowMs + 60_000);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(false);
    run.act((instant) => plant.units.start(instant, "ctl1", "neutron-server"));
    run.advanceTo(run.nowMs + 60_000);
    expect(services.isServed(run, "journey/reach-acme-web1")).toBe(true);
  });
});

describe("storage tiers", () => {
  const tiers = ["ceph", "gluster", "gpfs", "lvm", "nfs"] as const;
  const served = (run: Parameters<Cloud["services"]["isServed"]>[0]) =>
    tiers.filter((tier) => cloud.services.isServed(run, `service/tier-${tier}`));

  test("the standby storage node lost: every tier goes on", () => {
    const { run, plant } = timeline(cloud);
    run.act((instant) => plant.hosts.powerOff(instant, "storage2", "crash"));
    run.advanceTo(run.nowMs + 10_000);
    expect(served(run)).toEqual(tiers);
  });

  test("the active storage node lost: LVM over iSCSI goes with it, replicated tiers stay, nothing new is made", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => plant.hosts.powerOff(instant, "storage1", "crash"));
    run.advanceTo(run.nowMs + 10_000);
    expect(served(run)).toEqual(["ceph", "gluster", "gpfs", "nfs"]);
    for (const journey of ["attach-volume", "attach-volume-ceph"])
      expect(services.isServed(run, `journey/${journey}`)).toBe(false);
  });

  test("both storage nodes lost: the NFS tier alone is left", () => {
    const { run, plant } = timeline(cloud);
    run.act((instant) => {
      for (const node of ["storage1", "storage2"]) plant.hosts.powerOff(instant, node, "crash");
    });
    run.advanceTo(run.nowMs + 10_000);
    expect(served(run)).toEqual(["nfs"]);
  });

  test("two of three ceph monitors lost: no quorum, though the data are there", () => {
    const { run, services, plant } = timeline(cloud);
    run.act((instant) => {
      plant.units.kill(instant, "storage1", "ceph-mon");
      plant.hosts.powerOff(instant, "ctl3", "crash");
    });
    run.advanceTo(run.nowMs + 10_000);
    expect(services.answer(run, "service/tier-ceph").text).toMatch(/1 of 3 ceph monitors/);
  });

  test("the SAN LUN lost: LVM fails, the others do not", () => {
    const { run, plant } = timeline(cloud);
    run.act((instant) => plant.storage.setLun(instant, "lun-cinder", false));
    run.advanceTo(run.nowMs + 10_000);
    expect(served(run)).toEqual(["ceph", "gluster", "gpfs", "nfs"]);
  });
});
