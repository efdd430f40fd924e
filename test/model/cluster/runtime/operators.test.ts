import { describe, expect, test } from "vitest";
import { DB_GROUP, PREFERS_N1, type SmallCluster, settledCluster } from "./small-cluster.js";

const failMysql = (cluster: SmallCluster, node = "n1") =>
  cluster.act((instant) => {
    const traces = new Map(instant.get(cluster.parts.traces));
    traces.delete(`${node}/file/run/Dummy-mysql.state`);
    instant.set(cluster.parts.traces, traces);
  });

const attribute = (cluster: SmallCluster, node: string, name: string) =>
  cluster.clusters.cibOf(cluster.run, "lab").status.nodes.get(node)?.attributes.get(name);

describe("a resource fails", () => {
  test("its monitor finds it within an interval, and it is restarted where it was, one failure counted", () => {
    const cluster = settledCluster();
    const at = cluster.run.nowMs;
    failMysql(cluster);
    cluster.pass(10_000);
    expect(cluster.story(/^(monitor|stop|start)/, at)).toEqual([
      "monitor not running resource/lab/mysql@n1",
      "stop ok resource/lab/mysql@n1",
      "start ok resource/lab/mysql@n1",
    ]);
    expect(attribute(cluster, "n1", "fail-count-mysql#monitor_4000")).toBe("1");
  });

  test("migration-threshold reached: the group moves, a clean-up brings it back, and the failure is forgotten", () => {
    const meta = `<meta_attributes id="gm"><nvpair id="gm-t" name="migration-threshold" value="1"/></meta_attributes>`;
    const cluster = settledCluster({ resources: DB_GROUP.replace(`<group id="g-db">`, `<group id="g-db">${meta}`) });
    failMysql(cluster);
    cluster.pass(10_000);
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
    expect(cluster.reallyActive("vip-db")).toEqual(["n2"]);
    cluster.act((instant) => cluster.clusters.operator.cleanup(instant, "n1", "g-db"));
    cluster.pass(10_000);
    expect(attribute(cluster, "n1", "fail-count-mysql#monitor_4000")).toBeUndefined();
    expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  });

  test("failure-timeout: the cluster looks again when the failure expires, and it comes back by itself", () => {
    const meta = `<meta_attributes id="gm"><nvpair id="gm-t" name="migration-threshold" value="1"/><nvpair id="gm-f" name="failure-timeout" value="60s"/></meta_attributes>`;
    const cluster = settledCluster({ resources: DB_GROUP.replace(`<group id="g-db">`, `<group id="g-db">${meta}`) });
    failMysql(cluster);
    cluster.pass(30_000);
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
    cluster.pass(60_000);
    expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  });

  test("a failed start is fatal for its node: the rest of the group stays, the member stops", () => {
    const parameters = `type="Dummy"><instance_attributes id="my-ia"><nvpair id="my-f" name="fail_start_on" value="n2"/></instance_attributes>`;
    const cluster = settledCluster({ resources: DB_GROUP.replace(`type="Dummy">`, parameters) });
    cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
    cluster.pass(20_000);
    expect(attribute(cluster, "n2", "fail-count-mysql#start_0")).toBe("INFINITY");
    expect(cluster.reallyActive("vip-db")).toEqual(["n2"]);
    expect(cluster.reallyActive("mysql")).toEqual([]);
  });
});

