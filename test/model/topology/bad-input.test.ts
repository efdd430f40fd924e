import { describe, expect, test } from "vitest";
import { FILE, FOLDER, lineOf, load, messages, replace, text, YAML } from "./havana.js";

/** What is wrong, by hand: the edit, and the message with its place. */
function refused(from: string, to: string): string[] {
  const found = messages({ yaml: replace(from, to) });
  expect(found.length, `${from} → ${to} is refused`).toBeGreaterThan(0);
  return found;
}

describe("a typo in a section of the topology", () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["release", 'openstack: "2013', 'openstak: "2013', 'unknown key "openstak"; keys: openstack'],
    ["sites", "sites:", "site:", 'unknown key "site"; keys: sites'],
    ["racks", "r1: { site: dc1 }", "r1: { site: dc2 }", 'unknown site "dc2"; sites: dc1'],
    ["feeds", "feed-a: { site: dc1 }", "feed-a: { sites: dc1 }", 'unknown key "sites"; keys: site'],
    ["networks", "role: ring", "role: rign", 'unknown value "rign"; values: ring'],
    ["networks", "10.16.2.0/24", "10.16.2.0/33", 'expected a network like 192.168.16.0/24, found "10.16.2.0/33"'],
    ["switches", "sw-r2: { rack: r2", "sw-r2: { rack: r3", 'unknown rack "r3"; racks: r1, r2'],
    ["links", "[sw-r1, sw-r2]\n", "[sw-r1, sw-r3]\n", 'unknown switch "sw-r3"; switches: sw-r1'],
    ["routers", "vlan101: 10.101.0.1", "vlan101: 10.102.0.1", "outside of network vlan101 (10.101.0.0/24)"],
    ["hypervisors", "sw-r1: [api, ring, nfs]", "sw-r1: [api, rign, nfs]", 'unknown network "rign"; networks: ring'],
    ["nodes", "hypervisor: esx1", "hypervisor: esx3", 'unknown hypervisor "esx3"; hypervisors: esx1, esx2'],
    ["nodes", "feeds: [feed-a]\n    files", "feeds: [feed-c]\n    files", 'unknown feed "feed-c"; feeds: feed-a'],
    ["nodes", "files/lb1]", "files/lb9]", 'no such folder "files/lb9"'],
    ["power", "powers: lb1 }", "powers: lb9 }", 'unknown node "lb9"; nodes: lb1'],
    ["power", "kind: vcenter", "kind: vcentre", 'unknown value "vcentre"; values: vcenter'],
    ["storage", "osds: [storage1", "osds: [storage9", 'unknown node "storage9"; nodes: storage1'],
    ["storage", "gpfs: { nsds", "gpsf: { nsds", 'unknown backend "gpsf"; backends: gpfs'],
    [
      "neutron",
      "dhcp: { net1: 10.101.0.2 }",
      "dhcp: { net2: 10.101.0.2 }",
      'no neutron-dhcp-agent is started on "net2"',
    ],
    ["images", "os: windows", "os: window", 'unknown value "window"; values: windows'],
    ["guests", "image: win2008-acme,", "image: win2012-acme,", 'unknown image "win2012-acme"; images: win2008-acme'],
    ["guests", "compute: compute3", "compute: compute4", 'unknown compute node "compute4"; compute nodes: compute1'],
    [
      "journeys",
      'reach: "vip-api:80"',
      'reach: "vip-apo:80"',
      'unknown VIP or node "vip-apo"; VIPs and nodes: vip-api',
    ],
    [
      "journeys",
      "guest-metadata: acme-win1",
      "guest-metdata: acme-win1",
      'unknown key "guest-metdata"; keys: guest-metadata',
    ],
  ];
  test.each(cases)("%s: %j → %j is named with its line", (_section, from, to, expected) => {
    const line = lineOf(YAML, from);
    const found = refused(from, to);
    expect(found.join("\n")).toContain(expected);
    expect(found.find((message) => message.includes(expected))).toMatch(new RegExp(`^${FILE}:${line}: `));
  });

  test("durations: an unknown key and a resource that no CIB has are named", () => {
    const yaml = (bad: string) => (text: string) => `${text}\ndurations:\n  ${bad}: 3min\n`;
    const line = YAML.split("\n").length + 2;
    expect(messages({ yaml: yaml("node.bot") })).toEqual([
      expect.stringContaining(`${FILE}:${line}: unknown duration "node.bot"; durations: node.boot`),
    ]);
    expect(messages({ yaml: yaml("db/mysqd.start") })[0]).toContain('unknown resource "mysqd"; resources: mysqld');
    expect(messages({ yaml: yaml("dbs/mysqld.start") })[0]).toContain('unknown cluster "dbs"; clusters: db');
    expect(messages({ yaml: yaml("db/mysqld.begin") })[0]).toContain('unknown operation "begin"');
    expect(load({ yaml: yaml("db/mysqld.start") }).ok).toBe(true);
  });

  test("a span without a unit is refused", () => {
    const found = messages({ yaml: (text) => `${text}\ndurations:\n  node.boot: "180"\n` });
    expect(found[0]).toContain("expected a number and a unit: 250ms, 1.5s, 3min, 4h, 2d");
  });
});

