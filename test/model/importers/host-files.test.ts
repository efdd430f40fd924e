import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importExports } from "../../../model/importers/exports.js";
import { importFstab } from "../../../model/importers/fstab.js";
import { importHosts } from "../../../model/importers/hosts.js";
import { importKeepalived } from "../../../model/importers/keepalived.js";
import { importMysql } from "../../../model/importers/mysql.js";
import { importInterface, importNetwork } from "../../../model/importers/network-scripts.js";
import { importRoutes } from "../../../model/importers/route-file.js";
import { importSysctl } from "../../../model/importers/sysctl.js";
import { thrownBy } from "./programs.js";

describe("my.cnf", () => {
  test("mysqld's settings in either spelling; clients' groups are not its own", () => {
    const { facts, ledger } = importMysql(
      "[mysqld]\ndatadir=/data\nbind_address = 10.0.0.1 # VIP\nskip-name-resolve\n[client]\nport = 3307\n[odd]\na=1\n",
      "my.cnf",
    );
    expect(facts).toMatchObject({ datadir: "/data", bindAddress: "10.0.0.1", port: 3306, flushLogAtTrxCommit: 1 });
    expect(ledger.map(({ status }) => status)).toEqual([
      "modelled",
      "modelled",
      "modelled",
      "ignored",
      "modelled",
      "ignored",
      "modelled",
      "unrecognised",
    ]);
  });

  test("a port of words, a flush mode out of range: errors with their line", () => {
    expect(thrownBy(() => importMysql("[mysqld]\nport = x\n", "m"))).toBe(
      'InputError: m:2: port: expected a whole number, found "x"',
    );
    expect(thrownBy(() => importMysql("[mysqld]\ninnodb_flush_log_at_trx_commit=3\n", "m"))).toContain("m:2:");
  });
});

describe("exports", () => {
  test("clients and options; read-only and root_squash unless said otherwise; a line continued", () => {
    const { facts, ledger } = importExports("/a 10.0.0.1(rw,no_root_squash) \\\n  10.0.0.2(async,fsid=1)\n/b\n", "e");
    expect(
      facts.exports.map(({ path, client, readOnly, sync, rootSquash, line }) => [
        path,
        client,
        readOnly,
        sync,
        rootSquash,
        line,
      ]),
    ).toEqual([
      ["/a", "10.0.0.1", false, true, false, 1],
      ["/a", "10.0.0.2", true, false, true, 1],
      ["/b", "*", true, true, true, 3],
    ]);
    expect(ledger.every(({ status }) => status === "modelled")).toBe(true);
  });

  test.each([
    ["srv 10.0.0.1(rw)\n", 'e:1: exports: expected an absolute path, found "srv"'],
    ["/srv 10.0.0.1(rw,sink)\n", 'e:1: exports: /srv: unknown option "sink"; options: rw, ro'],
    ["/srv 10.0.0.1(rw\n", 'e:1: exports: expected CLIENT(OPTIONS), found "10.0.0.1(rw"'],
    ["/srv a(rw)\n/srv a(ro)\n", 'e:2: exports: line 1 already exports /srv to "a"'],
  ])("%j: an error with its place", (text, message) => {
    expect(thrownBy(() => importExports(text, "e"))).toContain(`InputError: ${message}`);
  });
});

describe("fstab", () => {
  test("an NFS mount: hard, 60 s and tcp unless said; soft, timeo and udp where said", () => {
    const { facts } = importFstab(
      "10.0.0.5:/a /mnt/a nfs vers=3 0 0\nnfs:/b /mnt/b nfs4 soft,timeo=50,retrans=5,proto=udp,noauto 0 0\n",
      "f",
    );
    expect(facts.mounts.map(({ nfs, noauto, netdev }) => ({ ...nfs, noauto, netdev }))).toEqual([
      {
        server: "10.0.0.5",
        path: "/a",
        hard: true,
        timeoutMs: 60_000,
        retransmissions: 2,
        version: "3",
        transport: "tcp",
        noauto: false,
        netdev: true,
      },
      {
        server: "nfs",
        path: "/b",
        hard: false,
        timeoutMs: 5000,
        retransmissions: 5,
        version: "4",
        transport: "udp",
        noauto: true,
        netdev: true,
      },
    ]);
  });

  test("kernel file systems: ignored; Gluster: its servers and volume", () => {
    const { facts, ledger } = importFstab("proc /proc proc defaults 0 0\ng1,g2:/vol /mnt glusterfs _netdev 0 0\n", "f");
    expect(ledger[0]!.status).toBe("ignored");
    expect(facts.mounts[0]!.remote).toEqual({ servers: ["g1", "g2"], volume: "/vol" });
  });

  test.each([
    ["/dev/sda1 /\n", "f:1: fstab: expected DEVICE MOUNTPOINT TYPE OPTIONS"],
    ["/dev/sda1 mnt ext4 defaults 0 0\n", 'f:1: fstab: expected an absolute mount point, found "mnt"'],
    ["/dev/a /m ext4\n/dev/b /m ext4\n", 'f:2: fstab: line 1 already mounts on "/m"'],
    ["nfs /m nfs defaults 0 0\n", 'f:1: nfs: expected SERVER:/PATH, found "nfs"'],
  ])("%j: an error with its place", (text, message) => {
    expect(thrownBy(() => importFstab(text, "f"))).toContain(`InputError: ${message}`);
  });
});