describe("people", () => {
  test("standby empties a node and unstandby gives it back", () => {
    const cluster = settledCluster();
    cluster.act((instant) => cluster.clusters.operator.standby(instant, "n2", "n1", true));
    cluster.pass(5_000);
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
    expect(cluster.clusters.status(cluster.run, "lab")?.nodes.get("n1")).toBe("standby online");
    cluster.act((instant) => cluster.clusters.operator.standby(instant, "n2", "n1", false));
    cluster.pass(5_000);
    expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  });

  test("maintenance: nobody looks and nobody restarts, until it is over", () => {
    const cluster = settledCluster();
    cluster.act((instant) => cluster.clusters.operator.setOption(instant, "n1", "maintenance-mode", "true"));
    cluster.pass(2_000);
    failMysql(cluster);
    const at = cluster.run.nowMs;
    cluster.pass(60_000);
    expect(cluster.story(/./, at)).toEqual([]);
    cluster.act((instant) => cluster.clusters.operator.setOption(instant, "n1", "maintenance-mode", undefined));
    cluster.pass(10_000);
    expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  });

  test("a move leaves cli-prefer behind and a ban leaves cli-ban; clear takes both away", () => {
    const cluster = settledCluster();
    const ids = () =>
      cluster.clusters
        .cibOf(cluster.run, "lab")
        .configuration.children.find((e) => e.name === "constraints")!
        .children.map((e) => e.attrs["id"])
        .filter((id) => id?.startsWith("cli-"));
    cluster.act((instant) => cluster.clusters.operator.move(instant, "n1", "g-db", "n2"));
    cluster.pass(5_000);
    expect(ids()).toEqual(["cli-prefer-g-db"]);
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
    cluster.act((instant) => cluster.clusters.operator.clear(instant, "n1", "g-db"));
    cluster.pass(5_000);
    expect(ids()).toEqual([]);
    expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
    cluster.act((instant) => cluster.clusters.operator.move(instant, "n1", "g-db"));
    cluster.pass(5_000);
    expect(ids()).toEqual(["cli-ban-g-db-on-n1"]);
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
  });

  test("a forgotten ban keeps the group down when its last node dies", () => {
    const cluster = settledCluster();
    cluster.act((instant) => cluster.clusters.operator.ban(instant, "n1", "g-db", "n2"));
    cluster.pass(5_000);
    cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
    cluster.pass(20_000);
    expect(cluster.reallyActive("mysql")).toEqual([]);
  });

  test("a changed parameter restarts the resource", () => {
    const cluster = settledCluster();
    const at = cluster.run.nowMs;
    cluster.act((instant) => cluster.clusters.operator.setParameter(instant, "n1", "mysql", "fake", "x"));
    cluster.pass(5_000);
    expect(cluster.story(/^(stop|start)/, at)).toEqual([
      "stop ok resource/lab/mysql@n1",
      "start ok resource/lab/mysql@n1",
    ]);
  });

  test("a command where no cluster runs is told and changes nothing", () => {
    const cluster = settledCluster();
    cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
    cluster.act((instant) => cluster.clusters.operator.setOption(instant, "n1", "maintenance-mode", "true"));
    const last = cluster.trace.at(-1)!;
    expect(last.text).toContain("the cluster does not run on n1");
  });
});

describe("three nodes", () => {
  test("the isolated one stops what it runs for want of quorum; the two fence it and take over", () => {
    const cluster = settledCluster({ nodes: 3 });
    const at = cluster.run.nowMs;
    cluster.act((instant) => cluster.parts.isolate(instant, "n1", true));
    cluster.pass(3_700);
    expect(cluster.clusters.isQuorate(cluster.run, "n1")).toBe(false);
    expect(cluster.clusters.isQuorate(cluster.run, "n2")).toBe(true);
    cluster.pass(15_000);
    expect(cluster.story(/^fence-requested/, at)).toEqual(["fence-requested node/n1"]);
    const [active] = cluster.reallyActive("mysql");
    expect(active === "n2" || active === "n3").toBe(true);
    expect(cluster.reallyActive("mysql")).toHaveLength(1);
  });

  test("DC and another die at once: the new DC knows its old DC alone, and takes an empty other for gone in order", () => {
    const cluster = settledCluster({
      nodes: 3,
      options: { "no-quorum-policy": "ignore" },
      fencing: `<primitive id="fence-all" class="stonith" type="fence_lab"><instance_attributes id="fa"><nvpair id="fa-l" name="pcmk_host_list" value="n1 n2 n3"/></instance_attributes></primitive>`,
      constraints: `${PREFERS_N1}<rsc_location id="l-f" rsc="fence-all" node="n1" score="50"/>`,
    });
    expect(cluster.clusters.dcOf(cluster.run, "lab")).toBe("n3");
    const at = cluster.run.nowMs;
    cluster.act((instant) => {
      cluster.parts.hosts.powerOff(instant, "n3", "killed");
      cluster.parts.hosts.powerOff(instant, "n2", "killed");
    });
    cluster.pass(20_000);
    expect(cluster.story(/^fence-requested/, at)).toEqual(["fence-requested node/n3"]);
    const nodes = cluster.clusters.cibOf(cluster.run, "lab", "n1").status.nodes;
    expect(nodes.get("n2")?.expected).toBe("down");
  });
});

test("wait_for_all: a node that boots alone is not quorate and starts nothing", () => {
  const cluster = settledCluster({ corosync: { two_node: true, wait_for_all: true }, constraints: PREFERS_N1 });
  cluster.act((instant) => {
    cluster.parts.hosts.powerOff(instant, "n1", "killed");
    cluster.parts.hosts.powerOff(instant, "n2", "killed");
  });
  cluster.pass(1_000);
  cluster.act((instant) => cluster.parts.hosts.powerOn(instant, "n1"));
  cluster.pass(60_000);
  expect(cluster.clusters.isQuorate(cluster.run, "n1")).toBe(false);
  expect(cluster.reallyActive("mysql")).toEqual([]);
});
