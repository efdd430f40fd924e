import { describe, expect, test } from "vitest";
import { catalogueNames, catalogueUnit, unitOfPrimitive } from "../../../model/topology/catalogue/units.js";
import { loaded, replace, text } from "./havana.js";

describe("units of a node", () => {
  test("a unit of no catalogue is played without ports, and that is an assumption", () => {
    const topology = loaded({ yaml: replace("units: [rpcbind,", "units: [billing, rpcbind,") });
    expect(topology.services.get("billing@nfs1")).toMatchObject({ role: "generic", listens: [], needs: [] });
    expect(topology.assumptions.map((assumption) => assumption.text)).toContain(
      "unit billing runs as a process without ports and dependencies",
    );
  });

  test("a unit described in YAML has its ports and needs", () => {
    const topology = loaded({
      yaml: (yaml) =>
        `${yaml.replace("units: [rpcbind,", "units: [billing, rpcbind,")}
services:
  billing: { listens: [9000], needs: [{ endpoint: "vip-db:3306" }, { rpc: neutron-server }, { mount: /srv }, { local: nfs }] }
`,
    });
    const billing = topology.services.get("billing@nfs1")!;
    expect(billing.listens).toEqual([{ name: "api", address: "*", port: 9000 }]);
    expect(billing.needs).toMatchObject([
      { kind: "endpoint", endpoints: [{ address: "192.168.16.210", port: 3306 }] },
      { kind: "rpc", unit: "neutron-server" },
      { kind: "mount", mountPoint: "/srv" },
      { kind: "local", unit: "nfs" },
    ]);
  });

  test("a dependency deleted from a file is a need that nobody serves", () => {
    const path = "files/all-ctl/etc/keystone/keystone.conf";
    const topology = loaded({ files: { [path]: text(path).replace(/^connection = .*$/m, "") } });
    expect(topology.services.get("openstack-keystone@ctl1")!.needs).toEqual([
      { kind: "endpoint", purpose: "database", endpoints: [] },
    ]);
  });

  test("a port moved in a file moves in the service", () => {
    const path = "files/all-ctl/etc/glance/glance-api.conf";
    const topology = loaded({ files: { [path]: text(path).replace("bind_port = 9292", "bind_port = 9393") } });
    expect(topology.services.get("openstack-glance-api@ctl1")!.listens).toEqual([
      { name: "api", address: "*", port: 9393 },
    ]);
  });

  test("what a cluster starts is the cluster's, what init starts is init's", () => {
    const { services } = loaded({
      yaml: replace("units: [cman, pacemaker, ceph-mon]", "units: [cman, pacemaker, memcached]"),
    });
    expect(services.get("openstack-keystone@ctl1")!.startedBy).toEqual({
      kind: "cluster",
      cluster: "ctl",
      resource: "openstack-keystone",
    });
    expect(services.get("memcached@ctl3")!.startedBy.kind).toBe("cluster");
    expect(services.get("neutron-dhcp-agent@net1")!.startedBy).toEqual({ kind: "init" });
    expect(services.has("pacemaker@ctl1")).toBe(false);
  });
});

describe("the catalogue", () => {
  test("every unit that another needs is in it", () => {
    for (const name of catalogueNames()) {
      const unit = catalogueUnit(name)!;
      for (const need of [...unit.needsRpc, ...unit.needsLocal])
        expect(catalogueUnit(need.unit), `${name} needs`).toBeDefined();
      for (const file of unit.files) expect(file).toMatch(/^\/etc\//);
    }
  });

  test("init scripts, systemd units and agents of the same program are one unit", () => {
    expect(unitOfPrimitive({ agentClass: "lsb", type: "haproxy" })).toBe("haproxy");
    expect(unitOfPrimitive({ agentClass: "systemd", type: "haproxy" })).toBe("haproxy");
    expect(unitOfPrimitive({ agentClass: "ocf", type: "mysql" })).toBe("mysqld");
    expect(unitOfPrimitive({ agentClass: "ocf", type: "IPaddr2" })).toBeUndefined();
    expect(unitOfPrimitive({ agentClass: "stonith", type: "fence_ipmilan" })).toBeUndefined();
  });
});
