import { describe, expect, test } from "vitest";
import { importCeilometer } from "../../../model/importers/ceilometer.js";
import { importCeph } from "../../../model/importers/ceph.js";
import { importCinder } from "../../../model/importers/cinder.js";
import { importDhcpAgent } from "../../../model/importers/dhcp-agent.js";
import { importGlanceApi } from "../../../model/importers/glance.js";
import { importHeat } from "../../../model/importers/heat.js";
import { importHorizon } from "../../../model/importers/horizon.js";
import { importKeystone } from "../../../model/importers/keystone.js";
import { importL3Agent } from "../../../model/importers/l3-agent.js";
import { importMetadataAgent } from "../../../model/importers/metadata-agent.js";
import { importNeutron } from "../../../model/importers/neutron.js";
import { importNova } from "../../../model/importers/nova.js";
import { importOvsPlugin } from "../../../model/importers/ovs-plugin.js";
import { importShares } from "../../../model/importers/shares.js";
import { thrownBy } from "./programs.js";

const settings = (...lines: string[]) => `[DEFAULT]\n${lines.map((line) => `${line}\n`).join("")}`;

describe("oslo.config files", () => {
  test("a setting given twice: the last counts, the first is ignored with the reason", () => {
    const { facts, ledger } = importNeutron(settings("bind_port = 1", "bind_port = 2"), "n");
    expect(facts.listens).toEqual([{ service: "neutron-server", host: "0.0.0.0", port: 2, line: 3 }]);
    expect(ledger[1]).toMatchObject({ status: "ignored", reason: "line 3 says it again, the last one counts" });
  });

  test("an indented line continues the one before, quotes fall away, a comment does not", () => {
    const { facts, ledger } = importNova(
      settings('enabled_apis = "ec2,metadata"', "memcached_servers = a:1,", "  b", "# c"),
      "n",
    );
    expect(facts.enabledApis).toEqual({ value: ["ec2", "metadata"], file: "n", line: 2 });
    expect(facts.memcached).toEqual([
      { host: "a", port: 1 },
      { host: "b", port: 11_211 },
    ]);
    expect(ledger.map(({ status }) => status)).toEqual(["modelled", "modelled", "modelled", "modelled", "ignored"]);
  });

  test("an unknown setting and one in the wrong section: unrecognised, with their names", () => {
    const { facts, ledger } = importNeutron("[DEFAULT]\nfrobnicate = 1\n[agent]\nagent_down_time = 75\n", "n");
    expect(ledger[1]).toMatchObject({ status: "unrecognised", reason: "setting DEFAULT.frobnicate" });
    expect(ledger[3]).toMatchObject({ status: "unrecognised", reason: "setting agent.agent_down_time" });
    expect(facts.agentDownTimeMs.value).toBe(9000);
  });

  test.each([
    ["a header without its bracket", "[DEFAULT\n", 'n:1: a section header without its closing bracket: "[DEFAULT"'],
    ["a header without a name", "[]\n", "n:1: a section without a name:"],
    ["a line that is no setting", "[DEFAULT]\nbind_port\n", 'n:2: expected NAME = VALUE, found "bind_port"'],
    ["a setting before any section", "bind_port = 1\n", "n:1: a setting before the first [section]:"],
    ["a value without a name", "[DEFAULT]\n= 1\n", "n:2: a value without a name:"],
    ["a continuation of nothing", "  x = 1\n", "n:1: a continuation line with nothing to continue:"],
    [
      "a port beyond the last",
      settings("bind_port = 70000"),
      'n:2: default.bind_port: expected a number from 1 to 65535, found "70000"',
    ],
    [
      "a boolean that is none",
      settings("use_namespaces = maybe"),
      'n:2: default.use_namespaces: expected a boolean, found "maybe"; known: true, 1, yes',
    ],
    [
      "seconds that are none",
      settings("agent_down_time = soon"),
      'n:2: default.agent_down_time: expected seconds, found "soon"',
    ],
    ["a URL that is none", settings("auth_url = keystone"), 'n:2: default.auth_url: expected a URL, found "keystone"'],
  ])("%s: an error with its place", (_, text, message) => {
    const thrown = [importNeutron, importDhcpAgent, importMetadataAgent].map((one) => thrownBy(() => one(text, "n")));
    expect(thrown).toContainEqual(expect.stringContaining(`InputError: ${message}`));
  });

  test("the database: host, port and name, in Havana's words and the older ones; a password with an @ stays hidden", () => {
    const keystone = (text: string) => importKeystone(text, "k");
    const old = keystone("[sql]\nconnection = mysql://keystone:p@ss/w0rd@192.168.16.210/keystone?charset=utf8\n");
    expect(old.facts.database?.value).toEqual({
      engine: "mysql",
      host: "192.168.16.210",
      port: 3306,
      user: "keystone",
      database: "keystone",
    });
    expect(old.ledger[1]!.text).not.toContain("w0rd");
    const both = keystone(
      "[sql]\nconnection = mysql://a:b@old/k\n[database]\nconnection = mysql+pymysql://a:b@new:3307/k\n",
    );
    expect(both.facts.database?.value).toMatchObject({ engine: "mysql", host: "new", port: 3307 });
    expect(thrownBy(() => keystone("[sql]\nconnection = hunter2 mysql\n"))).toBe(
      "InputError: k:2: database.connection: expected ENGINE://USER:PASSWORD@HOST/DATABASE",
    );
  });

  test("the broker: the one rpc_backend names, with its list of hosts before the single one", () => {
    const broker = (...lines: string[]) => importNova(settings(...lines), "n").facts.messaging?.value;
    const qpid = ["qpid_hostname = q", "qpid_port = 5673"];
    const rabbit = ["rabbit_host = r", "rabbit_hosts = r1:5672,r2"];
    expect(broker("rpc_backend = nova.openstack.common.rpc.impl_qpid", ...qpid, ...rabbit)).toEqual({
      kind: "qpid",
      brokers: [{ host: "q", port: 5673 }],
    });
    expect(broker("rpc_backend = nova.rpc.impl_kombu", ...qpid, ...rabbit)).toEqual({
      kind: "rabbit",
      brokers: [
        { host: "r1", port: 5672 },
        { host: "r2", port: 5672 },
      ],
    });
    expect(broker(...rabbit)?.kind).toBe("rabbit");
    expect(broker("rpc_backend = nova.rpc.impl_kombu")).toEqual({
      kind: "rabbit",
      brokers: [{ host: "localhost", port: 5672 }],
    });
  });

  test("keystone_authtoken: host, port and protocol, or one URL", () => {
    const identity = (text: string) => importCeilometer(`[keystone_authtoken]\n${text}`, "c").facts.identity?.value;
    expect(identity("auth_host = v\nauth_protocol = http\n")).toEqual({ host: "v", port: 35_357, scheme: "http" });
    expect(identity("identity_uri = https://v:5001/\n")).toEqual({ host: "v", port: 5001, scheme: "https" });
    expect(identity("")).toBeUndefined();
  });
});

