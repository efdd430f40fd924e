import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { explore } from "../../../scenarios/explore/explore.js";
import type { ExplorationReport } from "../../../scenarios/explore/report.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/openstack-havana/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;
const settings = { scheduler, version: "test", faults: 1 };

function singlePoints(report: ExplorationReport, service: string): readonly string[] {
  return report.services.find((one) => one.service === service)?.singlePoints.map(({ part }) => part) ?? [];
}

describe("the reference architecture's known weaknesses, from losses and partitions alone", () => {
  let report: ExplorationReport;
  beforeAll(async () => {
    report = await explore(topology, { ...settings, faultNames: ["lose-node", "partition"] });
  }, 120_000);

  it("the NFS server, lost, takes the database and every journey that needs it away", () => {
    expect(singlePoints(report, "service/database")).toContain("node/nfs1");
    expect(singlePoints(report, "journey/upload-image")).toContain("node/nfs1");
  });

  it("the only DHCP agent's node, lost, takes leases and metadata away", () => {
    expect(singlePoints(report, "service/dhcp-acme-net")).toEqual(["node/net1"]);
    expect(singlePoints(report, "journey/guest-metadata-acme-web1")).toContain("node/net1");
  });

  it("the storage pair without fencing, partitioned, has two writers", () => {
    const found = report.counterexamples.find(({ promises }) => promises.includes("one-writer"));
    expect(found?.text).toContain("partition storage1");
    expect(found?.minimal).toBe(true);
  });

  it("the database pair, partitioned, fences both ways and stays down: nothing delays either fence", () => {
    expect(singlePoints(report, "service/database")).toContain("partition/mysql1");
  });

  it("the message bus, its node partitioned, has nowhere to go while the old move constraint is there", () => {
    expect(singlePoints(report, "service/messaging")).toContain("partition/ctl1");
  });

  it("no database node alone is a single point of failure", () => {
    expect(singlePoints(report, "service/database")).not.toContain("node/mysql1");
    expect(singlePoints(report, "service/database")).not.toContain("node/mysql2");
  });
});

it("both database machines stand on one host, and its crash takes the database away", async () => {
  const report = await explore(topology, {
    ...settings,
    faultNames: ["crash-hypervisor"],
    promises: ["served-again/service/database"],
    maxWorlds: 1,
  });
  expect(singlePoints(report, "service/database")).toEqual(["hypervisor/esx1"]);
  expect(report.counterexamples[0]?.text).toBe("crash-hypervisor esx1");
}, 60_000);

it("with the leftover constraint cleared and one fence delayed, neither partition takes its service away", async () => {
  const report = await explore(topology, {
    ...settings,
    faultNames: ["partition"],
    promises: ["served-again/service"],
    set: ["-ctl/cli-ban-g-qpid-on-ctl2", "db/fence-mysql1@delay=15"],
    maxWorlds: 26,
  });
  expect(report.counts.instances).toBe(27);
  expect(singlePoints(report, "service/messaging")).not.toContain("partition/ctl1");
  expect(singlePoints(report, "service/database")).not.toContain("partition/mysql1");
}, 60_000);
