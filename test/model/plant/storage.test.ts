import { describe, expect, test } from "vitest";
import { type PlantRun, plantRun } from "./fixture.js";

const SRV = "nfs1:/srv/mysql";
const GLANCE = "ctl1:/var/lib/glance/images";
const DATADIR = "mysql1:/var/lib/mysql";

function agents({ plant }: PlantRun) {
  const of = (resource: string) => plant.agents.agentFor("db", resource);
  return { vip: of("vip-db"), fs: of("fs-mysql"), mysqld: of("mysqld") };
}

/** Does an operation as the executor would, without a time-out. */
function operate(world: PlantRun, resource: "vip" | "fs" | "mysqld", node: string, operation: "start" | "stop") {
  const agent = agents(world)[resource];
  const outcome = world.run.act((instant) => agent.begin(instant, node, operation));
  if (Number.isFinite(outcome.durationMs)) {
    world.run.advanceTo(world.run.nowMs + outcome.durationMs);
    world.run.act((instant) => agent.complete(instant, node, operation, outcome));
  }
  return outcome;
}

function withDatabaseOn(node: string): PlantRun {
  const world = plantRun();
  expect(operate(world, "fs", node, "start").rc).toBe(0);
  expect(operate(world, "mysqld", node, "start").rc).toBe(0);
  expect(world.plant.storage.mysql.answer(world.run, "mysqld", node)).toBe("ok");
  return world;
}

describe("NFS", () => {
  test("a hung export hangs its hard mounts, and they go on at once when it answers", () => {
    const { plant, run } = plantRun();
    const { storage } = plant;
    expect(storage.mountState(run, GLANCE)).toBe("usable");
    run.act((instant) => storage.setExport(instant, "nfs1:/srv/glance", "hung"));
    run.advanceTo(run.nowMs + 1);
    expect(storage.mountState(run, GLANCE)).toBe("hung");
    run.advanceTo(run.nowMs + 3_600_000);
    run.act((instant) => storage.setExport(instant, "nfs1:/srv/glance", "served"));
    run.advanceTo(run.nowMs + 1);
    expect(storage.mountState(run, GLANCE)).toBe("usable");
  });

  test("a server lost for 100 s: the mount hangs until the client's second retransmission, 180 s after it began", () => {
    const { plant, run } = plantRun();
    const { storage, network } = plant;
    const beganMs = run.nowMs;
    run.act((instant) => network.setLink(instant, "nfs1.eth2--sw-r2", false));
    run.advanceTo(beganMs + 100_000);
    expect(storage.mountState(run, GLANCE)).toBe("hung");
    run.act((instant) => network.setLink(instant, "nfs1.eth2--sw-r2", true));
    run.advanceTo(beganMs + 179_999);
    expect(storage.mountState(run, GLANCE)).toBe("hung");
    run.advanceTo(beganMs + 180_000);
    expect(storage.mountState(run, GLANCE)).toBe("usable");
  });

  test("a client that boots while the server is silent gives up its mount after two minutes and starts its units without", () => {
    const { plant, run } = plantRun();
    run.act((instant) => plant.storage.setExport(instant, "nfs1:/srv/glance", "hung"));
    run.act((instant) => plant.hosts.powerOff(instant, "ctl3", "crashed"));
    run.act((instant) => plant.hosts.powerOn(instant, "ctl3"));
    run.advanceTo(run.nowMs + 180_000 + 119_000);
    expect(plant.storage.mountState(run, "ctl3:/var/lib/glance/images")).toBe("mounting");
    expect(plant.units.state(run, "ctl3", "ceph-mon")).toBe("stopped");
    run.advanceTo(run.nowMs + 10_000);
    expect(plant.storage.mountState(run, "ctl3:/var/lib/glance/images")).toBe("unmounted");
    expect(plant.units.state(run, "ctl3", "ceph-mon")).toBe("running");
  });

  test("stale handles stay until the client mounts anew", () => {
    const { plant, run } = plantRun();
    const { storage } = plant;
    run.act((instant) => storage.setExport(instant, "nfs1:/srv/glance", "stale"));
    run.advanceTo(run.nowMs + 1);
    run.act((instant) => storage.setExport(instant, "nfs1:/srv/glance", "served"));
    run.advanceTo(run.nowMs + 1_000);
    expect(storage.mountState(run, GLANCE)).toBe("stale");
    run.act((instant) => storage.unmount(instant, GLANCE));
    run.act((instant) => storage.mount(instant, GLANCE));
    expect(storage.mountState(run, GLANCE)).toBe("usable");
  });

  test("a client struck from /etc/exports is refused once the server has read it", () => {
    const world = plantRun();
    const { plant, run } = world;
    const text = plant.files.read(run, "nfs1", "/etc/exports")!;
    run.act((instant) => plant.files.write(instant, "nfs1", "/etc/exports", text.replace(/10\.16\.2\.14\S*/, "")));
    expect(plant.storage.tryMount(run, "mysql2:/var/lib/mysql").kind).toBe("mounts");
    run.act((instant) => plant.units.restart(instant, "nfs1", "nfs"));
    run.advanceTo(run.nowMs + 30_000);
    expect(operate(world, "fs", "mysql1", "start").rc).toBe(0);
    expect(operate(world, "fs", "mysql2", "start")).toMatchObject({
      rc: 1,
      exitReason: expect.stringContaining("access denied by server while mounting 10.16.2.5:/srv/mysql: 10.16.2.14"),
    });
  });
});