describe("network scripts", () => {
  const ifcfg = (text: string) => importInterface(text, "etc/ifcfg-eth0").facts;

  test("an address with netmask or prefix, a second one, a gateway", () => {
    expect(
      ifcfg(
        'DEVICE="eth0"\nIPADDR=10.0.0.1\nNETMASK=255.255.254.0\nIPADDR2=10.0.2.1\nPREFIX2=24\nGATEWAY=10.0.0.254\n',
      ),
    ).toMatchObject({
      addresses: [
        { address: "10.0.0.1", prefix: 23, line: 2 },
        { address: "10.0.2.1", prefix: 24, line: 4 },
      ],
      gateway: { value: "10.0.0.254", line: 6 },
      mtu: 1500,
      onBoot: true,
      zeroconfRoute: true,
    });
  });

  test("a VLAN, a bond's port, an OVS port, no zeroconf", () => {
    expect(ifcfg("DEVICE=eth0.101\nVLAN=yes\nONBOOT=no\n")).toMatchObject({
      vlan: { tag: 101, parent: "eth0" },
      onBoot: false,
    });
    expect(ifcfg("DEVICE=eth0\nMASTER=bond0\nSLAVE=yes\nNOZEROCONF=yes\n")).toMatchObject({
      master: "bond0",
      zeroconfRoute: false,
    });
    expect(ifcfg("DEVICE=eth0\nTYPE=OVSPort\nOVS_BRIDGE=br-eth1\n")).toMatchObject({
      type: "OVSPort",
      bridge: "br-eth1",
    });
  });

  test.each([
    ["IPADDR=10.0.0.1\n", "neither PREFIX nor NETMASK is set"],
    ["IPADDR=10.0.0.256\nPREFIX=24\n", 'expected an IPv4 address, found "10.0.0.256"'],
    ["IPADDR=10.0.0.1\nNETMASK=255.0.255.0\n", 'expected a netmask, found "255.0.255.0"'],
    ['DEVICE="eth0\n', "expected NAME=VALUE, found"],
    ["DEVICE = eth0\n", "expected NAME=VALUE, found"],
    ["DEVICE=eth0\nVLAN=yes\n", "the device's name has no tag"],
    ["HWADDR=00:11\n", "HWADDR: expected six pairs of digits"],
  ])("%j: an error with its place", (text, message) => {
    expect(thrownBy(() => ifcfg(text))).toMatch(/^InputError: etc\/ifcfg-eth0:\d: /);
    expect(thrownBy(() => ifcfg(text))).toContain(message);
  });

  test("/etc/sysconfig/network: NOZEROCONF holds for all interfaces", () => {
    expect(importNetwork("NETWORKING=yes\nHOSTNAME=ctl1\nNOZEROCONF=yes\n", "n").facts).toMatchObject({
      hostname: { value: "ctl1" },
      noZeroconf: true,
    });
    expect(importNetwork("NETWORKING=yes\n", "n").facts.noZeroconf).toBe(false);
  });
});

