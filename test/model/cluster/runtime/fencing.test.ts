import { describe, expect, test } from "vitest";
import { type SmallCluster, settledCluster } from "./small-cluster.js";

const fences = (cluster: SmallCluster, fromMs: number) =>
  cluster.story(/^(fence-requested|fenced|fence-failed|fencing given up|attempt failed)/, fromMs);

describe("the power controller refuses", () => {
  const cluster = settledCluster();
  const at = cluster.run.nowMs;
  cluster.act((instant) => {
    cluster.parts.setPowerController(instant, false);
    cluster.parts.hosts.powerOff(instant, "n1", "killed");
  });
  cluster.pass(60_000);

  test("each fencing gets two attempts, and after ten failures the DC gives up; nothing starts meanwhile", () => {
    const story = fences(cluster, at);
    expect(story.filter((line) => line.startsWith("fence-requested"))).toHaveLength(10);
    expect(story.filter((line) => line.startsWith("attempt failed"))).toHaveLength(20);
    expect(story.at(-1)).toBe("fencing given up node/n1");
    expect(cluster.reallyActive("mysql")).toEqual([]);
  });

  test("it works again: the next look of the cluster fences and recovers", () => {
    cluster.act((instant) => cluster.parts.setPowerController(instant, true));
    const again = cluster.run.nowMs;
    cluster.pass(15 * 60_000);
    expect(fences(cluster, again)).toEqual(["fence-requested node/n1", "fenced node/n1"]);
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
  });
});

test("a person confirms a fence that cannot be done: the group starts", () => {
  const cluster = settledCluster();
  cluster.act((instant) => {
    cluster.parts.setPowerController(instant, false);
    cluster.parts.hosts.powerOff(instant, "n1", "killed");
  });
  cluster.pass(10_000);
  cluster.act((instant) => cluster.clusters.operator.confirmFenced(instant, "n2", "n1"));
  cluster.pass(10_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
});

test("a person confirms a fence of a live node: two nodes run it", () => {
  const cluster = settledCluster();
  cluster.act((instant) => {
    cluster.parts.setPowerController(instant, false);
    cluster.parts.isolate(instant, "n1", true);
  });
  cluster.pass(6_000);
  cluster.act((instant) => cluster.clusters.operator.confirmFenced(instant, "n2", "n1"));
  cluster.pass(6_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n1", "n2"]);
});

describe("a pair that cannot hear itself", () => {
  test("without a delay both shoot at once, and both may die", () => {
    const cluster = settledCluster();
    cluster.act((instant) => cluster.parts.isolate(instant, "n1", true));
    cluster.pass(20_000);
    expect(["n1", "n2"].map((node) => cluster.parts.hosts.state(cluster.run, node))).toEqual(["off", "off"]);
  });

  test("the node whose device waits survives", () => {
    for (const survivor of ["n1", "n2"]) {
      const cluster = settledCluster({
        fenceParameters: { [survivor]: `<nvpair id="d" name="pcmk_delay_base" value="5s"/>` },
      });
      cluster.act((instant) => cluster.parts.isolate(instant, "n1", true));
      cluster.pass(20_000);
      expect(cluster.reallyActive("mysql")).toEqual([survivor]);
    }
  });
});

describe("fencing levels", () => {
  const device = (id: string, hosts: string) =>
    `<primitive id="${id}" class="stonith" type="fence_lab"><instance_attributes id="${id}-ia"><nvpair id="${id}-l" name="pcmk_host_list" value="${hosts}"/></instance_attributes></primitive>`;

  test("a level with a device that cannot fence the target gives way to the next", () => {
    const cluster = settledCluster({
      fencing: device("first", "nobody") + device("second", "n1 n2"),
      fencingTopology: `<fencing-level id="l1" target="n1" index="1" devices="first"/><fencing-level id="l2" target="n1" index="2" devices="second"/>`,
    });
    const at = cluster.run.nowMs;
    cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
    cluster.pass(20_000);
    const fenced = cluster.trace.find((entry) => entry.what === "fenced" && entry.atMs > at)!;
    expect(fenced.data?.["device"]).toBe("second");
  });

  test("no device at all: the DC gives up at once and nothing starts", () => {
    const cluster = settledCluster({ fencing: device("only", "n2") });
    const at = cluster.run.nowMs;
    cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
    cluster.pass(20_000);
    expect(fences(cluster, at)).toEqual([
      "fence-requested node/n1",
      "fence-failed node/n1",
      "fencing given up node/n1",
    ]);
    expect(cluster.reallyActive("mysql")).toEqual([]);
  });
});

test("a stop that fails fences the node, by its peer, though the node is DC", () => {
  const cluster = settledCluster({
    resources: `<primitive id="mysql" class="ocf" provider="pacemaker" type="Dummy">
      <instance_attributes id="my-ia"><nvpair id="my-s" name="op_sleep" value="0"/></instance_attributes>
      <operations><op id="my-m" name="monitor" interval="0" timeout="30s"/><op id="my-stop" name="stop" interval="0" timeout="5s"/></operations>
    </primitive>`,
    constraints: `<rsc_location id="l" rsc="mysql" node="n2" score="50"/>`,
  });
  const at = cluster.run.nowMs;
  cluster.act((instant) => {
    cluster.clusters.operator.edit(instant, "n1", "cibadmin", (cib) => cib);
    cluster.clusters.operator.unmanage(instant, "n1", "mysql");
    cluster.clusters.operator.setParameter(instant, "n1", "mysql", "op_sleep", "60");
  });
  cluster.pass(2_000);
  cluster.act((instant) => {
    cluster.clusters.operator.manage(instant, "n1", "mysql");
    cluster.clusters.operator.disable(instant, "n1", "mysql");
  });
  cluster.pass(30_000);
  expect(cluster.story(/^stop Timed Out/, at)).toEqual(["stop Timed Out resource/lab/mysql@n2"]);
  expect(cluster.parts.hosts.state(cluster.run, "n2")).toBe("off");
  expect(cluster.story(/^fenced/, at)).toEqual(["fenced node/n2"]);
});