describe("MySQL on its datadir", () => {
  test("hung NFS: both shallow monitors say running, deep ones hang, and a stop of the mount hangs", () => {
    const world = withDatabaseOn("mysql1");
    const { plant, run } = world;
    const { fs, mysqld } = agents(world);
    run.act((instant) => plant.storage.setExport(instant, SRV, "hung"));
    run.advanceTo(run.nowMs + 60_000);
    expect(fs.monitor(run, "mysql1").rc).toBe(0);
    expect(mysqld.monitor(run, "mysql1").rc).toBe(0);
    expect(fs.monitor(run, "mysql1", 20).durationMs).toBe(Number.POSITIVE_INFINITY);
    expect(mysqld.monitor(run, "mysql1", 10).durationMs).toBe(Number.POSITIVE_INFINITY);
    expect(plant.storage.mysql.answer(run, "mysqld", "mysql1")).toBe("hang");
    // SIGTERM, 115 s, SIGKILL, success: and the process is still there.
    expect(operate(world, "mysqld", "mysql1", "stop")).toMatchObject({ rc: 0, durationMs: 115_000 });
    expect(mysqld.monitor(run, "mysql1").rc).toBe(7);
    expect(plant.storage.mysql.state(run, "mysqld", "mysql1")).toBe("stopping");
    expect(operate(world, "fs", "mysql1", "stop").durationMs).toBe(Number.POSITIVE_INFINITY);
    run.act((instant) => plant.storage.setExport(instant, SRV, "served"));
    run.advanceTo(run.nowMs + 1);
    expect(plant.storage.mysql.state(run, "mysqld", "mysql1")).toBe("stopped");
    expect(run.get(plant.storage.mysql.datadirCell("mysqld")).value).toBe("dirty");
  });

  test("a writer that died leaves crash recovery to the next; one that stopped leaves none", () => {
    const world = withDatabaseOn("mysql1");
    const { plant, run } = world;
    run.act((instant) => plant.hosts.powerOff(instant, "mysql1", "crashed"));
    operate(world, "fs", "mysql2", "start");
    expect(operate(world, "mysqld", "mysql2", "start").durationMs).toBe(4_000 + 10_000);
    operate(world, "mysqld", "mysql2", "stop");
    expect(operate(world, "mysqld", "mysql2", "start").durationMs).toBe(4_000);
  });

  test("two mysqld on one datadir: corrupt, for good, and no further start succeeds", () => {
    const world = withDatabaseOn("mysql1");
    const { plant, run, lines } = world;
    operate(world, "fs", "mysql2", "start");
    run.act((instant) => agents(world).mysqld.begin(instant, "mysql2", "start"));
    run.advanceTo(run.nowMs + 1);
    expect(plant.storage.mysql.isCorrupt(run, "mysqld")).toBe(true);
    expect(lines().join("\n")).toContain(
      "TWO_WRITERS (open → corrupt) [mysqld on mysql1, mysql2 write to 10.16.2.5:/srv/mysql at once]",
    );
    operate(world, "mysqld", "mysql1", "stop");
    operate(world, "mysqld", "mysql2", "stop");
    expect(operate(world, "mysqld", "mysql1", "start")).toMatchObject({
      rc: 1,
      exitReason: expect.stringContaining("corruption"),
    });
    run.act((instant) => plant.storage.mysql.restore(instant, "mysqld"));
    expect(operate(world, "mysqld", "mysql1", "start").rc).toBe(0);
  });

  test("a frozen writer does not write: its datadir is corrupted by the thaw, not before", () => {
    const world = withDatabaseOn("mysql1");
    const { plant, run } = world;
    run.act((instant) => plant.hosts.freeze(instant, "mysql1"));
    operate(world, "fs", "mysql2", "start");
    operate(world, "mysqld", "mysql2", "start");
    run.advanceTo(run.nowMs + 600_000);
    expect(plant.storage.mysql.isCorrupt(run, "mysqld")).toBe(false);
    run.act((instant) => plant.hosts.thaw(instant, "mysql1"));
    run.advanceTo(run.nowMs + 1);
    expect(plant.storage.mysql.isCorrupt(run, "mysqld")).toBe(true);
  });

  test("started without its mount, mysqld comes up on an empty directory and answers errors", () => {
    const world = plantRun();
    const { plant, run } = world;
    operate(world, "mysqld", "mysql1", "start");
    expect(plant.storage.mysql.answer(run, "mysqld", "mysql1")).toBe("errors");
    expect(plant.storage.mysql.isOnEmptyDirectory(run, "mysqld", "mysql1")).toBe(true);
    // The shared datadir was not touched.
    expect(run.get(plant.storage.mysql.datadirCell("mysqld")).value).toBe("clean");
    expect(plant.storage.mysql.writers(run, "mysqld")).toEqual([]);
  });

  test("a stale lock, a read-only export, a broken my.cnf: each start fails with its reason", () => {
    const world = plantRun();
    const { plant, run } = world;
    operate(world, "fs", "mysql1", "start");
    const reason = () => operate(world, "mysqld", "mysql1", "start").exitReason;
    run.act((instant) => plant.storage.mysql.setStaleLock(instant, "mysqld", true));
    expect(reason()).toBe("InnoDB: Unable to lock ./ibdata1, error: 11");
    run.act((instant) => plant.storage.mysql.setStaleLock(instant, "mysqld", false));
    run.act((instant) => plant.storage.setExport(instant, SRV, "read-only"));
    run.advanceTo(run.nowMs + 1);
    expect(plant.storage.mountState(run, DATADIR)).toBe("read-only");
    expect(reason()).toContain("read-only");
    run.act((instant) => plant.storage.setExport(instant, SRV, "served"));
    run.advanceTo(run.nowMs + 1);
    run.act((instant) => plant.files.write(instant, "mysql1", "/etc/my.cnf", "[mysqld\n"));
    expect(reason()).toContain("/etc/my.cnf:1");
  });

  test("a mount unmounted below a running mysqld stops it: the stop of Filesystem kills its users", () => {
    const world = withDatabaseOn("mysql1");
    const { plant, run } = world;
    expect(operate(world, "fs", "mysql1", "stop").rc).toBe(0);
    expect(plant.storage.mysql.state(run, "mysqld", "mysql1")).toBe("stopped");
    expect(run.get(plant.storage.mysql.datadirCell("mysqld")).value).toBe("dirty");
  });
});