describe("route files", () => {
  const routes = (text: string) => importRoutes(text, "etc/route-eth0").facts.routes;

  test("both formats of one route: the same route", () => {
    const said = routes("169.254.169.254/32 via 10.101.0.2 dev eth0\n");
    expect(said).toEqual([
      { destination: "169.254.169.254", prefix: 32, gateway: "10.101.0.2", device: "eth0", line: 1 },
    ]);
    expect(routes("ADDRESS0=169.254.169.254\nNETMASK0=255.255.255.255\nGATEWAY0=10.101.0.2\n")).toEqual(said);
  });

  test("default, a bare address, no gateway, a metric", () => {
    expect(
      routes("default via 10.0.0.1\n10.9.9.9 dev eth1\n10.1.0.0/255.255.0.0 via 10.0.0.2 metric 5\n"),
    ).toMatchObject([
      { destination: "0.0.0.0", prefix: 0, gateway: "10.0.0.1", device: "eth0" },
      { destination: "10.9.9.9", prefix: 32, device: "eth1" },
      { destination: "10.1.0.0", prefix: 16, metric: 5 },
    ]);
  });

  test("numbers with a gap: the scripts stop at it, and so do we, with a word", () => {
    const text = "ADDRESS0=10.1.0.0\nNETMASK0=255.255.0.0\nADDRESS2=10.2.0.0\nNETMASK2=255.255.0.0\n";
    expect(routes(text)).toHaveLength(1);
    expect(importRoutes(text, "route-eth0").ledger[2]).toMatchObject({ status: "unrecognised" });
  });

  test.each([
    ["10.1.0.1/16 via 10.0.0.1\n", "must be a network"],
    ["10.1.0.0/16 through 10.0.0.1\n", 'unknown argument "through"; arguments: via, dev'],
    ["10.1.0.0/16 via\n", "via without its value"],
    ["10.1.0.0/40\n", "from 0 to 32"],
    ["10.1.0.0/16 via a\n10.1.0.0/16 via b\n", "via: expected an IPv4 address"],
    ["10.1.0.0/16\n10.1.0.0/16\n", "line 1 already has a route to"],
    ["ADDRESS0=10.1.0.0\n", "ADDRESS0 and NETMASK0 are both needed"],
  ])("%j: an error with its place", (text, message) => {
    expect(thrownBy(() => routes(text))).toMatch(/^InputError: etc\/route-eth0:\d: /);
    expect(thrownBy(() => routes(text))).toContain(message);
  });

  test("any network route, written in both formats: read alike", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), fc.integer({ min: 1, max: 32 }), (bytes, prefix) => {
        const mask = (0xffffffff << (32 - prefix)) >>> 0;
        const dotted = (whole: number) => [24, 16, 8, 0].map((shift) => (whole >>> shift) & 255).join(".");
        const whole = bytes.reduce((sum, one) => ((sum << 8) | one) >>> 0, 0);
        const network = dotted((whole & mask) >>> 0);
        const one = routes(`${network}/${prefix} via 10.0.0.1\n`);
        const other = routes(`ADDRESS0=${network}\nNETMASK0=${dotted(mask)}\nGATEWAY0=10.0.0.1\n`);
        expect(other).toEqual(one);
        expect(one[0]).toMatchObject({ destination: network, prefix });
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

describe("hosts, sysctl.conf", () => {
  test("a name with two addresses: the first counts; IPv6 is passed over", () => {
    const { facts, ledger } = importHosts("::1 localhost\n10.0.0.1 a a.example # first\n10.0.0.2 a\n", "h");
    expect(facts.addresses.get("a")?.value).toBe("10.0.0.1");
    expect(ledger.map(({ status }) => status)).toEqual(["ignored", "modelled", "modelled"]);
    expect(thrownBy(() => importHosts("10.0.0 a\n", "h"))).toContain("h:1: hosts: expected an IPv4 address");
  });

  test("ip_nonlocal_bind: absent, set, set again", () => {
    expect(importSysctl("", "s").facts.ipNonlocalBind).toBeUndefined();
    expect(
      importSysctl("net.ipv4.ip_nonlocal_bind=0\nnet/ipv4/ip_nonlocal_bind = 1\n", "s").facts.ipNonlocalBind,
    ).toEqual({
      value: true,
      file: "s",
      line: 2,
    });
    expect(thrownBy(() => importSysctl("net.ipv4.ip_nonlocal_bind\n", "s"))).toContain("s:1:");
  });
});

describe("keepalived.conf", () => {
  const instance = (more: string) => `vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  ${more}
  authentication {
    auth_type PASS
    auth_pass hunter2
  }
  virtual_ipaddress {
    192.168.16.200/24 dev eth0
  }
}
`;

  test("an instance: priority 100 and adverts of 1 s unless said, taken over after 3 adverts and the skew", () => {
    const { facts, ledger } = importKeepalived(instance(""), "k");
    expect(facts.instances[0]).toMatchObject({
      name: "VI_1",
      priority: 100,
      advertIntervalMs: 1000,
      masterDownMs: 3609,
      preempt: true,
      addresses: [{ address: "192.168.16.200", prefix: 24, device: "eth0" }],
    });
    expect(JSON.stringify(ledger)).not.toContain("hunter2");
    expect(importKeepalived(instance("priority 200\n advert_int 2\n nopreempt"), "k").facts.instances[0]).toMatchObject(
      {
        masterDownMs: 6437,
        preempt: false,
      },
    );
  });

  test.each([
    ["}\n", "k:1: a closing brace with no block open"],
    ["vrrp_instance a {\n", 'k:1: a block that is not closed: "vrrp_instance a"'],
    ["{\n", "k:1: an opening brace without a keyword"],
    [instance("priority 300"), "k:5: priority: expected a number from 1 to 255"],
    [instance("state NONE"), 'k:5: state: unknown "NONE"; known: MASTER, BACKUP'],
    [`${instance("")}${instance("")}`, "k:14: line 1 already has a vrrp_instance"],
    [instance("").replace("interface eth0", ""), "k:1: vrrp_instance VI_1: interface is missing"],
  ])("%j: an error with its place", (text, message) => {
    expect(thrownBy(() => importKeepalived(text, "k"))).toContain(`InputError: ${message}`);
  });
});