describe("services", () => {
  test("dhcp_agent.ini empty: no isolated metadata, namespaces, no veth, each a default", () => {
    const { facts } = importDhcpAgent("", "d");
    expect(facts.enableIsolatedMetadata).toEqual({ value: false, because: "Havana's default" });
    expect([facts.useNamespaces.value, facts.ovsUseVeth.value, facts.resyncIntervalMs.value]).toEqual([
      true,
      false,
      5000,
    ]);
  });

  test("dhcp_agent.ini with isolated metadata: said, with its line", () => {
    const { facts } = importDhcpAgent(settings("enable_isolated_metadata = True", "ovs_use_veth: yes"), "d");
    expect(facts.enableIsolatedMetadata).toEqual({ value: true, file: "d", line: 2 });
    expect(facts.ovsUseVeth).toEqual({ value: true, file: "d", line: 3 });
  });

  test("metadata_agent.ini: where nova is, where keystone is; empty, this very node", () => {
    const { facts } = importMetadataAgent(
      settings("auth_url = http://v:35357/v2.0", "nova_metadata_ip = v", "nova_metadata_port = 8776"),
      "m",
    );
    expect(facts.identity?.value).toEqual({ scheme: "http", host: "v", port: 35_357 });
    expect(facts.novaMetadata.value).toEqual({ host: "v", port: 8776 });
    expect(importMetadataAgent("", "m").facts.novaMetadata.value).toEqual({ host: "127.0.0.1", port: 8775 });
  });

  test("l3_agent.ini with an empty external bridge: empty, and not the default", () => {
    expect(importL3Agent(settings("external_network_bridge ="), "l").facts.externalNetworkBridge.value).toBe("");
    expect(importL3Agent("", "l").facts.externalNetworkBridge.value).toBe("br-ex");
  });

  test("neutron.conf empty: 2013.2.3's agent times and one DHCP agent a network", () => {
    const { facts } = importNeutron("", "n");
    expect([facts.agentDownTimeMs.value, facts.reportIntervalMs.value, facts.dhcpAgentsPerNetwork.value]).toEqual([
      9000, 4000, 1,
    ]);
    expect(facts.agentDownTimeMs.because).toContain("2013.2.3");
  });

  test("nova.conf: an API that is not enabled does not listen", () => {
    const ports = importNova(settings("enabled_apis = osapi_compute"), "n").facts.listens.map(({ port }) => port);
    expect(ports).toEqual([8774, 6080]);
  });

  test("cinder.conf: each enabled backend with its kind; one without a section is an error", () => {
    const { facts } = importCinder(
      `${settings("enabled_backends = a,b", "host = pair")}[a]\nvolume_driver = cinder.volume.drivers.nfs.NfsDriver\nnfs_shares_config = /s\n[b]\niscsi_ip_address = 10.0.0.1\n[c]\nvolume_driver = x\n`,
      "c",
    );
    expect(facts.host?.value).toBe("pair");
    expect(facts.backends).toEqual([
      { name: "a", line: 4, driver: "cinder.volume.drivers.nfs.NfsDriver", kind: "nfs", sharesConfig: "/s" },
      { name: "b", line: 7, driver: "cinder.volume.drivers.lvm.LVMISCSIDriver", kind: "lvm", iscsiAddress: "10.0.0.1" },
    ]);
    expect(thrownBy(() => importCinder(settings("enabled_backends = lvm"), "c"))).toBe(
      'InputError: c:2: enabled_backends: there is no section for "lvm"; backends: lvm',
    );
    expect(thrownBy(() => importCinder(settings("enabled_backends = a,a"), "c"))).toContain('named twice: "a"');
  });

  test("glance-api.conf, heat.conf: where they listen and what they call", () => {
    const glance = importGlanceApi(settings("registry_host = v", "filesystem_store_datadir = /i"), "g").facts;
    expect(glance.registry.value).toEqual({ host: "v", port: 9191 });
    expect(glance.filesystemStoreDirectory?.value).toBe("/i");
    const heat = importHeat("[heat_api]\nbind_port = 1\n", "h").facts;
    expect(heat.listens.map(({ service, port }) => [service, port])).toEqual([
      ["openstack-heat-api", 1],
      ["openstack-heat-api-cfn", 8000],
    ]);
  });

  test("the Open vSwitch plugin: mappings and ranges; a network mapped twice, a tag out of range: errors", () => {
    const ovs = (text: string) => importOvsPlugin(`[OVS]\n${text}`, "o").facts;
    const facts = ovs("bridge_mappings = p1:br-1, p2:br-2\nnetwork_vlan_ranges = p1:100:200,p2\n");
    expect([...facts.bridgeMappings].map(([name, { bridge }]) => [name, bridge])).toEqual([
      ["p1", "br-1"],
      ["p2", "br-2"],
    ]);
    expect(facts.vlanRanges).toEqual([
      { physicalNetwork: "p1", first: 100, last: 200, line: 3 },
      { physicalNetwork: "p2", line: 3 },
    ]);
    expect(thrownBy(() => ovs("bridge_mappings = p1:a,p1:b\n"))).toContain("o:2: bridge_mappings: mapped twice");
    expect(thrownBy(() => ovs("bridge_mappings = p1\n"))).toContain("o:2: bridge_mappings: expected");
    expect(thrownBy(() => ovs("network_vlan_ranges = p1:1:5000\n"))).toContain("from 1 to 4094");
  });

  test("Horizon's settings: keystone through OPENSTACK_HOST, sessions in memcached, code not run", () => {
    const text = [
      "import os",
      "CACHES = {",
      "  'default': {'BACKEND': 'django.core.cache.backends.memcached.MemcachedCache',",
      "    'LOCATION': ['ctl1:11211', 'ctl2']}",
      "}",
      'OPENSTACK_HOST = "192.168.16.200"',
      'OPENSTACK_KEYSTONE_URL = "http://%s:5000/v2.0" % OPENSTACK_HOST',
      "try: exec(open('x').read())",
      "",
    ].join("\n");
    const { facts, ledger } = importHorizon(text, "h");
    expect(facts.identity?.value).toEqual({ scheme: "http", host: "192.168.16.200", port: 5000 });
    expect(facts.memcached.map(({ host, port }) => `${host}:${port}`)).toEqual(["ctl1:11211", "ctl2:11211"]);
    expect(ledger.map(({ status }) => status)).toEqual([
      "ignored",
      ...Array.from({ length: 6 }, () => "modelled"),
      "unrecognised",
    ]);
    expect(thrownBy(() => importHorizon("CACHES = {\n", "h"))).toBe(
      "InputError: h:1: CACHES: a bracket that is not closed",
    );
  });

  test("ceph.conf: monitors from mon_host; names with spaces or underscores", () => {
    const { facts } = importCeph("[global]\nmon host = 10.0.0.1, 10.0.0.2:6790\nosd_pool_default_size = 2\n", "c");
    expect(facts.monitors).toEqual([
      { host: "10.0.0.1", port: 6789 },
      { host: "10.0.0.2", port: 6790 },
    ]);
    expect(facts.poolSize?.value).toBe(2);
  });

  test("shares of Cinder's drivers: server, path and options", () => {
    expect(importShares("# a\n10.0.0.5:/srv/cinder\ng1:/vol -o backupvolfile-server=g2\n", "s").facts.shares).toEqual([
      { server: "10.0.0.5", path: "/srv/cinder", options: "", line: 2 },
      { server: "g1", path: "/vol", options: "-o backupvolfile-server=g2", line: 3 },
    ]);
    expect(thrownBy(() => importShares("nonsense\n", "s"))).toContain("s:1: shares: expected SERVER:/PATH");
  });
});
