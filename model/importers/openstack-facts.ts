import type { Endpoint, Fact, SecretDigest, Setting } from "./fact.js";

/**
 * What the OpenStack services read from their ini files. A `Setting` is what takes effect (Havana's default where the
 * file says nothing); a `Fact` is present only where the file says it. Times in milliseconds.
 */

export interface DatabaseLink extends Endpoint {
  /** "mysql", "mongodb", "sqlite", … */
  readonly engine: string;
  readonly user?: string;
  readonly database: string;
}

export interface MessagingLink {
  readonly kind: "qpid" | "rabbit";
  readonly brokers: readonly Endpoint[];
}

/** What most services have. */
export interface ServiceLinks {
  readonly file: string;
  readonly database?: Fact<DatabaseLink>;
  readonly messaging?: Fact<MessagingLink>;
  /** [keystone_authtoken]: where tokens are verified. */
  readonly identity?: Fact<Endpoint>;
  /** Where the file's services listen, each by its unit's name ("openstack-nova-api"), also those this node does not run. */
  readonly listens: readonly Listen[];
}

export interface Listen {
  readonly service: string;
  /** "0.0.0.0" for all. */
  readonly host: string;
  readonly port: number;
  /** Absent: a default of the release. */
  readonly line?: number;
}

export interface KeystoneFacts extends ServiceLinks {
  readonly memcached: readonly Endpoint[];
  /** "uuid" or "pki". */
  readonly tokenProvider: string;
  /** "sql", "memcache", "kvs". */
  readonly tokenBackend: string;
}

export interface GlanceApiFacts extends ServiceLinks {
  readonly registry: Setting<Endpoint>;
  /** "file", "rbd", "swift", … */
  readonly defaultStore: string;
  readonly filesystemStoreDirectory?: Fact<string>;
}

export type GlanceRegistryFacts = ServiceLinks;

export interface CinderFacts extends ServiceLinks {
  readonly glance: Setting<Endpoint>;
  /** The name under which cinder-volume reports; the same on both nodes of a pair. */
  readonly host?: Fact<string>;
  readonly backends: readonly CinderBackend[];
  readonly reportIntervalMs: Setting<number>;
  readonly serviceDownTimeMs: Setting<number>;
}

export interface CinderBackend {
  /** The section's name, as in `enabled_backends`. */
  readonly name: string;
  readonly line: number;
  readonly driver: string;
  readonly kind: "lvm" | "nfs" | "ceph" | "gluster" | "gpfs" | "local" | "other";
  readonly volumeBackendName?: string;
  readonly volumeGroup?: string;
  readonly iscsiAddress?: string;
  readonly iscsiPort?: number;
  readonly sharesConfig?: string;
  readonly mountPointBase?: string;
  readonly rbdPool?: string;
  readonly cephConf?: string;
}

export interface NeutronFacts extends ServiceLinks {
  readonly corePlugin?: string;
  /** Havana: 5 s until 2013.2.2, 9 s in 2013.2.3, 75 s from 2013.2.4. The default given here is 2013.2.3's. */
  readonly agentDownTimeMs: Setting<number>;
  /** 4 s in Havana. */
  readonly reportIntervalMs: Setting<number>;
  readonly dhcpAgentsPerNetwork: Setting<number>;
  readonly dhcpLeaseMs: Setting<number>;
  readonly rpcResponseTimeoutMs: Setting<number>;
}

/** plugin.ini / ovs_neutron_plugin.ini of the Open vSwitch plugin and agent. */
export interface OvsPluginFacts {
  readonly file: string;
  readonly database?: Fact<DatabaseLink>;
  readonly tenantNetworkType: string;
  /** Physical network → bridge. Without its entry an agent cannot wire that network's VLANs. */
  readonly bridgeMappings: ReadonlyMap<string, { readonly bridge: string; readonly line: number }>;
  /** Physical network and the VLAN tags tenants get; without a range only provider networks are allowed. */
  readonly vlanRanges: readonly {
    readonly physicalNetwork: string;
    readonly first?: number;
    readonly last?: number;
    readonly line: number;
  }[];
  readonly integrationBridge: string;
  readonly pollingIntervalMs: Setting<number>;
}