describe("a volume group on a shared LUN", () => {
  test("exclusive activation refuses while the owner is in reach, takes over when it is not, and two at once corrupt", () => {
    const { plant, run } = plantRun();
    const agent = plant.agents.agentFor("store", "lvm-cinder");
    const start = (node: string) => {
      const outcome = run.act((instant) => agent.begin(instant, node, "start"));
      run.act((instant) => agent.complete(instant, node, "start", outcome));
      run.advanceTo(run.nowMs + 1);
      return outcome.rc;
    };
    expect(start("storage1")).toBe(0);
    expect(start("storage2")).toBe(1);
    run.act((instant) => plant.network.setLink(instant, "sw-r1--sw-r2", false));
    // No shared switch is left between the two: nothing was fenced, the other takes the group.
    expect(start("storage2")).toBe(0);
    expect(run.get(plant.storage.volumeGroupCell("cinder-volumes")!).value).toBe("corrupt");
  });

  test("a LUN lost fails the monitor", () => {
    const { plant, run } = plantRun();
    const agent = plant.agents.agentFor("store", "lvm-cinder");
    const outcome = run.act((instant) => agent.begin(instant, "storage1", "start"));
    run.act((instant) => agent.complete(instant, "storage1", "start", outcome));
    expect(agent.monitor(run, "storage1").rc).toBe(0);
    run.act((instant) => plant.storage.setLun(instant, "lun-cinder", false));
    expect(agent.monitor(run, "storage1").rc).toBe(1);
    expect(agent.monitor(run, "storage2").rc).toBe(7);
  });
});
