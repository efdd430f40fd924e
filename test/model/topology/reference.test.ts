import { describe, expect, test } from "vitest";
import { clusterProperty } from "../../../model/topology/primitives.js";
import { lineOf, loaded, text } from "./havana.js";

const topology = loaded();

describe("the reference architecture, loaded", () => {
  test("has its clusters with members in nodeid order and their rings", () => {
    expect([...topology.clusters.keys()]).toEqual(["ctl", "db", "lb", "store"]);
    const ctl = topology.clusters.get("ctl")!;
    expect(ctl.nodes.map(({ node, nodeId }) => [node, nodeId])).toEqual([
      ["ctl1", 1],
      ["ctl2", 2],
      ["ctl3", 3],
    ]);
    expect(ctl.nodes[0]!.rings).toEqual([{ network: "ring", address: "10.16.1.21" }]);
    expect(ctl.quorum).toMatchObject({ twoNode: false, expectedVotes: 3 });
    expect(topology.clusters.get("db")).toMatchObject({ stack: "cman", quorum: { twoNode: true, expectedVotes: 1 } });
    expect(clusterProperty(topology.clusters.get("store")!.cib, "stonith-enabled")).toBe("false");
  });

  test("takes each fence device to the controller that has its address", () => {
    const devices = topology.clusters.get("db")!.fenceDevices;
    expect(devices.map(({ id, controller }) => [id, controller])).toEqual([
      ["fence-mysql1", "vcenter"],
      ["fence-mysql2", "vcenter"],
    ]);
    expect([...devices[0]!.targets]).toEqual([["mysql1", "/dc1/vm/mysql1"]]);
    const [lb1, lb2] = topology.clusters.get("lb")!.fenceDevices;
    expect([lb1!.controller, lb1!.delayMs, lb1!.powerWaitMs]).toEqual(["bmc-lb1", 15_000, 2_000]);
    expect(lb2!.delayMs).toBe(0);
  });

  test("keeps no password in its fence devices' records and in the ledger", () => {
    const records = [...topology.clusters.values()].flatMap((cluster) => cluster.fenceDevices);
    expect(records.length).toBeGreaterThan(0);
    expect(JSON.stringify(records.map((device) => [...device.parameters]))).not.toContain("Zk4-");
    expect(topology.ledger.filter((entry) => entry.text.includes("Zk4-")).map(({ text }) => text)).toEqual([]);
  });

  test("both database machines stand on one hypervisor, which its virtual switch joins to the room", () => {
    expect(["mysql1", "mysql2"].map((id) => topology.nodes.get(id)!.hypervisor)).toEqual(["esx1", "esx1"]);
    expect(topology.switches.get("vswitch-esx1")).toMatchObject({ kind: "virtual", hypervisor: "esx1" });
    expect(topology.links.get("vswitch-esx1--sw-r1")!.networks).toEqual(["api", "nfs", "ring"]);
  });

  test("a BMC has its server's feeds, vCenter its hypervisor", () => {
    expect(topology.powerControllers.get("bmc-lb2")).toMatchObject({ feeds: ["feed-b"], rack: "r2" });
    expect(topology.powerControllers.get("vcenter")).toMatchObject({ feeds: [], hypervisor: "esx2" });
  });

  test("the datadir is found through the Filesystem resource on the NFS server's export", () => {
    expect(topology.databases.get("mysqld")).toMatchObject({
      datadir: "/var/lib/mysql",
      device: "10.16.2.5:/srv/mysql",
      export: "nfs1:/srv/mysql",
      mountResource: "fs-mysql",
      nodes: ["mysql1", "mysql2"],
    });
  });

  test("a service's needs are its configuration files', each with its line", () => {
    const keystone = topology.services.get("openstack-keystone@ctl1")!;
    expect(keystone.listens.map(({ name, port }) => [name, port])).toEqual([
      ["public", 5000],
      ["admin", 35357],
    ]);
    expect(keystone.needs).toEqual([
      {
        kind: "endpoint",
        purpose: "database",
        endpoints: [{ address: "192.168.16.210", port: 3306 }],
        place: {
          file: "fixtures/openstack-havana/files/all-ctl/etc/keystone/keystone.conf",
          line: lineOf(text("files/all-ctl/etc/keystone/keystone.conf"), "connection ="),
        },
      },
    ]);
    const nova = topology.services.get("openstack-nova-api@ctl2")!.needs;
    expect(nova).toContainEqual({ kind: "rpc", unit: "openstack-nova-conductor", for: "metadata" });
  });

  test("all six tiers are Cinder's, with what the YAML adds", () => {
    expect([...topology.tiers].map(([id, { kind }]) => [id, kind])).toEqual([
      ["ceph", "ceph"],
      ["gluster", "gluster"],
      ["gpfs", "gpfs"],
      ["local", "local"],
      ["lvm", "lvm"],
      ["nfs", "nfs"],
    ]);
    expect(topology.tiers.get("lvm")).toMatchObject({ lun: "lun-cinder", address: "10.16.2.20", port: 3260 });
    expect(topology.tiers.get("nfs")).toMatchObject({ exports: ["nfs1:/srv/cinder"] });
    const ceph = topology.tiers.get("ceph");
    expect(ceph?.kind === "ceph" && ceph.monitors.map(({ node }) => node)).toEqual(["storage1", "storage2", "ctl3"]);
  });

  test("the Linux image carries the metadata route, the Windows VLAN's router too", () => {
    expect(topology.images.get("rhel65-acme")!.routes).toMatchObject([
      { destination: "169.254.169.254", prefix: 32, gateway: "10.101.0.2" },
    ]);
    expect(topology.images.get("win2008-acme")!.routes).toEqual([]);
    expect(topology.routers.get("acme-fw")!.routes).toMatchObject([
      { destination: "169.254.169.254", gateway: "10.103.0.2" },
    ]);
  });

  test("journeys name addresses of the CIBs by their resources", () => {
    expect(topology.journeys.get("get-token")!.legs).toEqual([
      { kind: "reach", address: "192.168.16.200", port: 5000, what: "keystone" },
    ]);
  });

  test("what it leans on is listed: defaults, the release, what no file says", () => {
    const texts = topology.assumptions.map((assumption) => assumption.text);
    expect(texts).toContain("Pacemaker 2.1.5's decisions stand for 1.1.10's");
    expect(texts).toContain("cluster lb: tokenMs is not set");
    expect(texts).toContain("keystone's catalogue names Neutron at 192.168.16.200:9696");
    for (const { source } of topology.assumptions) expect(source).not.toBe("");
  });

  test("no line of its files is unrecognised, and what is ignored or left out has its reason", () => {
    const unrecognised = topology.ledger.filter(({ status }) => status === "unrecognised");
    expect(unrecognised.map(({ file, line, text }) => `${file}:${line}: ${text}`)).toEqual([]);
    const silent = topology.ledger.filter(({ status, reason }) => status !== "modelled" && !reason);
    expect(silent.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  });
});