export interface DhcpAgentFacts {
  readonly file: string;
  /** False unless set: no metadata route, no proxy. */
  readonly enableIsolatedMetadata: Setting<boolean>;
  readonly enableMetadataNetwork: Setting<boolean>;
  readonly useNamespaces: Setting<boolean>;
  /** False unless set; RHEL 6.5's kernel needs True with namespaces. */
  readonly ovsUseVeth: Setting<boolean>;
  readonly interfaceDriver?: Fact<string>;
  readonly dhcpDriver: Setting<string>;
  readonly resyncIntervalMs: Setting<number>;
  readonly dnsmasqConfigFile?: Fact<string>;
  readonly metadataProxySocket: Setting<string>;
}

export interface MetadataAgentFacts {
  readonly file: string;
  /** Where it authenticates: keystone's URL. */
  readonly identity?: Fact<Endpoint>;
  /** Nova's metadata service; 127.0.0.1:8775 unless set. */
  readonly novaMetadata: Setting<Endpoint>;
  /** Compared with nova.conf's `neutronMetadataSecret`. Absent: the empty secret. */
  readonly sharedSecret?: Fact<SecretDigest>;
  readonly metadataProxySocket: Setting<string>;
  /** Worker count and backlog: 0 workers is one process. */
  readonly workers: Setting<number>;
}

export interface L3AgentFacts {
  readonly file: string;
  readonly useNamespaces: Setting<boolean>;
  readonly ovsUseVeth: Setting<boolean>;
  readonly enableMetadataProxy: Setting<boolean>;
  /** 9697 unless set. */
  readonly metadataPort: Setting<number>;
  /** "br-ex" unless set; empty: provider networks are used. */
  readonly externalNetworkBridge: Setting<string>;
  readonly handleInternalOnlyRouters: Setting<boolean>;
  readonly routerId?: Fact<string>;
  readonly interfaceDriver?: Fact<string>;
}

export interface NovaFacts extends ServiceLinks {
  /** ec2, osapi_compute, metadata unless set. */
  readonly enabledApis: Setting<readonly string[]>;
  readonly glance: Setting<Endpoint>;
  readonly neutron?: Fact<Endpoint>;
  /** Keystone, for calls to Neutron. */
  readonly neutronIdentity?: Fact<Endpoint>;
  readonly memcached: readonly Endpoint[];
  readonly reportIntervalMs: Setting<number>;
  readonly serviceDownTimeMs: Setting<number>;
  /** False unless set: nova answers Neutron's proxied requests with 404. */
  readonly serviceNeutronMetadataProxy: Setting<boolean>;
  readonly neutronMetadataSecret?: Fact<SecretDigest>;
  readonly computeDriver?: Fact<string>;
  readonly resumeGuestsOnHostBoot: Setting<boolean>;
  readonly instancesPath: Setting<string>;
  readonly novncproxyBaseUrl?: Fact<string>;
  /** The address the compute node reports. */
  readonly myIp?: Fact<string>;
}

export interface HeatFacts extends ServiceLinks {
  readonly metadataServerUrl?: Fact<Endpoint>;
  readonly waitConditionServerUrl?: Fact<Endpoint>;
}

export interface CeilometerFacts extends ServiceLinks {
  /** Credentials of the agents: keystone's URL. */
  readonly agentIdentity?: Fact<Endpoint>;
}

/** /etc/openstack-dashboard/local_settings: Horizon's. */
export interface HorizonFacts {
  readonly file: string;
  /** Keystone, from OPENSTACK_KEYSTONE_URL and OPENSTACK_HOST. */
  readonly identity?: Fact<Endpoint>;
  /** Where sessions are kept: memcached servers; empty where in signed cookies. */
  readonly memcached: readonly Endpoint[];
}

/** /etc/cinder/nfs_shares, gluster_shares: what a remote file system driver mounts. */
export interface SharesFacts {
  readonly file: string;
  readonly shares: readonly {
    readonly server: string;
    /** Export path, or Gluster volume with a leading slash. */
    readonly path: string;
    readonly options: string;
    readonly line: number;
  }[];
}

/** /etc/ceph/ceph.conf. */
export interface CephFacts {
  readonly file: string;
  readonly fsid?: Fact<string>;
  /** Port 6789 unless written. */
  readonly monitors: readonly Endpoint[];
  readonly monitorsLine?: number;
  readonly poolSize?: Fact<number>;
  readonly poolMinSize?: Fact<number>;
}
