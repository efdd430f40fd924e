import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../model/errors.js";
import { importFile, knownPaths } from "../../../model/importers/index.js";
import { FILE_CHARACTERS_MAX, LedgerWriter, ledgerCounts } from "../../../model/importers/ledger.js";
import { thrownBy } from "./programs.js";

const PATHS = [
  ...knownPaths(),
  "/etc/sysconfig/network-scripts/ifcfg-eth0",
  "/etc/sysconfig/network-scripts/route-eth0",
  "/etc/nothing.conf",
];

/** Pieces of all the formats, so that random files get past their first line. */
const LINES = [
  "",
  "# a comment",
  "[DEFAULT]",
  "[mysqld]",
  "[global]",
  "bind_port = 9292",
  "  continued",
  "connection = mysql://nova:hunter2@db/nova",
  "enabled_backends = lvm",
  "datadir=/var/lib/mysql",
  "skip-name-resolve",
  "defaults",
  "    timeout connect 2s",
  "listen api",
  "    bind *:80",
  "    server s1 10.0.0.1:80 check inter 1s",
  "backend b",
  "    mode tcp",
  "totem {",
  "    token: 1000",
  "}",
  "quorum {",
  "    two_node: 1",
  "vrrp_instance VI_1 {",
  "    interface eth0",
  "    virtual_router_id 51",
  "    virtual_ipaddress {",
  "        192.168.16.200/24 dev eth0",
  "/srv 10.0.0.1(rw,sync)",
  "10.0.0.5:/srv /mnt nfs hard 0 0",
  "10.0.0.5 nfs1",
  "DEVICE=eth0",
  "IPADDR=10.0.0.1",
  "NETMASK=255.255.255.0",
  "169.254.169.254/32 via 10.0.0.2 dev eth0",
  "ADDRESS0=10.1.0.0",
  "NETMASK0=255.255.0.0",
  "net.ipv4.ip_nonlocal_bind = 1",
  'OPENSTACK_HOST = "10.0.0.1"',
  "CACHES = {",
  "__proto__ = 1",
  "[__proto__]",
  "constructor: 1",
  '<cluster name="a" config_version="1">',
  "</cluster>",
  '<clusternodes><clusternode name="n1" nodeid="1"/></clusternodes>',
  '<cib validate-with="pacemaker-1.2"><configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>',
];

/** Made by the first test that needs it. */
let huge: string | undefined;

const text = fc.oneof(
  fc.array(fc.constantFrom(...LINES), { maxLength: 12 }).map((lines) => lines.join("\n")),
  fc
    .array(fc.oneof(fc.constantFrom(...LINES), fc.string({ maxLength: 30 })), { maxLength: 8 })
    .map((l) => l.join("\r\n")),
  fc.string({ unit: "binary", maxLength: 200 }),
);

describe("the ledger", () => {
  test("any text for any importer: each line exactly once, or an input error with its place", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), text, (path, text) => {
        const file = path.slice(1);
        let imported: ReturnType<typeof importFile>;
        try {
          imported = importFile(path, text, file);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          expect(error.message.startsWith(`${file}:`)).toBe(true);
          expect(error.line).toBeLessThanOrEqual(text.split("\n").length + 1);
          expect(error.message).not.toMatch(/[\n\r]/);
          return;
        }
        read++;
        const lines = text.split("\n");
        if (lines.at(-1) === "") lines.pop();
        expect(imported.ledger.map((entry) => entry.line)).toEqual(lines.map((_, index) => index + 1));
        for (const entry of imported.ledger) {
          expect(entry.file).toBe(file);
          expect(entry.text).not.toContain("hunter2");
          if (entry.status === "ignored" || entry.status === "not-modelled") expect(entry.reason).toBeTruthy();
        }
      }),
      { numRuns: 4000, seed: 20_140_311 },
    );
    expect(read).toBeGreaterThan(400);
  });

  test("a line nobody marks: unrecognised; marked twice: the graver status", () => {
    const ledger = new LedgerWriter("a\nb\nc\n", "x.conf");
    ledger.modelled(2);
    ledger.notModelled(2, "half of it");
    ledger.ignored(2, "no");
    ledger.ignored(3, "blank");
    ledger.modelled(3);
    expect(ledger.entries().map(({ status }) => status)).toEqual(["unrecognised", "not-modelled", "modelled"]);
    expect(ledgerCounts(ledger.entries())).toEqual({ modelled: 1, ignored: 0, "not-modelled": 1, unrecognised: 1 });
  });

  test.each(PATHS)("%s, a hundred megabytes: refused at once, naming the file", (path) => {
    huge ??= `${"x".repeat(99)}\n`.repeat(1_000_000);
    const before = performance.now();
    expect(thrownBy(() => importFile(path, huge!, "huge"))).toMatch(/^InputError: huge: .*(?:at most|larger than)/);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(FILE_CHARACTERS_MAX).toBeLessThan(huge.length);
  });

  test.each(PATHS)("%s, a binary file: refused with its line", (path) => {
    expect(thrownBy(() => importFile(path, "# fine\n\u007fELF\u0002\u0001\u0000\u0000", "a.bin"))).toMatch(
      /^InputError: a\.bin:[12]?:? ?/,
    );
  });

  test("a file under the wrong name (dhcp-agent.ini): read by nothing, with the name that is read", () => {
    const imported = importFile("/etc/neutron/dhcp-agent.ini", "[DEFAULT]\nenable_isolated_metadata = True\n", "f");
    expect(imported.kind).toBe("unread");
    expect(imported.ledger).toEqual([
      {
        file: "f",
        line: 1,
        text: "[DEFAULT]",
        status: "unrecognised",
        reason: "no service reads /etc/neutron/dhcp-agent.ini; one reads /etc/neutron/dhcp_agent.ini",
      },
      expect.objectContaining({ line: 2, status: "unrecognised" }),
    ]);
  });

  test("what editors leave behind (ifcfg-eth0.bak): the network scripts pass it over", () => {
    expect(importFile("/etc/sysconfig/network-scripts/ifcfg-eth0.bak", "DEVICE=eth0\n", "f").kind).toBe("unread");
    expect(importFile("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\n", "f").kind).toBe("interface");
  });
});