describe("facts that contradict or repeat one another", () => {
  test("a duplicate address is refused with both places", () => {
    const path = "files/lb2/etc/sysconfig/network-scripts/ifcfg-eth0";
    const found = messages({ files: { [path]: text(path).replace("192.168.16.12", "192.168.16.11") } });
    expect(found).toEqual([
      `${FOLDER}/${path}:6: address of lb2's eth0, already that of lb1's eth0 at ` +
        `${FOLDER}/files/lb1/etc/sysconfig/network-scripts/ifcfg-eth0:6: "192.168.16.11"`,
    ]);
  });

  test("a VIP that is a node's address is refused with both places", () => {
    const path = "files/all-lb/var/lib/pacemaker/cib/cib.xml";
    const found = messages({ files: { [path]: text(path).replaceAll("192.168.16.200", "192.168.16.21") } });
    expect(found.join("\n")).toContain(`${FOLDER}/${path}:24: address of vip-api, already that of ctl1's eth0 at`);
  });

  test("an address in YAML that an ifcfg file states too is refused with both places", () => {
    const found = messages({
      yaml: replace(
        "eth0: { network: api, switch: sw-r1 }",
        "eth0: { network: api, switch: sw-r1, address: 192.168.16.11/24 }",
      ),
    });
    expect(found).toEqual([
      expect.stringMatching(
        /topology\.yaml:\d+: the address is stated here and at .*files\/lb1\/etc\/sysconfig\/network-scripts\/ifcfg-eth0:6; a fact has one home/,
      ),
    ]);
  });

  test("Pacemaker's release in YAML, which the CIBs state, is refused with both places", () => {
    const found = messages({ yaml: replace("release:\n", "release:\n  pacemaker: 1.1.10\n") });
    expect(found).toEqual([
      expect.stringMatching(/topology\.yaml:\d+: Pacemaker's release is stated here and at .*cib\.xml:5/),
    ]);
  });

  test("a gateway in YAML, which ifcfg states, is refused with both places", () => {
    const found = messages({
      yaml: replace("  lb1:\n    rack: r1\n", "  lb1:\n    rack: r1\n    gateway: 192.168.16.1\n"),
    });
    expect(found).toEqual([
      expect.stringMatching(/the gateway is stated here and at .*ifcfg-eth0:\d+; a fact has one home/),
    ]);
  });

  test("an image's routes in YAML and in its route file are refused with both places", () => {
    const found = messages({
      yaml: replace(
        "cloud-init: {} }\n  # built on VMware; the VLAN's",
        "cloud-init: {}, routes: [{ to: 0.0.0.0/0, via: 10.101.0.1 }] }\n  # built on VMware; the VLAN's",
      ),
    });
    expect(found).toEqual([expect.stringMatching(/routes are stated here and at .*route-eth0:2; a fact has one home/)]);
  });

  test("an address outside of its cable's network is refused at its file", () => {
    const path = "files/lb2/etc/sysconfig/network-scripts/ifcfg-eth0";
    const found = messages({ files: { [path]: text(path).replace("192.168.16.12", "192.168.17.12") } });
    expect(found).toEqual([
      `${FOLDER}/${path}:6: the address is outside of network api (192.168.16.0/24): "192.168.17.12"`,
    ]);
  });

  test("a catalogue's unit described again in YAML is refused", () => {
    const found = messages({ yaml: (yaml) => `${yaml}\nservices:\n  openstack-keystone: { listens: [5000] }\n` });
    expect(found[0]).toContain("the catalogue already says what this unit listens on, and its files what it needs");
  });

  test("a switch and a node of one name are refused with both lines", () => {
    const found = messages({ yaml: replace("sw-mgmt: { rack: r1", "ctl1: { rack: r1") });
    expect(found.join("\n")).toMatch(/this name under nodes: is taken under switches:, at line \d+: "ctl1"/);
  });

  test("two networks of one VLAN tag are refused with both lines", () => {
    expect(messages({ yaml: replace("vlan: 102", "vlan: 101") }).join("\n")).toMatch(
      /VLAN 101 is already vlan101, at line \d+/,
    );
  });
});

describe("references that dangle between files", () => {
  test("a fence device whose address no power controller has", () => {
    const path = "files/all-lb/var/lib/pacemaker/cib/cib.xml";
    const found = messages({ files: { [path]: text(path).replace("10.16.3.111", "10.16.3.11") } });
    expect(found.join("\n")).toContain(
      `${FOLDER}/${path}:35: fence device fence-lb1: no power controller has the address "10.16.3.11"; addresses: 10.16.3.1`,
    );
  });

  test("a cluster node that is not among the nodes", () => {
    const path = "files/all-lb/etc/cluster/cluster.conf";
    const found = messages({
      files: { [path]: text(path).replace('clusternode name="lb2"', 'clusternode name="lb3"') },
    });
    expect(found.join("\n")).toMatch(/cluster\.conf:11: cluster lb has an unknown node "lb3"; nodes: lb1, lb2/);
  });

  test("a CIB's node that is not among the nodes", () => {
    const path = "files/all-lb/var/lib/pacemaker/cib/cib.xml";
    const found = messages({ files: { [path]: text(path).replace('uname="lb2"', 'uname="lb4"') } });
    expect(found.join("\n")).toContain(`${FOLDER}/${path}:12: cluster lb has an unknown node "lb4"; nodes: lb1, lb2`);
  });

  test("a node's name that its own file contradicts", () => {
    const path = "files/ctl2/etc/sysconfig/network";
    const found = messages({ files: { [path]: text(path).replace("ctl2", "ctl5") } });
    expect(found).toEqual([
      expect.stringMatching(
        /sysconfig\/network:2: this node is called ctl2 at .*topology\.yaml:\d+, its file says "ctl5"/,
      ),
    ]);
  });

  test("a VIP on no network", () => {
    const path = "files/all-lb/var/lib/pacemaker/cib/cib.xml";
    const found = messages({ files: { [path]: text(path).replace("192.168.16.200", "172.20.0.1") } });
    expect(found.join("\n")).toContain('the address of vip-api is on no network: "172.20.0.1"');
  });

  test("a configured NIC without a cable, and a cable without a configured NIC", () => {
    const found = messages({
      yaml: replace("eth3: { network: mgmt, switch: sw-mgmt }", "eth5: { network: mgmt, switch: sw-mgmt }"),
    });
    expect(found).toEqual([
      expect.stringMatching(
        /lb1\/etc\/sysconfig\/network-scripts\/ifcfg-eth3:1: lb1 has no cable .* for this NIC: "eth3"/,
      ),
      expect.stringMatching(/none of the node's files configures "ifcfg-eth5"; files: ifcfg-eth/),
    ]);
  });

  test("every error of a file is told, not only the first", () => {
    const found = messages({
      yaml: (yaml) =>
        yaml.replace("hypervisor: esx1", "hypervisor: esx7").replace("image: rhel65-stock,", "image: none,"),
    });
    expect(found.join("\n")).toContain('"esx7"');
    expect(found.join("\n")).toContain('"none"');
  });
});

describe("circles", () => {
  test("units that need one another in a circle are named in its order", () => {
    const found = messages({
      yaml: (yaml) =>
        `${yaml.replace("units: [rpcbind,", "units: [a, b, c, rpcbind,")}
services:
  a: { needs: [{ local: b }] }
  b: { needs: [{ rpc: c }] }
  c: { needs: [{ local: a }] }
`,
    });
    expect(found).toEqual([
      expect.stringMatching(/topology\.yaml:\d+: these units need one another in a circle: a → b → c → a/),
    ]);
  });

  test("a YAML alias inside what it names is refused", () => {
    const found = messages({ yaml: (yaml) => yaml.replace("sites:\n", "sites: &again\n  dc2: *again\n") });
    expect(found[0]).toMatch(/topology\.yaml:\d+: this alias stands inside what it names "again"/);
  });
});
