import type { Cib } from "../cluster/cib/types.js";
import type { HaproxyFacts } from "./haproxy-facts.js";
import type {
  ExportsFacts,
  FstabFacts,
  HostsFacts,
  InterfaceFacts,
  MysqlFacts,
  NetworkFacts,
  RouteFileFacts,
  SysctlFacts,
} from "./host-facts.js";
import type { KeepalivedFacts } from "./keepalived-facts.js";
import type { LedgerEntry } from "./ledger.js";
import type {
  CeilometerFacts,
  CephFacts,
  CinderFacts,
  DhcpAgentFacts,
  GlanceApiFacts,
  GlanceRegistryFacts,
  HeatFacts,
  HorizonFacts,
  KeystoneFacts,
  L3AgentFacts,
  MetadataAgentFacts,
  NeutronFacts,
  NovaFacts,
  OvsPluginFacts,
  SharesFacts,
} from "./openstack-facts.js";
import type { ClusterConfFacts, CorosyncFacts } from "./totem-facts.js";

/**
 * Kinds of file that some service reads, with what each says. The kind follows from the path, as for the services:
 * `/etc/neutron/dhcp-agent.ini` is no `dhcp-agent`, because nothing reads that name.
 */
export interface FactsByKind {
  readonly cib: Cib;
  readonly "cluster-conf": ClusterConfFacts;
  readonly corosync: CorosyncFacts;
  readonly haproxy: HaproxyFacts;
  readonly keepalived: KeepalivedFacts;
  readonly mysql: MysqlFacts;
  readonly exports: ExportsFacts;
  readonly fstab: FstabFacts;
  readonly interface: InterfaceFacts;
  readonly routes: RouteFileFacts;
  readonly network: NetworkFacts;
  readonly hosts: HostsFacts;
  readonly sysctl: SysctlFacts;
  readonly keystone: KeystoneFacts;
  readonly "glance-api": GlanceApiFacts;
  readonly "glance-registry": GlanceRegistryFacts;
  readonly cinder: CinderFacts;
  readonly nova: NovaFacts;
  readonly neutron: NeutronFacts;
  readonly "ovs-plugin": OvsPluginFacts;
  readonly "dhcp-agent": DhcpAgentFacts;
  readonly "metadata-agent": MetadataAgentFacts;
  readonly "l3-agent": L3AgentFacts;
  readonly heat: HeatFacts;
  readonly ceilometer: CeilometerFacts;
  readonly horizon: HorizonFacts;
  readonly shares: SharesFacts;
  readonly ceph: CephFacts;
}

export type FileKind = keyof FactsByKind;

/** One file of one node, read. `unread`: no service reads this path; its ledger says so line by line. */
export type ImportedFile =
  | { [Kind in FileKind]: ImportedAs<Kind> }[FileKind]
  | { readonly kind: "unread"; readonly path: string; readonly file: string; readonly ledger: readonly LedgerEntry[] };

export interface ImportedAs<Kind extends FileKind> {
  readonly kind: Kind;
  /** The absolute path on the node. */
  readonly path: string;
  /** The file as the user knows it, for messages. */
  readonly file: string;
  readonly facts: FactsByKind[Kind];
  readonly ledger: readonly LedgerEntry[];
}
