import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { explore } from "../../../scenarios/explore/explore.js";
import type { ExplorationReport } from "../../../scenarios/explore/report.js";
import { loadTopology } from "../../../scenarios/topology-files.js";

const loaded = loadTopology(join(import.meta.dirname, "../../../fixtures/openstack-havana-mended/topology.yaml"));
if (!loaded.ok) throw loaded.errors[0];
const { topology } = loaded;

/** The faults by which known-weaknesses.test.ts finds them in the reference architecture. */
const settings = { scheduler, version: "test", faults: 1, faultNames: ["lose-node", "partition", "crash-hypervisor"] };

function singlePoints(report: ExplorationReport, service: string): readonly string[] {
  return report.services.find((one) => one.service === service)?.singlePoints.map(({ part }) => part) ?? [];
}

describe("the reference architecture, mended: from losses and partitions alone", () => {
  let report: ExplorationReport;
  beforeAll(async () => {
    report = await explore(topology, settings);
  }, 120_000);

  it("no NFS server, database node, ESX host or partition of theirs takes the database away", () => {
    expect(singlePoints(report, "service/database")).toEqual([]);
  });

  it("either NFS server, lost, leaves images and volumes served", () => {
    for (const journey of ["upload-image", "attach-volume-nfs"])
      expect(singlePoints(report, `journey/${journey}`)).not.toContain("node/nfs1");
  });

  it("either network node, lost, leaves leases and link-local metadata served", () => {
    expect(singlePoints(report, "service/dhcp-acme-net")).toEqual([]);
    expect(singlePoints(report, "journey/guest-metadata-acme-web1")).toEqual(["node/compute1"]);
  });

  it("nothing has two writers: the storage pair fences before it takes over", () => {
    expect(report.counterexamples.flatMap(({ promises }) => promises)).not.toContain("one-writer");
  });

  it("the message bus goes on without ctl1, lost or cut off", () => {
    expect(singlePoints(report, "service/messaging")).toEqual([]);
  });

  it("what is left is what the README says: compute nodes carry their guests alone, net1 its router and the old route", () => {
    const parts = new Set(report.services.flatMap(({ singlePoints }) => singlePoints.map(({ part }) => part)));
    expect([...parts].sort()).toEqual(["node/compute1", "node/compute2", "node/compute3", "node/net1"]);
  });
});
