import { importCeilometer } from "./ceilometer.js";
import { importCeph } from "./ceph.js";
import { importCib } from "./cib.js";
import { importCinder } from "./cinder.js";
import { importClusterConf } from "./cluster-conf.js";
import { importCorosync } from "./corosync.js";
import { importDhcpAgent } from "./dhcp-agent.js";
import { importExports } from "./exports.js";
import { importFstab } from "./fstab.js";
import { importGlanceApi, importGlanceRegistry } from "./glance.js";
import { importHaproxy } from "./haproxy.js";
import { importHeat } from "./heat.js";
import { importHorizon } from "./horizon.js";
import { importHosts } from "./hosts.js";
import type { FactsByKind, FileKind, ImportedFile } from "./imported-file.js";
import { importKeepalived } from "./keepalived.js";
import { importKeystone } from "./keystone.js";
import { importL3Agent } from "./l3-agent.js";
import { type Importer, unrecognisedFile } from "./ledger.js";
import { importMetadataAgent } from "./metadata-agent.js";
import { importMysql } from "./mysql.js";
import { importInterface, importNetwork } from "./network-scripts.js";
import { importNeutron } from "./neutron.js";
import { importNova } from "./nova.js";
import { importOvsPlugin } from "./ovs-plugin.js";
import { importRoutes } from "./route-file.js";
import { importShares } from "./shares.js";
import { importSysctl } from "./sysctl.js";

export type { FactsByKind, FileKind, ImportedFile } from "./imported-file.js";

interface Registered<Kind extends FileKind> {
  readonly kind: Kind;
  /** Absolute paths that a service reads, as it names them. */
  readonly paths: readonly string[];
  /** Further paths, where the name is not fixed. */
  readonly pattern?: RegExp;
  readonly importer: Importer<FactsByKind[Kind]>;
}

function reads<Kind extends FileKind>(
  kind: Kind,
  importer: Importer<FactsByKind[Kind]>,
  paths: readonly string[],
  pattern?: RegExp,
): Registered<Kind> {
  return { kind, importer, paths, ...(pattern === undefined ? {} : { pattern }) };
}

// The network scripts themselves pass over what editors and packages leave behind.
const SCRIPT = "(?!.*(?:~|\\.bak|\\.orig|\\.rpm(?:new|save|orig)|\\.old)$)[\\w.:-]+";

const REGISTRY: readonly Registered<FileKind>[] = [
  reads("cib", importCib, ["/var/lib/pacemaker/cib/cib.xml", "/var/lib/heartbeat/crm/cib.xml"]),
  reads("cluster-conf", importClusterConf, ["/etc/cluster/cluster.conf"]),
  reads("corosync", importCorosync, ["/etc/corosync/corosync.conf"]),
  reads("haproxy", importHaproxy, ["/etc/haproxy/haproxy.cfg"]),
  reads("keepalived", importKeepalived, ["/etc/keepalived/keepalived.conf"]),
  reads("mysql", importMysql, ["/etc/my.cnf"], /^\/etc\/my\.cnf\.d\/[\w.-]+\.cnf$/),
  reads("exports", importExports, ["/etc/exports"], /^\/etc\/exports\.d\/[\w.-]+\.exports$/),
  reads("fstab", importFstab, ["/etc/fstab"]),
  reads("interface", importInterface, [], new RegExp(`^/etc/sysconfig/network-scripts/ifcfg-${SCRIPT}$`)),
  reads("routes", importRoutes, [], new RegExp(`^/etc/sysconfig/network-scripts/route-${SCRIPT}$`)),
  reads("network", importNetwork, ["/etc/sysconfig/network"]),
  reads("hosts", importHosts, ["/etc/hosts"]),
  reads("sysctl", importSysctl, ["/etc/sysctl.conf"], /^\/etc\/sysctl\.d\/[\w.-]+\.conf$/),
  reads("keystone", importKeystone, ["/etc/keystone/keystone.conf"]),
  reads("glance-api", importGlanceApi, ["/etc/glance/glance-api.conf"]),
  reads("glance-registry", importGlanceRegistry, ["/etc/glance/glance-registry.conf"]),
  reads("cinder", importCinder, ["/etc/cinder/cinder.conf"]),
  reads("shares", importShares, ["/etc/cinder/nfs_shares", "/etc/cinder/gluster_shares"]),
  reads("ceph", importCeph, ["/etc/ceph/ceph.conf"]),
  reads("nova", importNova, ["/etc/nova/nova.conf"]),
  reads("neutron", importNeutron, ["/etc/neutron/neutron.conf"]),
  reads("ovs-plugin", importOvsPlugin, [
    "/etc/neutron/plugin.ini",
    "/etc/neutron/plugins/openvswitch/ovs_neutron_plugin.ini",
  ]),
  reads("dhcp-agent", importDhcpAgent, ["/etc/neutron/dhcp_agent.ini"]),
  reads("metadata-agent", importMetadataAgent, ["/etc/neutron/metadata_agent.ini"]),
  reads("l3-agent", importL3Agent, ["/etc/neutron/l3_agent.ini"]),
  reads("heat", importHeat, ["/etc/heat/heat.conf"]),
  reads("ceilometer", importCeilometer, ["/etc/ceilometer/ceilometer.conf"]),
  reads("horizon", importHorizon, ["/etc/openstack-dashboard/local_settings"]),
];

/** All fixed paths that are read, in the registry's order. */
export function knownPaths(): string[] {
  return REGISTRY.flatMap(({ paths }) => paths);
}

/**
 * Reads one file of a node's tree. `path` is the absolute path on the node: it decides which service reads the file,
 * and so how it is read. `file` is the name for messages. A path that nothing reads gives `kind: "unread"` and a
 * ledger that is unrecognised line by line, naming the path that is read where the two are easily confused
 * (dhcp-agent.ini, dhcp_agent.ini). Errors: `InputError` with file and line.
 */
export function importFile(path: string, text: string, file: string): ImportedFile {
  const found = registered(path);
  if (found === undefined) {
    const near = nearMiss(path);
    const reason = `no service reads ${path}${near === undefined ? "" : `; one reads ${near}`}`;
    return { kind: "unread", path, file, ledger: unrecognisedFile(text, file, reason) };
  }
  const { facts, ledger } = found.importer(text, file);
  return { kind: found.kind, path, file, facts, ledger } as ImportedFile;
}

function registered(path: string): Registered<FileKind> | undefined {
  return REGISTRY.find(({ paths, pattern }) => paths.includes(path) || pattern?.test(path));
}

/** A path that is read and differs only in dashes, underscores, case or a suffix left by an editor. */
function nearMiss(path: string): string | undefined {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[-_]/g, "")
      .replace(/(?:~|\.(?:bak|orig|old|rpmnew|rpmsave|save))$/, "");
  return knownPaths().find((known) => plain(known) === plain(path));
}
