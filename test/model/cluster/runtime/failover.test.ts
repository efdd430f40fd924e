import { describe, expect, test } from "vitest";
import { settledCluster, smallCluster } from "./small-cluster.js";

describe("a pair that boots", () => {
  test("waits dc-deadtime for a DC, then starts everything where it prefers", () => {
    const cluster = smallCluster();
    cluster.pass(19_000);
    expect(cluster.clusters.dcOf(cluster.run, "lab")).toBeUndefined();
    cluster.pass(11_000);
    expect(cluster.clusters.dcOf(cluster.run, "lab")).toBe("n2");
    expect(cluster.clusters.members(cluster.run, "n1")).toEqual(["n1", "n2"]);
    expect(cluster.reallyActive("vip-db")).toEqual(["n1"]);
    expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
    expect(cluster.clusters.status(cluster.run, "lab")?.resources.get("mysql")).toEqual(["Started n1"]);
  });
});

describe("the active node of a pair dies", () => {
  const cluster = settledCluster();
  const at = cluster.run.nowMs;
  cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
  cluster.pass(20_000);

  test("it is declared lost after token and consensus, fenced, and only then its group starts on the survivor", () => {
    const order = cluster.story(/^(lost|fence-requested|fenced|start ok)/, at);
    expect(order).toEqual([
      "lost node/n1",
      "fence-requested node/n1",
      "fenced node/n1",
      "start ok resource/lab/vip-db@n2",
      "start ok resource/lab/mysql@n2",
    ]);
    const lost = cluster.trace.find((entry) => entry.what === "lost" && entry.atMs >= at)!;
    expect(lost.atMs - at).toBe(2_200);
  });

  test("each step names its cause, back to the loss", () => {
    const start = cluster.trace.findLast((entry) => entry.what === "start ok")!;
    const chain: string[] = [];
    for (let entry: typeof start | undefined = start; entry; entry = cluster.trace[entry.cause - 1])
      chain.push(entry.what);
    expect(chain).toEqual(["start ok", "start ok", "fenced", "fence-requested", "transition", "lost"]);
  });

  test("the survivor believes what is true", () => {
    expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
    const status = cluster.clusters.status(cluster.run, "lab", "n2")!;
    expect(status.nodes.get("n1")).toBe("offline");
    expect(status.resources.get("mysql")).toEqual(["Started n2"]);
  });
});

test("a node that is fenced and boots again is taken in and gets its resources back", () => {
  const cluster = settledCluster();
  cluster.act((instant) => cluster.parts.hosts.powerOff(instant, "n1", "killed"));
  cluster.pass(20_000);
  cluster.act((instant) => cluster.parts.hosts.powerOn(instant, "n1"));
  cluster.pass(20_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  expect(cluster.clusters.dcOf(cluster.run, "lab", "n1")).toBe("n2");
});

test("a freeze shorter than token and consensus changes nothing", () => {
  const cluster = settledCluster();
  const at = cluster.run.nowMs;
  cluster.act((instant) => cluster.parts.hosts.freeze(instant, "n1"));
  cluster.pass(1_000);
  cluster.act((instant) => cluster.parts.hosts.thaw(instant, "n1"));
  cluster.pass(30_000);
  expect(cluster.story(/./, at)).toEqual([]);
});

test("a node that leaves in order hands its resources over without being fenced", () => {
  const cluster = settledCluster();
  const at = cluster.run.nowMs;
  cluster.act((instant) => cluster.clusters.operator.stopCluster(instant, "n1"));
  cluster.pass(20_000);
  expect(cluster.story(/^fence/, at)).toEqual([]);
  expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
  expect(cluster.clusters.isStackRunning(cluster.run, "n1")).toBe(false);
  cluster.act((instant) => cluster.clusters.operator.startCluster(instant, "n1"));
  cluster.pass(20_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
});

test("the stack killed on a node: its resources go on until it is fenced", () => {
  const cluster = settledCluster();
  cluster.act((instant) => cluster.clusters.operator.killStack(instant, "n1"));
  cluster.pass(1_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  cluster.pass(20_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
});

test("no fencing configured: the survivor starts at once what the other half of a partition still runs", () => {
  const cluster = settledCluster({ options: { "stonith-enabled": "false" }, fencing: " " });
  cluster.act((instant) => cluster.parts.isolate(instant, "n1", true));
  cluster.pass(20_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n1", "n2"]);
  cluster.act((instant) => cluster.parts.isolate(instant, "n1", false));
  cluster.pass(20_000);
  expect(cluster.reallyActive("mysql")).toEqual(["n1"]);
  expect(cluster.clusters.members(cluster.run, "n2")).toEqual(["n1", "n2"]);
});

test("two writes in two partitions: the configuration of the newer survives the merge on every node", () => {
  const cluster = settledCluster({ options: { "stonith-enabled": "false" }, fencing: " " });
  cluster.act((instant) => cluster.parts.isolate(instant, "n1", true));
  cluster.pass(10_000);
  const set = (node: string, value: string) =>
    cluster.act((instant) => cluster.clusters.operator.setOption(instant, node, "test", value));
  set("n1", "once");
  set("n2", "first");
  set("n2", "second");
  cluster.pass(5_000);
  cluster.act((instant) => cluster.parts.isolate(instant, "n1", false));
  cluster.pass(20_000);
  for (const node of ["n1", "n2"]) {
    const cib = cluster.clusters.cibOf(cluster.run, "lab", node);
    expect(JSON.stringify(cib.configuration)).toContain('"value":"second"');
  }
});

test("a node that boots alone knows the configuration and nobody's state, and fences whom it does not see", () => {
  const cluster = settledCluster();
  cluster.act((instant) => {
    cluster.parts.hosts.powerOff(instant, "n1", "killed");
    cluster.parts.hosts.powerOff(instant, "n2", "killed");
  });
  cluster.pass(5_000);
  const at = cluster.run.nowMs;
  cluster.act((instant) => cluster.parts.hosts.powerOn(instant, "n2"));
  cluster.pass(1_000);
  expect([...cluster.clusters.cibOf(cluster.run, "lab", "n2").status.nodes.keys()]).toEqual([]);
  cluster.pass(60_000);
  expect(cluster.story(/^fence-requested/, at)).toEqual(["fence-requested node/n1"]);
  expect(cluster.reallyActive("mysql")).toEqual(["n2"]);
});
